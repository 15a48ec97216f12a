"""JSG221: unknown target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near


@jobset_rule("JSG221", "error", since="0.1", source=UNKNOWN)
def unknown_target(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """targetReplicatedJobs names a replicatedJob that is not there.

    Bad::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [worker]}

    Good::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [workers]}
    """
    names = [each.name for each in jobset.replicated_jobs]
    yield from _unknown(jobset.success_policy.path, jobset.success_policy.targets, names)
    for rule in failure_rules(jobset):
        yield from _unknown(rule.path, rule.targets, names)


def _unknown(path: Path, targets: Iterable[str], names: list[str]) -> Iterator[Finding]:
    for index, target in enumerate(targets):
        if target not in names:
            message = f"there is no replicatedJob {target}"
            place = (*path, "targetReplicatedJobs", index)
            yield Finding(path=place, message=message, hint=near(target, names))
