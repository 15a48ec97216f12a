"""What a project changes in JobSets that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.kubernetes.images import image_name
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.unit import Unit
from jobsetgen.plain import mapping, objects, string
from jobsetgen.project.codes import NO_TARGET, UNUSED_IMAGE
from jobsetgen.project.layer import Layer
from jobsetgen.project.override_findings import missing_target, unused_image
from jobsetgen.rules.common.names import Referable, is_meant, valid


def unmatched(layers: Sequence[Layer], units: Sequence[Unit]) -> Iterator[Diagnostic]:
    """Yield the entries of `replicas` and `images` that change nothing in the input."""
    jobsets = [unit.jobset for unit in units if unit.jobset]
    for layer in layers:
        for finding in _missing_targets(layer, jobsets):
            yield layer.document.diagnostic(NO_TARGET, finding)
        for finding in _unused_images(layer, units):
            found = layer.document.diagnostic(UNUSED_IMAGE, finding)
            yield replace(found, severity="error") if layer.must_match else found


def _missing_targets(layer: Layer, jobsets: Sequence[JobSet]) -> Iterator[Finding]:
    for index, entry in objects(layer.data, "replicas"):
        namesakes = [jobset for jobset in jobsets if is_meant(entry["jobSet"], jobset.name)]
        known = Referable(each for jobset in namesakes for each in jobset.replicated_jobs)
        path: Path = ("replicas", index)
        if not namesakes:
            yield missing_target(
                path, entry, "jobSet", {valid(each.name) for each in jobsets if each.name}
            )
        elif not known.has(entry["replicatedJob"]):
            yield missing_target(path, entry, "replicatedJob", known.valid)


def _unused_images(layer: Layer, units: Sequence[Unit]) -> Iterator[Finding]:
    entries = list(objects(layer.data, "images"))
    expanded = [unit for unit in units if unit.jobset and entries]
    used = {
        image_name(string(container, "image"))
        for unit in expanded
        for container in _containers(unit)
    }
    for index, entry in entries:
        if entry["name"] not in used:
            yield unused_image(("images", index), entry, used)


def _containers(unit: Unit) -> Iterator[Mapping[str, Any]]:
    """Yield the containers of a JobSet as they are written, before any override."""
    for _, each in objects(mapping(unit.data, "spec"), "replicatedJobs"):
        job = mapping(mapping(each, "template"), "spec")
        pod = mapping(mapping(job, "template"), "spec")
        for field in ("initContainers", "containers"):
            for _, container in objects(pod, field):
                yield container
