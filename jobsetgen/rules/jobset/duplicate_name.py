"""JSG212: duplicate name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG212",
    "error",
    since="0.1",
    source=upstream.jobset("api/jobset/v1alpha2/jobset_types.go", "JobSetSpec"),
)
def duplicate_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Two replicatedJobs have the same name, so their Jobs would have the same names.

    Error because replicatedJobs is a list keyed by name: the API server refuses a second entry with
    the same name.

    Bad::

        spec:
          replicatedJobs:
          - {name: workers}
          - {name: workers}

    Good::

        spec:
          replicatedJobs:
          - {name: workers}
          - {name: evaluators}
    """
    seen: set[str] = set()
    for each in jobset.replicated_jobs:
        if each.name and each.name in seen:
            message = f"duplicate replicatedJob name '{each.name}'"
            hint = "Rename one of the two: Job names and DNS names are derived from it."
            yield Finding(path=(*each.path, "name"), message=message, hint=hint)

        seen.add(each.name)
