"""JSG210: missing name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG210",
    "error",
    since="0.1",
    source=upstream.kubernetes(
        "staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go",
        "validateObjectMetaAccessorWithOptsCommon",
    ),
)
def missing_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A JobSet has neither a name nor a generateName.

    Error because the API server refuses an object without either.

    Bad (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {labels: {team: research}}
        spec: {}

    Good::

        metadata: {name: demo}
    """
    if not jobset.name and not jobset.generate_name:
        yield Finding(
            path=("metadata", "name"),
            message="the JobSet has no name",
            hint="Set metadata.name.",
        )
