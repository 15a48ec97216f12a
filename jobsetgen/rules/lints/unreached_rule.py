"""JSG522: unreached rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.failures import REASONS
from jobsetgen.model.jobset import FailureRule, JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import Failure, failure_rules, matched
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import jobset as jobset_source
from jobsetgen.words import listed

# Each rule is compared with each reason for which a Job of the set can fail; nobody writes more.
_MOST_COMPARED = 20_000


@jobset_rule(
    "JSG522",
    "warning",
    since="0.1",
    source=jobset_source("pkg/controllers/failure_policy.go", "findFirstFailedPolicyRuleAndJob"),
)
def unreached_rule(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A rule of the failurePolicy is never reached, because rules before it match every failure.

    The first rule that matches a failure decides. A rule without reasons, message patterns and
    replicatedJobs matches every failure, so that no rule after it has an effect; and so may several
    rules together. A rule with message patterns leaves failures to the rules after it.

    Warning because such a set is valid and runs; only the rule does nothing.

    Bad::

        spec:
          failurePolicy:
            maxRestarts: 3
            rules:
            - {name: everything, action: RestartJobSet}
            - {name: deadline, action: FailJobSet, onJobFailureReasons: [DeadlineExceeded]}

    Good::

        spec:
          failurePolicy:
            maxRestarts: 3
            rules:
            - {name: deadline, action: FailJobSet, onJobFailureReasons: [DeadlineExceeded]}
            - {name: everything, action: RestartJobSet}
    """
    every: set[Failure] = {
        (each.name, reason) for each in jobset.replicated_jobs for reason in REASONS
    }
    rules = failure_rules(jobset)
    if len(rules) * len(every) > _MOST_COMPARED:
        return
    remaining = set(every)
    before: list[FailureRule] = []
    for rule in rules:
        failures = matched(rule, every)
        if failures and not failures & remaining:
            first = [other for other in before if matched(other, failures)]
            yield _unreached(rule, first, every)
        elif failures and not rule.patterns:
            remaining -= failures
            before.append(rule)


def _unreached(
    rule: FailureRule, first: Sequence[FailureRule], every: Collection[Failure]
) -> Finding:
    names = listed([f"'{other.name}'" for other in first])
    subject = f"the rule {names} matches"
    if len(first) > 1:
        subject = f"the rules {names} match"
    return Finding(
        path=rule.path,
        message=f"the rule '{rule.name}' is never reached: {subject} all of its failures first",
        hint=_hint(rule, first[0], every),
    )


def _hint(rule: FailureRule, first: FailureRule, every: Collection[Failure]) -> str:
    """Advise an order in which both rules are reached, or that there is none."""
    is_narrower = not matched(first, every) <= matched(rule, every)
    if is_narrower or rule.patterns:
        return f"Move this rule before '{first.name}', or remove it."
    if first.reasons:
        return "Remove this rule."
    return f"Remove this rule, or limit '{first.name}' with onJobFailureReasons."
