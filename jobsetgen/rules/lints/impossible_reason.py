"""JSG523: impossible reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.failures import CONDITIONS
from jobsetgen.model.jobset import FailureRule, JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.policies import failure_rules
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import kubernetes
from jobsetgen.words import listed


@jobset_rule(
    "JSG523",
    "warning",
    since="0.1",
    source=kubernetes("pkg/controller/job/job_controller.go", "syncJob"),
)
def impossible_reason(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A failure rule waits for reasons that no Job of its replicatedJobs can fail with.

    A Job fails with DeadlineExceeded only if it has activeDeadlineSeconds, with FailedIndexes only
    with backoffLimitPerIndex, with MaxFailedIndexesExceeded only with maxFailedIndexes, and with
    PodFailurePolicy only if a rule of its podFailurePolicy has the action FailJob. It never fails
    with BackoffLimitExceeded if its backoffLimit is 2147483647, which is the default with
    backoffLimitPerIndex. A rule that also names a possible reason is left alone.

    Warning because such a set is valid and runs; a failure that the rule was written for has
    another reason, and another rule or the default decides about it.

    Bad::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [DeadlineExceeded]}]

    Good::

        spec:
          failurePolicy:
            rules: [{action: FailJobSet, onJobFailureReasons: [DeadlineExceeded]}]
          replicatedJobs:
          - template: {spec: {activeDeadlineSeconds: 3600}}
    """
    for rule in failure_rules(jobset):
        templates = _templates(jobset, rule)
        if all(_is_impossible(reason, templates) for reason in rule.reasons):
            for index in range(len(rule.reasons)):
                yield _impossible(rule, index)


def _templates(jobset: JobSet, rule: FailureRule) -> list[JobTemplate]:
    """Return the templates of the Jobs that a rule applies to."""
    return [
        each.template
        for each in jobset.replicated_jobs
        if each.replicas and (not rule.targets or each.name in rule.targets)
    ]


def _is_impossible(reason: str, templates: Sequence[JobTemplate]) -> bool:
    """Whether there are Jobs with a spec, and none of them can fail with a reason."""
    condition = CONDITIONS.get(reason)
    if condition is None or not any(template.spec for template in templates):
        return False
    return not any(condition.holds(template.spec) for template in templates)


def _impossible(rule: FailureRule, index: int) -> Finding:
    reason = rule.reasons[index]
    of_which = f" of {listed(rule.targets, 'or')}" if rule.targets else ""
    condition = CONDITIONS[reason]
    return Finding(
        path=(*rule.path, "onJobFailureReasons", index),
        message=f"no Job{of_which} can fail with {reason}: {condition.lack}",
        hint=f"{condition.remedy}, or remove the rule.",
    )
