"""Keys under JobSet's prefixes and ours: misspelt ones, and ones that have no effect where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.plain import mapping, objects, string, strings
from jobsetgen.rules.common.fields import keys_read
from jobsetgen.words import EDITS, is_within, nearest

_Keys = frozenset[str]


# The parts of a pod that select nodes, and other pods.
_SELECTING = ("affinity", "topologySpreadConstraints")


_UNKNOWN = "unknown {what} '{key}'"


_NO_POD = "no pod of this JobSet has the {what} '{key}'"


class _Use(NamedTuple):
    """A key that somebody wrote: its place, what it is the key of, which keys have an effect there, what to say."""

    path: Path
    what: str
    key: str
    effective: _Keys
    fact: str
    hint: str = ""
    on_key: bool = True

    @property
    def is_lost(self) -> bool:
        """Whether a key of JobSet's space has no effect. A malformed one is told of elsewhere."""
        return (
            self.key not in self.effective
            and keys.is_in_space(self.key)
            and not bad_label_key(self.key.lower())
        )

    @property
    def is_misspelt(self) -> bool:
        """Whether another key was clearly meant. With a distant prefix and another name it may be somebody else's."""
        meant = _meant(self.key, self.effective)
        shares_a_part = bool({*keys.split(self.key)} & {*keys.split(meant)})
        return shares_a_part or is_within(self.key, meant, EDITS)

    @property
    def finding(self) -> Finding:
        """What there is to say about it."""
        meant = _meant(self.key, self.effective)
        hint = f"Did you mean '{meant}'?" if meant else self.hint
        message = self.fact.format(what=self.what, key=self.key)
        return Finding(path=self.path, message=message, hint=hint, on_key=self.on_key)


@lru_cache(maxsize=64)  # asked for each key several times in a row
def _meant(key: str, effective: _Keys) -> str:
    """Return the key that has an effect and whose name is within two edits of this one's, or nothing."""
    prefix, name = keys.split(key)
    # Nobody comes upon one of ours by another prefix.
    known = [each for each in effective if not keys.is_ours(each) or keys.split(each)[0] == prefix]
    by_name = {keys.split(each)[1]: each for each in known}
    return by_name.get(nearest(name, by_name), "")


def selects_by_misspelt_key(service: Unit) -> bool:
    """Whether a Service selects pods by a misspelt key, which is why it does not select those of a set."""
    return any(use.is_lost and use.is_misspelt for use in _of_service(service))


def lost(units: Iterable[Unit]) -> Iterator[tuple[Unit, _Use]]:
    yield from ((unit, use) for unit in units for use in _uses(unit) if use.is_lost)


def _uses(unit: Unit) -> Iterator[_Use]:
    if unit.jobset:
        yield from _of_jobset(unit.jobset)
    elif (unit.api_version, unit.kind) == ("v1", "Service"):
        yield from _of_service(unit)


def _of_service(unit: Unit) -> Iterator[_Use]:
    for key in mapping(mapping(unit.data, "spec"), "selector"):
        fact = "no pod of a JobSet has the {what} '{key}'"
        yield _Use(("spec", "selector", key), "label", key, keys.POD_LABELS, fact)


def _of_jobset(jobset: JobSet) -> Iterator[_Use]:
    for use in _written(jobset.labels, jobset.annotations, ("metadata",)):
        hint = (
            use.hint
            or "Move it to a Job template or a pod template if another program reads it there."
        )
        yield use._replace(hint=hint)
    for claim in jobset.claims:
        # Whoever makes volumes for a set may give them the labels of its pods.
        for path, key in _selected(
            mapping(claim.spec, "selector"), (*claim.path, "spec", "selector")
        ):
            yield _Use(path, "label", key, keys.POD_LABELS, _UNKNOWN, on_key=path[-1] == key)
    selectable = _kept(key for each in jobset.replicated_jobs for key in each.template.pod_labels)
    for each in jobset.replicated_jobs:
        yield from _of_template(jobset, each.template, selectable)


def _of_template(jobset: JobSet, job: JobTemplate, selectable: _Keys) -> Iterator[_Use]:
    """Yield the keys in a Job template; `selectable` are labels of their own that pods of the set have."""
    read = [*_read(jobset, job), *_selectors(jobset, job, selectable)]
    yield from _written(job.labels, job.annotations, (*job.path, "metadata"))
    pod_path = (*job.spec_path, "template", "metadata")
    its_own = {(use.what, use.key) for use in read}
    for use in _written(job.pod_labels, job.pod_annotations, pod_path, keys.WRITTEN_POD_LABELS):
        if (use.what, use.key) not in its_own:
            yield use
    yield from read
    for key in mapping(job.pod, "nodeSelector"):
        yield _Use(
            (*job.pod_path, "nodeSelector", key), "node label", key, keys.NODE_LABELS, _UNKNOWN
        )
    for field in _SELECTING:
        for path, key in _node_labels(job.pod.get(field), (*job.pod_path, field)):
            yield _Use(path, "node label", key, keys.NODE_LABELS, _UNKNOWN, on_key=path[-1] == key)


def _written(
    labels: Mapping[str, Any],
    annotations: Mapping[str, Any],
    path: Path,
    effective: _Keys = frozenset(),
) -> Iterator[_Use]:
    """Yield the keys of an object's metadata; `effective` are the labels that have an effect there.

    What the expansion writes itself is not among them: a copy of a live object has it, and it does no harm.
    """
    for key in (each for each in labels if each not in keys.POD_LABELS):
        hint = "Write it as an annotation." if key in keys.WRITTEN_ANNOTATIONS else ""
        yield _Use((*path, "labels", key), "label", key, effective, _UNKNOWN, hint)
    for key in (each for each in annotations if each not in keys.POD_ANNOTATIONS):
        yield _Use(
            (*path, "annotations", key), "annotation", key, keys.WRITTEN_ANNOTATIONS, _UNKNOWN
        )


def _read(jobset: JobSet, job: JobTemplate) -> Iterator[_Use]:
    """Yield the keys that containers read of their own pod."""
    effective = {
        "label": _on_pods(jobset, keys.POD_LABELS) | _kept(job.pod_labels),
        "annotation": _on_pods(jobset, keys.POD_ANNOTATIONS) | _kept(job.pod_annotations),
    }
    for path, what, key in keys_read(job):
        yield _Use(path, what, key, effective[what], _NO_POD, _coordinator(key), on_key=False)


def _selectors(jobset: JobSet, job: JobTemplate, selectable: _Keys) -> Iterator[_Use]:
    """Yield the keys by which a pod's affinity and its spread constraints select pods."""
    effective = _on_pods(jobset, keys.POD_LABELS) | selectable
    for field in _SELECTING:
        for path, key in _label_selectors(job.pod.get(field), (*job.pod_path, field)):
            yield _Use(
                path, "label", key, effective, _NO_POD, _coordinator(key), on_key=path[-1] == key
            )


def _on_pods(jobset: JobSet, known: _Keys) -> _Keys:
    return known if jobset.coordinator else known - {keys.COORDINATOR}


def _coordinator(key: str) -> str:
    return "Set spec.coordinator." if key == keys.COORDINATOR else ""


def _kept(own: Iterable[str]) -> _Keys:
    """Return those of a template's own keys that are in JobSet's space and that the expansion does not take off."""
    return frozenset(key for key in own if keys.is_in_space(key)) - keys.IDENTITY


def _label_selectors(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the keys of pod labels in a part of a pod, each with its place."""
    if isinstance(value, Mapping):
        for field, inner in value.items():
            if field == "labelSelector" and isinstance(inner, Mapping):
                yield from _selected(inner, (*path, field))
            elif field in ("matchLabelKeys", "mismatchLabelKeys"):
                yield from (
                    ((*path, field, index), key) for index, key in enumerate(strings(value, field))
                )
            else:
                yield from _label_selectors(inner, (*path, field))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _label_selectors(inner, (*path, index))


def _selected(selector: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    yield from (((*path, "matchLabels", key), key) for key in mapping(selector, "matchLabels"))
    for index, expression in objects(selector, "matchExpressions"):
        yield (*path, "matchExpressions", index, "key"), string(expression, "key")


def _node_labels(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the keys of node labels in a part of a pod, each with its place."""
    if isinstance(value, Mapping):
        if "topologyKey" in value:
            yield (*path, "topologyKey"), string(value, "topologyKey")
        yield from _selected(value, path)
        for field, inner in value.items():
            if field not in ("labelSelector", "namespaceSelector"):
                yield from _node_labels(inner, (*path, field))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _node_labels(inner, (*path, index))
