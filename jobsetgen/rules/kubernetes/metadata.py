"""Labels, annotations and selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import annotation_problems, label_problems
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.rule import findings, job_rule, jobset_rule


@jobset_rule("JSG305", "jobset-metadata")
def jobset_metadata(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A label or an annotation of the JobSet, or of one of its claim templates, is malformed.

    Bad::

        metadata: {labels: {team: "Research & Development"}}

    Good::

        metadata: {labels: {team: research}}
    """
    yield from findings(label_problems(jobset.labels), ("metadata", "labels"))
    yield from findings(annotation_problems(jobset.annotations), ("metadata", "annotations"))
    for claim in jobset.claims:
        yield from findings(
            label_problems(mapping(claim.metadata, "labels")), (*claim.path, "metadata", "labels")
        )
        yield from findings(
            annotation_problems(mapping(claim.metadata, "annotations")),
            (*claim.path, "metadata", "annotations"),
        )


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
    yield from findings(label_problems(_own(job, job.labels)), (*job.path, "metadata", "labels"))
    yield from findings(
        label_problems(_own(job, job.pod_labels)), (*template, "metadata", "labels")
    )
    yield from findings(
        label_problems(mapping(job.pod, "nodeSelector"), "node selector"),
        (*job.pod_path, "nodeSelector"),
    )
    for field in ("affinity", "topologySpreadConstraints"):
        for path, selected in _match_labels(job.pod.get(field), (*job.pod_path, field)):
            yield from findings(label_problems(selected), path)


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
    yield from findings(
        annotation_problems(job.annotations), (*job.path, "metadata", "annotations")
    )
    yield from findings(
        annotation_problems(job.pod_annotations),
        (*job.spec_path, "template", "metadata", "annotations"),
    )


RULES = (jobset_metadata, label, annotation)
