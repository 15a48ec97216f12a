"""JSG204: duplicate dependency."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG204",
    "error",
    since="0.1",
    source=upstream.jobset("api/jobset/v1alpha2/jobset_types.go", "ReplicatedJob"),
)
def duplicate_dependency(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob lists the same dependency twice.

    Error because dependsOn is a list keyed by name: the API server refuses a second entry with the
    same name.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - name: workers
            dependsOn: [{name: driver, status: Ready}, {name: driver, status: Complete}]

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Complete}]}
    """
    for each in jobset.replicated_jobs:
        seen: set[str] = set()
        for item in each.depends_on or ():
            if item.name and item.name in seen:
                message = f"duplicate dependency '{item.name}' in replicatedJob {each.name}"
                yield Finding(path=(*item.path, "name"), message=message)

            seen.add(item.name)
