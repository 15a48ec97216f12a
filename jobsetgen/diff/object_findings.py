"""Find what changes in the objects of a set other than its Jobs, and in those that pass through."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from jobsetgen.diff import rows_of_objects as rows
from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.findings import Finding, by_trigger
from jobsetgen.diff.pairing import Likeness, Pair, leaves, paired
from jobsetgen.diff.renaming import renamed
from jobsetgen.diff.sides import TrainingSet
from jobsetgen.expand.objects import Object
from jobsetgen.kubernetes.jobset_updates import is_refused
from jobsetgen.kubernetes.quantities import thousandths
from jobsetgen.kubernetes.updates import changes_in_place, is_immutable
from jobsetgen.model import keys
from jobsetgen.naming import script_name, watcher_name
from jobsetgen.plain import mapping, string

_Removal = Callable[[Object], str]
_Change = Callable[[Object, Object, FieldChange], str]
_ATTRIBUTES_CLASS = ("spec", "volumeAttributesClassName")
_STORAGE = ("spec", "resources", "requests", "storage")
_CLAIM = "PersistentVolumeClaim"
_JOBSET = ("jobset.x-k8s.io", "JobSet")
# Deleting one of these deletes volumes.
_HOLDS_DATA = frozenset(
    [
        _CLAIM,
        "PersistentVolume",
        "Namespace",
        "StatefulSet",
        "VolumeSnapshot",
        "VolumeSnapshotContent",
    ]
)


def object_findings(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    """Yield what changes in the claims, the Service and the watcher's objects of a set."""
    before = [
        renamed(item, old.generation, new.generation)
        for item in old.others
        if not _is_of_watcher(item, old, new)
    ]
    after = [item for item in new.others if not _is_of_watcher(item, new, old)]
    yield from _watcher(old, new)
    for pair in paired(before, after, OBJECTS):
        yield from _of_pair(pair, lambda item: _trigger_of_removal(item, old.profile), _trigger)


def foreign_findings(
    old: Sequence[Object], new: Sequence[Object], profile: str
) -> Iterator[Finding]:
    """Yield what changes in the objects that pass through, under a profile."""
    for pair in paired(old, new, OBJECTS):
        yield from _of_pair(
            pair, lambda item: _trigger_of_foreign_removal(item, profile), _trigger_of_foreign
        )


def claims_of(state: TrainingSet) -> list[str]:
    """Return the names of a set's claims that are deleted with it."""
    claims = (item for item in state.others if string(item, "kind") == _CLAIM)
    return [_name(item) for item in claims if not _is_retained(item, state.profile)]


def retained_claims(state: TrainingSet) -> Iterator[Finding]:
    """Yield the claims that a set which is removed leaves behind."""
    for item in state.others:
        if string(item, "kind") == _CLAIM and _is_retained(item, state.profile):
            yield _finding(rows.CLAIM_RELEASED, item, "remove")


def _name(item: Object) -> str:
    return string(mapping(item, "metadata"), "name")


def key_of(item: Object) -> tuple[str, str, str, str]:
    """Return the group, the kind, the namespace and the name of an object."""
    metadata = mapping(item, "metadata")
    group = string(item, "apiVersion").rpartition("/")[0]
    return group, string(item, "kind"), string(metadata, "namespace"), string(metadata, "name")


def _leaves(item: Object) -> frozenset[Hashable]:
    name = _name(item)
    content = {key: value for key, value in item.items() if key != "metadata"}
    labels = mapping(mapping(item, "metadata"), "labels")
    return frozenset(leaves(renamed({**content, "labels": dict(labels)}, name, "")))


OBJECTS: Likeness[Object] = Likeness(
    key=key_of,
    kind=lambda item: key_of(item)[:2],
    leaves=lambda item: _leaves(item),
)
"""How objects are paired: by group, kind, namespace and name."""


# --- The watcher -----------------------------------------------------------------------------------
def _is_of_watcher(item: Object, state: TrainingSet, other: TrainingSet) -> bool:
    """Whether an object is the watcher's Job or, where its name changes, its program.

    A new program has a new name; the watcher's Job, which has the digest, tells of it.
    """
    kind, name = string(item, "kind"), _name(item)
    if kind == "Job":
        return name == watcher_name(state.name)
    is_program = kind == "ConfigMap" and name.startswith(script_name(state.name, ""))
    return is_program and any(
        _name(each).startswith(script_name(other.name, "")) and _name(each) != name
        for each in other.others
    )


def _watcher(old: TrainingSet, new: TrainingSet) -> Iterator[Finding]:
    before, after = _watchers_job(old), _watchers_job(new)
    name = watcher_name(new.name)
    if before is None and after is not None:
        yield Finding(trigger=rows.ADDED, kind="Job", name=name, operation="add")
    elif after is None and before is not None:
        yield Finding(trigger=rows.REMOVED, kind="Job", name=name, operation="remove")
    elif before is not None and after is not None:
        if not _is_refused_anyway(new):
            before = renamed(before, old.generation, new.generation)
        yield from _of_watchers_job(name, field_changes(before, after))


def _is_refused_anyway(new: TrainingSet) -> bool:
    """Whether a new generation alone makes kubectl refuse the watcher's Job, but nothing else."""
    has_jobs_in_git = new.mode == "git" and new.jobs > 0
    return new.profile == "none" and not has_jobs_in_git


def _watchers_job(state: TrainingSet) -> Object | None:
    name = watcher_name(state.name)
    jobs = (item for item in state.others if string(item, "kind") == "Job")
    return next((item for item in jobs if _name(item) == name), None)


def _of_watchers_job(name: str, fields: Iterable[FieldChange]) -> Iterator[Finding]:
    changes = list(fields)
    outside = [change for change in changes if change.path[0] == "metadata"]
    inside = [change for change in changes if change.path[0] != "metadata"]
    if inside:
        trigger = rows.WATCHER_CHANGED
        yield Finding(trigger=trigger, kind="Job", name=name, fields=_without_digests(inside))
    if outside:
        yield Finding(trigger=rows.METADATA, kind="Job", name=name, fields=tuple(outside))


def _without_digests(fields: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """Return the changes of the watcher's Job; one for its program, which has its digest twice."""
    if not any(keys.SCRIPT in change.path for change in fields):
        return tuple(fields)
    return tuple(change for change in fields if "volumes" not in change.path)


# --- Other objects ---------------------------------------------------------------------------------
def _of_pair(pair: Pair[Object], removal: _Removal, change: _Change) -> Iterator[Finding]:
    """Yield what happens to an object; one that is renamed is removed and added."""
    old, new = pair.old, pair.new
    if old is not None and new is not None and not pair.is_renamed:
        yield from _of_changed(old, new, change)
        return
    if old is not None:
        yield _finding(removal(old), old, "remove")
    if new is not None:
        yield _finding(rows.ADDED, new, "add")


def _of_changed(old: Object, new: Object, trigger: _Change) -> Iterator[Finding]:
    found = by_trigger(field_changes(old, new), lambda change: trigger(old, new, change))
    for name, fields in found.items():
        yield _finding(name, new, "replace", fields)


def _finding(
    trigger: str, item: Object, operation: Any, fields: Iterable[FieldChange] = ()
) -> Finding:
    return Finding(
        trigger=trigger,
        kind=string(item, "kind"),
        name=_name(item),
        operation=operation,
        fields=tuple(fields),
    )


def _trigger_of_removal(item: Object, profile: str) -> str:
    if string(item, "kind") != _CLAIM:
        return rows.REMOVED
    return rows.CLAIM_RELEASED if _is_retained(item, profile) else rows.CLAIM_REMOVED


def _trigger_of_foreign_removal(item: Object, profile: str) -> str:
    loses_data = string(item, "kind") in _HOLDS_DATA and not _is_retained(item, profile)
    return rows.FOREIGN_CLAIM_REMOVED if loses_data else rows.FOREIGN_REMOVED


def _is_retained(item: Object, profile: str) -> bool:
    """Whether the annotations of an object keep the tools of a profile from pruning it.

    Without a tool, they have no effect: nothing is pruned.
    """
    if profile == "none":
        return False
    annotations = mapping(mapping(item, "metadata"), "annotations")
    options = str(annotations.get(keys.ARGOCD_SYNC_OPTIONS, ""))
    by_argocd = "Prune=false" in options.replace(" ", "").split(",")
    by_flux = annotations.get(keys.FLUX_PRUNE) == "disabled"
    if profile == "argocd":
        return by_argocd
    return by_flux if profile == "flux" else by_argocd and by_flux


def _trigger(item: Object, after: Object, change: FieldChange) -> str:
    """Return the trigger of a changed field of an object that stays, of which `after` is the new state."""
    kind, path = string(item, "kind"), change.path
    if path[0] == "metadata":
        return rows.METADATA
    if kind == _CLAIM and path != _ATTRIBUTES_CLASS and not _is_growth(change):
        return rows.CLAIM_IMMUTABLE
    if item.get("immutable") is True:
        return rows.DATA_IMMUTABLE
    if kind == "Service" and path[:2] in (("spec", "clusterIP"), ("spec", "clusterIPs")):
        return rows.SERVICE_IMMUTABLE
    if kind in ("RoleBinding", "ClusterRoleBinding") and path[0] == "roleRef":
        return rows.BINDING_IMMUTABLE
    is_job = kind == "Job" and string(item, "apiVersion").startswith("batch/")
    if is_immutable(key_of(item)[0], kind, path) or _is_refused_jobset(item, after, change):
        return rows.FOREIGN_IMMUTABLE
    if is_job and not (len(path) > 1 and path[0] == "spec" and changes_in_place(str(path[1]))):
        return rows.FOREIGN_JOB
    return rows.CHANGED


def _is_refused_jobset(item: Object, after: Object, change: FieldChange) -> bool:
    """Whether a change is one of a JobSet that JobSet's API refuses."""
    if key_of(item)[:2] != _JOBSET:
        return False
    value = change.new if change.operation == "add" else change.old
    return is_refused(change.path, value, item, after)


def _trigger_of_foreign(item: Object, after: Object, change: FieldChange) -> str:
    """Return the trigger of a changed field of an object that passes through."""
    trigger = _trigger(item, after, change)
    return rows.FOREIGN if trigger in (rows.CHANGED, rows.METADATA) else trigger


def _is_growth(change: FieldChange) -> bool:
    """Whether a change of a claim is a larger storage request, the only one that is possible."""
    if change.path != _STORAGE or change.operation != "replace":
        return False
    old, new = thousandths(change.old), thousandths(change.new)
    return old is not None and new is not None and new > old
