"""JSG202: depends on earlier."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near


@jobset_rule("JSG202", "error", since="0.1", source=UNKNOWN)
def depends_on_earlier(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob waits for one that does not stand before it.

    Only an earlier replicatedJob can be waited for, which rules out circles. A replicatedJob that waits for itself
    would never start; the JobSet controller accepts that, and no pod ever runs.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: drivers, status: Ready}]}

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    earlier: list[str] = []
    names = {each.name for each in jobset.replicated_jobs}
    for each in jobset.replicated_jobs:
        for item in each.depends_on or ():
            if not item.name or item.name in earlier:
                continue
            hint = near(item.name, earlier)
            if item.name == each.name:
                message = f"replicatedJob {each.name} depends on itself and would never start"
            elif item.name in names:
                message = f"replicatedJob {each.name} depends on {item.name}, which comes after it"
                hint = "Put the replicatedJob that is waited for first."
            else:
                message = (
                    f"replicatedJob {each.name} depends on {item.name}, but there is no"
                    " replicatedJob of that name"
                )
            yield Finding(path=(*item.path, "name"), message=message, hint=hint)
        earlier.append(each.name)
