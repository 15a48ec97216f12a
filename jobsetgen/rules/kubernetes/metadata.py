"""Labels, annotations and selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate
from jobsetgen.naming import bad_label_key, bad_label_value
from jobsetgen.plain import mapping
from jobsetgen.rules.rule import job_rule, jobset_rule

_MAX_ANNOTATIONS = 256 * 1024


def _labels(labels: Mapping[str, Any], path: Path, what: str = "label") -> Iterator[Finding]:
    for key, value in labels.items():
        if reason := bad_label_key(key):
            yield Finding(path=(*path, key), message=f"'{key}' cannot be the key of a {what}: {reason}", on_key=True)
        if isinstance(value, str) and (reason := bad_label_value(value)):
            yield Finding(path=(*path, key), message=f"'{value}' cannot be the value of a {what}: {reason}")


def _annotations(annotations: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for key in annotations:
        if reason := bad_label_key(key.lower()):
            message = f"'{key}' cannot be the key of an annotation: {reason}"
            yield Finding(path=(*path, key), message=message, on_key=True)
    size = sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items() if isinstance(value, str))
    if size > _MAX_ANNOTATIONS:
        message = f"the annotations have {size:,} bytes; at most {_MAX_ANNOTATIONS:,} are allowed"
        yield Finding(path=path, message=message)


@jobset_rule("JSG305", "jobset-metadata")
def jobset_metadata(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A label or an annotation of the JobSet, or of one of its claim templates, is malformed.

    Bad::

        metadata: {labels: {team: "Research & Development"}}

    Good::

        metadata: {labels: {team: research}}
    """
    yield from _labels(jobset.labels, ("metadata", "labels"))
    yield from _annotations(jobset.annotations, ("metadata", "annotations"))
    for claim in jobset.claims:
        yield from _labels(mapping(claim.metadata, "labels"), (*claim.path, "metadata", "labels"))
        yield from _annotations(mapping(claim.metadata, "annotations"), (*claim.path, "metadata", "annotations"))


@job_rule("JSG306", "label")
def label(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A label, a node selector, or the labels of a selector are malformed.

    A key is an optional DNS name and a slash, and a name of at most 63 characters; a value has at most 63.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026/11"}}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {run: "2026-11"}}}}}
    """
    template = (*job.spec_path, "template")
    yield from _labels(_own(job, job.labels), (*job.path, "metadata", "labels"))
    yield from _labels(_own(job, job.pod_labels), (*template, "metadata", "labels"))
    yield from _labels(mapping(job.pod, "nodeSelector"), (*job.pod_path, "nodeSelector"), "node selector")
    for field in ("affinity", "topologySpreadConstraints"):
        for path, selected in _match_labels(job.pod.get(field), (*job.pod_path, field)):
            yield from _labels(selected, path)


def _own(job: JobTemplate, labels: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the labels that reach the object: in a JobSet the expansion's own take the place of what is written."""
    return {key: value for key, value in labels.items() if not job.path or key not in keys.IDENTITY}


def _match_labels(value: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("matchLabels"), Mapping):
            yield (*path, "matchLabels"), value["matchLabels"]
        for key, inner in value.items():
            yield from _match_labels(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _match_labels(inner, (*path, index))


@job_rule("JSG307", "annotation")
def annotation(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The key of an annotation is malformed, or the annotations have more than 256 KiB.

    Bad::

        spec:
          replicatedJobs:
          - template: {metadata: {annotations: {"run id": "7"}}}

    Good::

        spec:
          replicatedJobs:
          - template: {metadata: {annotations: {run-id: "7"}}}
    """
    yield from _annotations(job.annotations, (*job.path, "metadata", "annotations"))
    yield from _annotations(job.pod_annotations, (*job.spec_path, "template", "metadata", "annotations"))


RULES = (jobset_metadata, label, annotation)
