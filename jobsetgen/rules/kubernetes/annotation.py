"""JSG307: annotation."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import annotation_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG307",
    "error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go", "ValidateAnnotations"
    ),
)
def annotation(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The key of an annotation is malformed, or the annotations together exceed 256 KiB.

    Error because every API server refuses an object with such annotations.

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
