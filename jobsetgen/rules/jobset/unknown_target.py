"""JSG221: unknown target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import Referable
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule(
    "JSG221",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def unknown_target(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """targetReplicatedJobs names a replicatedJob that does not exist.

    Error because JobSet's webhook refuses such a name, both in the successPolicy and in the rules
    of the failurePolicy.

    Bad::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [worker]}

    Good::

        spec:
          successPolicy: {operator: All, targetReplicatedJobs: [workers]}
    """
    names = Referable(jobset.replicated_jobs)
    success = jobset.success_policy
    yield from _unknown(success.path, success.targets, names)
    for rule in failure_rules(jobset):
        yield from _unknown(rule.path, rule.targets, names)


def _unknown(path: Path, targets: Iterable[str], names: Referable) -> Iterator[Finding]:
    for index, target in enumerate(targets):
        if not names.has(target):
            message = f"unknown replicatedJob '{target}'"
            hint = near(target, names.valid)
            place = (*path, "targetReplicatedJobs", index)
            yield Finding(path=place, message=message, hint=hint)
