"""Apply the `replicas` and `images` of a base to its own JobSets.

Those of the project that is compiled are applied to the model of a JobSet (`model.overrides`). A
base is finished before its overlay changes it: its overrides concern its own JobSets alone, and a
patch of the overlay wins over them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.kubernetes.images import image_name
from jobsetgen.kubernetes.pods import CONTAINER_FIELDS
from jobsetgen.options.images import overridden_image
from jobsetgen.options.table import Settings
from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.editing import EACH, edited, values_at, with_field
from jobsetgen.plain import objects
from jobsetgen.project.codes import NO_TARGET, UNUSED_IMAGE
from jobsetgen.project.images import invalid_images
from jobsetgen.project.jobsets import is_jobset
from jobsetgen.project.layer import Layer
from jobsetgen.project.override_findings import missing_target, unused_image
from jobsetgen.project.replicas import repeated_replicas
from jobsetgen.source.documents import Document, Node

_REPLICATED_JOBS: Path = ("spec", "replicatedJobs", EACH)
_POD: Path = (*_REPLICATED_JOBS, "template", "spec", "template", "spec")
_IMAGES: tuple[Path, ...] = tuple((*_POD, field, EACH, "image") for field in CONTAINER_FIELDS)


def overridden(documents: Sequence[Document], layer: Layer) -> Changed:
    """Return documents with the replicas and images of a layer.

    A number or an image that is overridden keeps its place. The diagnostics are the entries that
    change nothing, are repeated or invalid; with an invalid image, nothing is changed.
    """
    if "replicas" not in layer.data and "images" not in layer.data:
        return Changed(tuple(documents))
    settings = layer.settings()
    jobsets = [each.root for each in documents if is_jobset(each.data)]
    useless = (*_unmatched(layer, jobsets), *repeated_replicas(layer))
    invalid = invalid_images(layer)
    if invalid:
        return Changed(tuple(documents), (*invalid, *useless))
    change = partial(with_overrides, settings=settings)
    changed = (
        each.changed(change, layer.document.root) if is_jobset(each.data) else each
        for each in documents
    )
    return Changed(tuple(changed), useless)


def _unmatched(layer: Layer, jobsets: Sequence[Node]) -> Iterator[Diagnostic]:
    known: dict[str, set[str]] = {}
    for jobset in jobsets:
        names = (_text_at(each, "name") for each in values_at(jobset, _REPLICATED_JOBS))
        known.setdefault(_name(jobset), set()).update(names)
    for index, entry in objects(layer.data, "replicas"):
        finding = _missing(("replicas", index), entry, known)
        if finding:
            yield layer.document.diagnostic(NO_TARGET, finding)

    images = (value.data for jobset in jobsets for value in _image_values(jobset))
    used = {image_name(image) for image in images if isinstance(image, str)}
    for index, entry in objects(layer.data, "images"):
        if entry["name"] not in used:
            finding = unused_image(("images", index), entry, used)
            yield layer.document.diagnostic(UNUSED_IMAGE, finding)


def _missing(path: Path, entry: Mapping[str, Any], known: Mapping[str, set[str]]) -> Finding | None:
    replicated_jobs = known.get(entry["jobSet"])
    if replicated_jobs is None:
        return missing_target(path, entry, "jobSet", known)
    if entry["replicatedJob"] not in replicated_jobs:
        return missing_target(path, entry, "replicatedJob", replicated_jobs)
    return None


def with_overrides(jobset: Node, settings: Settings) -> Node:
    """Return a JobSet with the replicas and the images of settings."""
    name = _name(jobset)

    def with_replicas(replicated_job: Node) -> Node:
        number = settings.replicas.get((name, _text_at(replicated_job, "name")))
        if number is None:
            return replicated_job
        old = replicated_job.child("replicas") or replicated_job
        return with_field(replicated_job, "replicas", Node(number, old.place))

    def with_image(image: Node) -> Node:
        if not isinstance(image.data, str):
            return image
        return Node(overridden_image(image.data, settings.images), image.place)

    jobset = edited(jobset, _REPLICATED_JOBS, with_replicas)
    for path in _IMAGES:
        jobset = edited(jobset, path, with_image)
    return jobset


def _image_values(jobset: Node) -> Iterator[Node]:
    for path in _IMAGES:
        yield from values_at(jobset, path)


def _name(jobset: Node) -> str:
    return next((_text_at(each, "name") for each in values_at(jobset, ("metadata",))), "")


def _text_at(node: Node, field: str) -> str:
    child = node.child(field)
    return child.data if child and isinstance(child.data, str) else ""
