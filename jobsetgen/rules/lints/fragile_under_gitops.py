"""JSG508: fragile under gitops."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.duties import startup_order
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN

_MANY_JOBS = 1_000


_HINT = "With jobs: watcher each Job is created when it is its turn."


@jobset_rule("JSG508", "warning", since="0.1", source=UNKNOWN)
def fragile_under_gitops(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A set asks for what goes better where the watcher creates the Jobs: with `--jobs watcher`.

    A GitOps tool creates all Jobs together and puts a missing one back at once. The order that dependsOn or InOrder
    asks for, and the wait of BlockingRecreate for the pods of the attempt before, are then kept by scheduling gates:
    the pods are there, count in quotas, and hang where the watcher does. The tool also compares every Job with Git at
    each sync, which takes long above 1,000 Jobs. A ttlSecondsAfterFinished has a warning of its own, JSG502. With
    `--gitops none` nothing puts Jobs back, and there is no warning.

    Bad::

        spec:
          failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate}

    Good::

        spec:
          failurePolicy: {maxRestarts: 3, restartStrategy: Recreate}
    """
    if settings.tool_owns_jobs:
        yield from _blocking_recreate(jobset, settings)
        yield from _order(jobset)
        yield from _many_jobs(jobset)


def _blocking_recreate(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    policy = jobset.failure_policy
    if policy and treatment(jobset, settings).is_blocking:
        yield Finding(
            path=(*policy.path, "restartStrategy"),
            message="BlockingRecreate is fragile while Git owns the Jobs: the tool puts a missing one back at once, "
            "and only scheduling gates hold its pods until those of the attempt before are gone",
            hint=_HINT,
        )


def _order(jobset: JobSet) -> Iterator[Finding]:
    if place := startup_order(jobset):
        field = "dependsOn" if place[-1] == "dependsOn" else "InOrder"
        yield Finding(
            path=place,
            message=f"{field} is fragile while Git owns the Jobs: the tool creates all of them together, "
            "and only scheduling gates hold pods back until it is their turn",
            hint=_HINT,
        )


def _many_jobs(jobset: JobSet) -> Iterator[Finding]:
    if jobset.jobs > _MANY_JOBS:
        largest = max(jobset.replicated_jobs, key=lambda each: each.replicas)
        yield Finding(
            path=(*largest.path, "replicas"),
            message=f"{jobset.jobs:,} Jobs are many for a GitOps tool, which compares each with Git at every sync",
            hint="With jobs: watcher it has one plan to compare; and fewer Jobs with more pods each are lighter.",
        )
