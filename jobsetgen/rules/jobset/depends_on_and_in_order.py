"""JSG203: depends on and in order."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG203",
    "error",
    since="0.1",
    source=upstream.jobset("api/jobset/v1alpha2/jobset_types.go", "JobSetSpec"),
)
def depends_on_and_in_order(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """dependsOn and startupPolicyOrder InOrder are mutually exclusive.

    An empty dependsOn counts as well. AnyOrder is fine.

    Error because a validation rule of the JobSet CRD refuses the combination.

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
                f"dependsOn of replicatedJob {each.name} and startupPolicyOrder InOrder are mutually"
                " exclusive"
            )
            hint = "Keep dependsOn, which is more precise, and remove startupPolicy."
            yield Finding(path=(*each.path, "dependsOn"), message=message, hint=hint, on_key=True)
