"""JSG521: restarts never happen."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.failures import REASONS
from jobsetgen.model.jobset import FailurePolicy, JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import matched
from jobsetgen.rules.jobset.in_place_restart import restarts_in_place
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import jobset as jobset_source


@jobset_rule(
    "JSG521",
    "warning",
    since="0.1",
    source=jobset_source("pkg/controllers/failure_policy.go", "findFirstFailedPolicyRuleAndJob"),
)
def restarts_never_happen(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """maxRestarts allows restarts, but the rules of the failurePolicy fail the set at any failure.

    The first rule that matches a failure decides; a failure that no rule matches restarts the set.
    A FailJobSet rule without reasons, message patterns and replicatedJobs matches every failure,
    and so may several together. If no rule before them restarts anything, nothing ever restarts,
    and the rules after them are never reached.

    Warning because such a set is valid and runs until its first failure.

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

    if (last := _last_fatal_rule(policy, jobset)) is not None:
        rules = "rule fails" if last == 0 else f"{last + 1} rules fail"
        message = (
            f"maxRestarts is {policy.max_restarts}, but nothing is ever restarted: the first"
            f" {rules} the set at any failure"
        )
        hint = "Add onJobFailureReasons to limit a rule, or put a rule that restarts first."
        yield Finding(path=(*policy.path, "maxRestarts"), message=message, hint=hint)


def _last_fatal_rule(policy: FailurePolicy, jobset: JobSet) -> int | None:
    """Return the index of the rule with which the FailJobSet rules so far match every failure.

    None if a rule before it restarts something, or if failures remain for the default, a restart.
    """
    remaining = {
        (each.name, reason)
        for each in jobset.replicated_jobs
        if each.replicas
        for reason in REASONS
    }
    for index, rule in enumerate(policy.rules):
        failures = matched(rule, remaining)
        if failures and rule.action != "FailJobSet":
            return None
        if not rule.patterns:
            remaining -= failures
        if failures and not remaining:
            return index
    return None
