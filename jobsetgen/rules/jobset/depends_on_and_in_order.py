"""JSG203: depends on and in order."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG203", "error", since="0.1", source=UNKNOWN)
def depends_on_and_in_order(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """dependsOn stands beside a startupPolicy of InOrder; the two exclude each other.

    JobSet refuses the pair, also when dependsOn is an empty list. AnyOrder is fine.

    Bad::

        spec:
          startupPolicy: {startupPolicyOrder: InOrder}
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}

    Good::

        spec:
          startupPolicy: {startupPolicyOrder: AnyOrder}
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    if jobset.startup_order != "InOrder":
        return
    for each in jobset.replicated_jobs:
        if each.depends_on is not None:
            message = (
                f"replicatedJob {each.name} has dependsOn, which startupPolicyOrder InOrder"
                " excludes"
            )
            hint = "Keep dependsOn, which says more, and take startupPolicy out."
            yield Finding(path=(*each.path, "dependsOn"), message=message, hint=hint, on_key=True)
