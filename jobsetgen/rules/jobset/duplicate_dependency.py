"""JSG204: duplicate dependency."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG204", "error", since="0.1", source=UNKNOWN)
def duplicate_dependency(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob names the same dependency twice.

    dependsOn is a list keyed by name; the API server refuses a second entry of one name.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}, {name: driver, status: Complete}]}

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
                message = f"replicatedJob {each.name} names its dependency {item.name} twice"
                yield Finding(path=(*item.path, "name"), message=message)
            seen.add(item.name)
