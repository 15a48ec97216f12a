"""JSG210: missing name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG210", "error", since="0.1", source=UNKNOWN)
def missing_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A JobSet has neither a name nor a generateName.

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
            hint="Give it a metadata.name.",
        )
