"""JSG523: impossible reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.failures import OBSTACLES, Obstacle
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

    DeadlineExceeded needs activeDeadlineSeconds, FailedIndexes needs backoffLimitPerIndex,
    MaxFailedIndexesExceeded needs maxFailedIndexes, and PodFailurePolicy needs a rule with the
    action FailJob. BackoffLimitExceeded never occurs if backoffLimit is 2147483647, its default
    with backoffLimitPerIndex.

    A maxFailedIndexes of 0 excludes FailedIndexes, and one that equals completions excludes
    MaxFailedIndexesExceeded. A backoffLimit that is exceeded before enough indexes have failed
    excludes both. With backoffLimitPerIndex: 0 and restartPolicy Never, one pod of each index fails
    at most, so a backoffLimit of at least the completions is never exceeded.

    A rule that also names a possible reason is left alone.

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
        obstacles = [_obstacles(reason, templates) for reason in rule.reasons]
        if all(obstacles):
            for index, each in enumerate(obstacles):
                yield _impossible(rule, index, each)


def _templates(jobset: JobSet, rule: FailureRule) -> list[JobTemplate]:
    """Return the templates of the Jobs that a rule applies to."""
    return [
        each.template
        for each in jobset.replicated_jobs
        if each.replicas and (not rule.targets or each.name in rule.targets)
    ]


def _obstacles(reason: str, templates: Sequence[JobTemplate]) -> list[Obstacle]:
    """Return what keeps each Job from failing with a reason; nothing if one can, or has no spec."""
    obstacle = OBSTACLES.get(reason)
    if obstacle is None or not any(template.spec for template in templates):
        return []
    obstacles = [obstacle(template.spec) for template in templates]
    different = list(dict.fromkeys(each for each in obstacles if each))
    return different if all(obstacles) else []


def _impossible(rule: FailureRule, index: int, obstacles: Sequence[Obstacle]) -> Finding:
    of_which = f" of {listed(rule.targets, 'or')}" if rule.targets else ""
    reason = rule.reasons[index]
    lacks = "; or ".join(each.lack for each in obstacles)
    return Finding(
        path=(*rule.path, "onJobFailureReasons", index),
        message=f"no Job{of_which} can fail with {reason}: {lacks}",
        hint=f"{obstacles[0].remedy}, or remove the rule.",
    )
