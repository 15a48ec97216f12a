"""JSG521: restarts never happen."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import FailurePolicy, FailureRule, JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.jobset.in_place_restart import restarts_in_place
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import jobset as jobset_source

# Every reason that a Job fails with.
_REASONS = frozenset(
    [
        "BackoffLimitExceeded",
        "DeadlineExceeded",
        "FailedIndexes",
        "MaxFailedIndexesExceeded",
        "PodFailurePolicy",
    ]
)


@jobset_rule(
    "JSG521",
    "warning",
    since="0.1",
    source=jobset_source("pkg/controllers/failure_policy.go", "findFirstFailedPolicyRuleAndJob"),
)
def restarts_never_happen(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """maxRestarts allows restarts, but the rules of the failurePolicy fail the set at any failure.

    Of the rules the first that matches decides, and restarts happen by a rule or where none
    matches. A FailJobSet rule that names no reasons, no message patterns and no replicatedJobs, or
    all of them, matches every failure: where no rule before it restarts anything, nothing ever
    does, and rules after it are never reached.

    Warning because such a set is valid and runs; it only ends at its first failure.

    Bad::

        spec:
          failurePolicy:
            maxRestarts: 3
            rules: [{action: FailJobSet}]

    Good::

        spec:
          failurePolicy:
            maxRestarts: 3
            rules: [{action: FailJobSet, onJobFailureReasons: [PodFailurePolicy]}]
    """
    policy = jobset.failure_policy
    if policy is None or policy.max_restarts < 1:
        return
    # Pods restart in place without a failed Job, and so without these rules.
    if restarts_in_place(jobset):
        return

    if rule := _rule_of_every_failure(policy, jobset):
        message = (
            f"maxRestarts is {policy.max_restarts}, but nothing is ever restarted: the rule"
            f" {rule.name} fails the set at any failure"
        )
        hint = (
            "Set onJobFailureReasons in that rule, put one that restarts before it, or remove it."
        )
        yield Finding(path=(*policy.path, "maxRestarts"), message=message, hint=hint)


def _rule_of_every_failure(policy: FailurePolicy, jobset: JobSet) -> FailureRule | None:
    """Return the FailJobSet rule that decides every failure which no rule before it has failed.

    None where a rule restarts something before, or where failures remain for the default, a
    restart.
    """
    for rule in policy.rules:
        if rule.action != "FailJobSet":
            return None
        if _matches_every_failure(rule, jobset):
            return rule
    return None


def _matches_every_failure(rule: FailureRule, jobset: JobSet) -> bool:
    if rule.patterns:
        return False
    if rule.reasons and not _REASONS.issubset(rule.reasons):
        return False

    with_jobs = {each.name for each in jobset.replicated_jobs if each.replicas > 0}
    return not rule.targets or with_jobs.issubset(rule.targets)
