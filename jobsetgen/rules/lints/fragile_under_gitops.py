"""JSG508: fragile under gitops."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.duties import startup_order
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import treatment
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.gated import counted_by_quota, place_of_gates
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import manual

_MANY_JOBS = 1_000
_HINT = "Set jobs: watcher, so that each Job is created when it is its turn."


@jobset_rule(
    "JSG508",
    "warning",
    since="0.1",
    source=manual("docs/restart-watcher.md", "Two ways to own the Jobs"),
)
def fragile_under_gitops(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A set asks for something that works better where the watcher creates the Jobs.

    A GitOps tool creates all Jobs together and recreates a missing one at once. Then only
    scheduling gates enforce the order of dependsOn or InOrder, and make new pods wait for those of
    the previous attempt under BlockingRecreate: the pods exist, count against a ResourceQuota, and
    stay gated as long as the watcher does not run. The tool also compares every Job with Git at each
    sync, which is slow above 1,000 Jobs. Use `--jobs watcher` for such sets.
    ttlSecondsAfterFinished has a warning of its own, JSG502.

    Only `--gitops argocd` and `--gitops flux` say that a tool applies the output. Under other
    profiles there is no warning, but a notice of what counts against a quota, JSG612.

    Warning because the set does run this way; it only starts later and gets stuck more easily.

    Bad (argocd)::

        spec:
          failurePolicy: {maxRestarts: 3, restartStrategy: BlockingRecreate}

    Good (argocd)::

        spec:
          failurePolicy: {maxRestarts: 3, restartStrategy: Recreate}
    """
    if settings.names_tool and settings.tool_owns_jobs:
        for finding in [*_blocking_recreate(jobset, settings), *_order(jobset)]:
            yield _with_quota(finding, jobset, settings)
        yield from _many_jobs(jobset)


def _with_quota(finding: Finding, jobset: JobSet, settings: Settings) -> Finding:
    """Return a finding that also says what waits, if it is about what the pods wait for."""
    quota = counted_by_quota(jobset, settings)
    if not quota or finding.path != place_of_gates(jobset):
        return finding
    return finding._replace(message=f"{finding.message}; {quota}")


def _blocking_recreate(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    policy = jobset.failure_policy
    if policy and treatment(jobset, settings).is_blocking:
        message = (
            "BlockingRecreate is fragile where Git owns the Jobs: the GitOps tool recreates a"
            " missing Job at once, and only scheduling gates hold its pods until those of the previous attempt"
            " are gone"
        )
        yield Finding(path=(*policy.path, "restartStrategy"), message=message, hint=_HINT)


def _order(jobset: JobSet) -> Iterator[Finding]:
    place = startup_order(jobset)
    if place is None:
        return

    field = "dependsOn" if place[-1] == "dependsOn" else "InOrder"
    message = (
        f"{field} is fragile where Git owns the Jobs: the GitOps tool creates all of them"
        " together, and only scheduling gates hold pods until it is their turn"
    )
    yield Finding(path=place, message=message, hint=_HINT)


def _many_jobs(jobset: JobSet) -> Iterator[Finding]:
    if jobset.jobs > _MANY_JOBS:
        largest = max(jobset.replicated_jobs, key=lambda each: each.replicas)
        message = (
            f"{jobset.jobs:,} Jobs are too many for a fast sync: a GitOps tool compares each of"
            f" them with Git, which is slow above {_MANY_JOBS:,}"
        )
        hint = "Set jobs: watcher, which leaves one plan to compare, or use fewer, larger Jobs."
        yield Finding(path=(*largest.path, "replicas"), message=message, hint=hint)
