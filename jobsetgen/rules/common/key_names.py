"""Keys under JobSet's prefixes and ours: misspelt ones, and ones without effect where they are."""

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


class Use(NamedTuple):
    """A key that somebody wrote, at a place.

    `what` is what it is the key of, such as `label`, and `effective` holds the keys that have an
    effect there. `fact` and `hint` are what to say where it has none.
    """

    path: Path
    what: str
    key: str
    effective: _Keys
    fact: str
    hint: str = ""
    on_key: bool = True

    @property
    def is_lost(self) -> bool:
        """Whether a key of JobSet's space has no effect. JSG305 reports a malformed one."""
        if self.key in self.effective or not keys.is_in_space(self.key):
            return False
        return not bad_label_key(self.key.lower())

    @property
    def is_misspelt(self) -> bool:
        """Whether another key was clearly meant.

        With a distant prefix and another name it may be another program's.
        """
        meant = _meant(self.key, self.effective)
        shares_a_part = bool({*keys.split(self.key)} & {*keys.split(meant)})
        return shares_a_part or is_within(self.key, meant, EDITS)

    @property
    def finding(self) -> Finding:
        """The finding that it has no effect."""
        hint = self.hint
        if meant := _meant(self.key, self.effective):
            hint = f"Did you mean '{meant}'?"
        message = self.fact.format(what=self.what, key=self.key)
        return Finding(path=self.path, message=message, hint=hint, on_key=self.on_key)


@lru_cache(maxsize=64)  # asked for each key several times in a row
def _meant(key: str, effective: _Keys) -> str:
    """Return the effective key whose name is within two edits of this one's, or nothing."""
    prefix, name = keys.split(key)
    by_name: dict[str, str] = {}
    for each in effective:
        its_prefix, its_name = keys.split(each)
        # Nobody comes upon one of ours by another prefix.
        if not keys.is_ours(each) or its_prefix == prefix:
            by_name[its_name] = each
    return by_name.get(nearest(name, by_name), "")


def selects_by_misspelt_key(service: Unit) -> bool:
    """Whether a Service selects pods by a misspelt key, so that it cannot select those of a set."""
    return any(use.is_lost and use.is_misspelt for use in _of_service(service))


def lost(units: Iterable[Unit]) -> Iterator[tuple[Unit, Use]]:
    """Yield the keys of JobSet's space that have no effect where they are, each with its unit."""
    yield from ((unit, use) for unit in units for use in _uses(unit) if use.is_lost)


def _uses(unit: Unit) -> Iterator[Use]:
    if unit.jobset:
        yield from _of_jobset(unit.jobset)
    elif (unit.api_version, unit.kind) == ("v1", "Service"):
        yield from _of_service(unit)


def _of_service(unit: Unit) -> Iterator[Use]:
    for key in mapping(mapping(unit.data, "spec"), "selector"):
        fact = "no pod of a JobSet has the {what} '{key}'"
        yield Use(("spec", "selector", key), "label", key, keys.POD_LABELS, fact)


def _of_jobset(jobset: JobSet) -> Iterator[Use]:
    move = "Move it to a Job template or a pod template if another program reads it there."
    # Annotations with our prefix are options, which are checked where they are read.
    others = {key: text for key, text in jobset.annotations.items() if not keys.is_ours(key)}
    for use in _written(jobset.labels, others, ("metadata",)):
        yield use._replace(hint=use.hint or move)

    yield from _of_claims(jobset)

    selectable = _kept(key for each in jobset.replicated_jobs for key in each.template.pod_labels)
    for each in jobset.replicated_jobs:
        yield from _of_template(jobset, each.template, selectable)


def _of_claims(jobset: JobSet) -> Iterator[Use]:
    """Yield the keys by which claim templates select volumes."""
    for claim in jobset.claims:
        # Whoever makes volumes for a set may give them the labels of its pods.
        selector = mapping(claim.spec, "selector")
        for path, key in _selected(selector, (*claim.path, "spec", "selector")):
            yield Use(path, "label", key, keys.POD_LABELS, _UNKNOWN, on_key=path[-1] == key)


def _of_template(jobset: JobSet, job: JobTemplate, selectable: _Keys) -> Iterator[Use]:
    """Yield the keys in a Job template.

    `selectable` holds the labels of their own that pods of the set have.
    """
    yield from _written(job.labels, job.annotations, (*job.path, "metadata"))

    read = [*_read(jobset, job), *_selectors(jobset, job, selectable)]
    its_own = {(use.what, use.key) for use in read}
    pod_path = (*job.spec_path, "template", "metadata")
    for use in _written(job.pod_labels, job.pod_annotations, pod_path, keys.WRITTEN_POD_LABELS):
        if (use.what, use.key) not in its_own:
            yield use

    yield from read
    yield from _nodes(job)


def _nodes(job: JobTemplate) -> Iterator[Use]:
    """Yield the keys by which a pod selects nodes."""
    for key in mapping(job.pod, "nodeSelector"):
        path = (*job.pod_path, "nodeSelector", key)
        yield Use(path, "node label", key, keys.NODE_LABELS, _UNKNOWN)

    for field in _SELECTING:
        for path, key in _node_labels(job.pod.get(field), (*job.pod_path, field)):
            yield Use(path, "node label", key, keys.NODE_LABELS, _UNKNOWN, on_key=path[-1] == key)


def _written(
    labels: Mapping[str, Any],
    annotations: Mapping[str, Any],
    path: Path,
    effective: _Keys = frozenset(),
) -> Iterator[Use]:
    """Yield the keys of an object's metadata; `effective` are the labels that have an effect there.

    What the expansion writes itself is not among them: a copy of a live object has it, and it does
    no harm.
    """
    for key in labels:
        if key not in keys.POD_LABELS:
            hint = "Set it as an annotation." if key in keys.WRITTEN_ANNOTATIONS else ""
            yield Use((*path, "labels", key), "label", key, effective, _UNKNOWN, hint)

    for key in annotations:
        if key not in keys.POD_ANNOTATIONS:
            place = (*path, "annotations", key)
            yield Use(place, "annotation", key, keys.WRITTEN_ANNOTATIONS, _UNKNOWN)


def _read(jobset: JobSet, job: JobTemplate) -> Iterator[Use]:
    """Yield the keys that containers read of their own pod."""
    effective = {
        "label": _on_pods(jobset, keys.POD_LABELS) | _kept(job.pod_labels),
        "annotation": _on_pods(jobset, keys.POD_ANNOTATIONS) | _kept(job.pod_annotations),
    }
    for path, what, key in keys_read(job):
        yield Use(path, what, key, effective[what], _NO_POD, _coordinator(key), on_key=False)


def _selectors(jobset: JobSet, job: JobTemplate, selectable: _Keys) -> Iterator[Use]:
    """Yield the keys by which a pod's affinity and its spread constraints select pods."""
    effective = _on_pods(jobset, keys.POD_LABELS) | selectable
    for field in _SELECTING:
        for path, key in _label_selectors(job.pod.get(field), (*job.pod_path, field)):
            yield Use(
                path, "label", key, effective, _NO_POD, _coordinator(key), on_key=path[-1] == key
            )


def _on_pods(jobset: JobSet, known: _Keys) -> _Keys:
    """Return which of the known keys the pods of a set have."""
    return known if jobset.coordinator else known - {keys.COORDINATOR}


def _coordinator(key: str) -> str:
    """Return the hint about a key that pods have only with a coordinator."""
    return "Set spec.coordinator." if key == keys.COORDINATOR else ""


def _kept(own: Iterable[str]) -> _Keys:
    """Return which of a template's own keys in JobSet's space the expansion does not remove."""
    return frozenset(key for key in own if keys.is_in_space(key)) - keys.IDENTITY


def _label_selectors(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the keys of pod labels in a part of a pod, each with its place."""
    for field, inner in _parts(value):
        if field == "labelSelector" and isinstance(inner, Mapping):
            yield from _selected(inner, (*path, field))
        elif field in ("matchLabelKeys", "mismatchLabelKeys"):
            for index, key in enumerate(strings(value, str(field))):
                yield (*path, field, index), key
        else:
            yield from _label_selectors(inner, (*path, field))


def _selected(selector: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the keys in a label selector, each with its place."""
    yield from (((*path, "matchLabels", key), key) for key in mapping(selector, "matchLabels"))
    for index, expression in objects(selector, "matchExpressions"):
        yield (*path, "matchExpressions", index, "key"), string(expression, "key")


def _node_labels(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the keys of node labels in a part of a pod, each with its place."""
    if isinstance(value, Mapping):
        if "topologyKey" in value:
            yield (*path, "topologyKey"), string(value, "topologyKey")
        yield from _selected(value, path)

    for field, inner in _parts(value):
        if field not in ("labelSelector", "namespaceSelector"):
            yield from _node_labels(inner, (*path, field))


def _parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    """Return the fields of a mapping or the items of a list, each after its name or its index."""
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, list):
        return enumerate(value)
    return ()
