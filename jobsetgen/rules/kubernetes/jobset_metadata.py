"""JSG305: jobset metadata."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import annotation_problems, label_problems
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.rule import findings, jobset_rule
from jobsetgen.upstream import kubernetes


@jobset_rule(
    "JSG305",
    "error",
    since="0.1",
    source=kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go",
        "validateObjectMetaAccessorWithOptsCommon",
    ),
)
def jobset_metadata(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A label or an annotation of the JobSet, or of one of its claim templates, is malformed.

    Error because every API server refuses an object with such metadata.

    Bad::

        metadata: {labels: {team: "Research & Development"}}

    Good::

        metadata: {labels: {team: research}}
    """
    yield from findings(label_problems(jobset.labels), ("metadata", "labels"))
    yield from findings(annotation_problems(jobset.annotations), ("metadata", "annotations"))
    for claim in jobset.claims:
        labels = mapping(claim.metadata, "labels")
        annotations = mapping(claim.metadata, "annotations")
        path = (*claim.path, "metadata")
        yield from findings(label_problems(labels), (*path, "labels"))
        yield from findings(annotation_problems(annotations), (*path, "annotations"))
