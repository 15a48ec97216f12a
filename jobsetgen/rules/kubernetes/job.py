"""The Job's own fields: numbers, completion mode, restart policy, podFailurePolicy, successPolicy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate, items, objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.schema import near

_NOT_NEGATIVE = (
    "parallelism",
    "completions",
    "backoffLimit",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
)
_MAX_INDEXED = 100_000
_MAX_RULES = 20
_MAX_EXIT_CODES = 255
# Above so many completions, backoffLimitPerIndex is allowed only with few failures at a time.
_MANY_COMPLETIONS, _MAX_PARALLELISM, _MAX_FAILED = 100_000, 10_000, 10_000


def _number(parent: Mapping[str, Any], field: str) -> int | None:
    value = parent.get(field)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@job_rule("JSG340", "negative-number")
def negative_number(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A number that counts something is negative.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: -1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {backoffLimit: 0}}
    """
    for field in _NOT_NEGATIVE:
        number = _number(job.spec, field)
        if number is not None and number < 0:
            yield Finding(path=(*job.spec_path, field), message=f"{field} is {number}, but cannot be negative")
    grace = _number(job.pod, "terminationGracePeriodSeconds")
    if grace is not None and grace < 0:
        message = f"terminationGracePeriodSeconds is {grace}, but cannot be negative"
        yield Finding(path=(*job.pod_path, "terminationGracePeriodSeconds"), message=message)
    deadline = _number(job.pod, "activeDeadlineSeconds")
    if deadline is not None and deadline < 1:
        message = f"activeDeadlineSeconds of a pod is {deadline}, but must be at least 1"
        yield Finding(path=(*job.pod_path, "activeDeadlineSeconds"), message=message)


@job_rule("JSG341", "indexed-completions")
def indexed_completions(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An Indexed Job has a parallelism but no completions, or more than 100,000 of them at once.

    JobSet makes every Job Indexed that does not say otherwise. With neither written, both are 1.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2}}
    """
    if not job.is_indexed:
        return
    parallelism = _number(job.spec, "parallelism")
    if parallelism is not None and "completions" not in job.spec:
        message = f"an Indexed Job with parallelism {parallelism} needs completions, too"
        hint = f"Write completions: {parallelism}, or completionMode: NonIndexed."
        yield Finding(path=(*job.spec_path, "completions"), message=message, hint=hint)
    if parallelism is not None and parallelism > _MAX_INDEXED:
        message = f"parallelism is {parallelism:,}; an Indexed Job allows at most {_MAX_INDEXED:,}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)


@job_rule("JSG342", "backoff-per-index")
def backoff_per_index(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """backoffLimitPerIndex and maxFailedIndexes: only for Indexed Jobs, the second only with the first.

    maxFailedIndexes cannot exceed completions. Above 100,000 completions it must be written and, as parallelism, be at
    most 10,000.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, maxFailedIndexes: 1}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, backoffLimitPerIndex: 1, maxFailedIndexes: 1}}
    """
    failed = _number(job.spec, "maxFailedIndexes")
    path = job.spec_path
    if not job.is_indexed:
        for field in ("backoffLimitPerIndex", "maxFailedIndexes"):
            if field in job.spec:
                yield Finding(path=(*path, field), message=f"{field} needs completionMode Indexed")
    elif failed is not None and "backoffLimitPerIndex" not in job.spec:
        yield Finding(path=(*path, "maxFailedIndexes"), message="maxFailedIndexes needs backoffLimitPerIndex")
    elif failed is not None and job.completions is not None and failed > job.completions:
        message = f"maxFailedIndexes is {failed}, more than the completions, {job.completions}"
        yield Finding(path=(*path, "maxFailedIndexes"), message=message)
    if job.is_indexed and "backoffLimitPerIndex" in job.spec and (job.completions or 0) > _MANY_COMPLETIONS:
        yield from _many_completions(job, failed)


def _many_completions(job: JobTemplate, failed: int | None) -> Iterator[Finding]:
    above = f"with backoffLimitPerIndex and more than {_MANY_COMPLETIONS:,} completions"
    if failed is None:
        yield Finding(path=(*job.spec_path, "maxFailedIndexes"), message=f"maxFailedIndexes must be written {above}")
    elif failed > _MAX_FAILED:
        message = f"maxFailedIndexes is at most {_MAX_FAILED:,} {above}"
        yield Finding(path=(*job.spec_path, "maxFailedIndexes"), message=message)
    if job.parallelism > _MAX_PARALLELISM:
        message = f"parallelism is at most {_MAX_PARALLELISM:,} {above}"
        yield Finding(path=(*job.spec_path, "parallelism"), message=message)


@job_rule("JSG343", "restart-policy")
def restart_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The pods of a Job must not restart for ever, and with a podFailurePolicy not at all.

    restartPolicy is OnFailure or Never (JobSet takes OnFailure where it is not written, a plain Job must write it);
    a podFailurePolicy needs Never.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Always}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {restartPolicy: Never}}}}
    """
    policy = string(job.pod, "restartPolicy", "Always")
    path = (*job.pod_path, "restartPolicy")
    if policy == "Always" and job.pod:
        written = "is Always" if "restartPolicy" in job.pod else "is not written, which means Always"
        message = f"restartPolicy {written}; the pods of a Job need OnFailure or Never"
        yield Finding(path=path, message=message)
    elif policy != "Never" and "podFailurePolicy" in job.spec:
        hint = "" if "restartPolicy" in job.pod else "Write restartPolicy: Never."
        yield Finding(path=path, message=f"a podFailurePolicy needs restartPolicy Never, not {policy}", hint=hint)


@job_rule("JSG344", "pod-failure-policy")
def pod_failure_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A podFailurePolicy has a rule that the API server refuses.

    At most 20 rules, each with either onExitCodes or onPodConditions. Exit codes are ordered, unique, at most 255 of
    them, and not 0 with the operator In; a containerName must be there; FailIndex needs backoffLimitPerIndex; the only
    podReplacementPolicy beside it is Failed.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0]}}]}
                template: {spec: {restartPolicy: Never}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]}
                template: {spec: {restartPolicy: Never}}
    """
    policy = job.spec.get("podFailurePolicy")
    if not isinstance(policy, Mapping):
        return
    path: Path = (*job.spec_path, "podFailurePolicy")
    rules = items(policy, "rules")
    if len(rules) > _MAX_RULES:
        yield Finding(
            path=(*path, "rules"), message=f"a podFailurePolicy has at most {_MAX_RULES} rules, not {len(rules)}"
        )
    if string(job.spec, "podReplacementPolicy", "Failed") != "Failed":
        message = "beside a podFailurePolicy, podReplacementPolicy must be Failed"
        yield Finding(path=(*job.spec_path, "podReplacementPolicy"), message=message)
    for index, rule in objects(policy, "rules"):
        yield from _failure_rule(job, rule, (*path, "rules", index))


def _failure_rule(job: JobTemplate, rule: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    codes, conditions = rule.get("onExitCodes"), items(rule, "onPodConditions")
    if codes is not None and conditions:
        yield Finding(path=path, message="a rule has either onExitCodes or onPodConditions, not both")
    elif codes is None and not conditions:
        yield Finding(path=path, message="a rule needs onExitCodes or onPodConditions")
    if rule.get("action") == "FailIndex" and "backoffLimitPerIndex" not in job.spec:
        yield Finding(path=(*path, "action"), message="the action FailIndex needs backoffLimitPerIndex")
    if isinstance(codes, Mapping):
        yield from _exit_codes(job, codes, (*path, "onExitCodes"))


def _exit_codes(job: JobTemplate, codes: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    name = string(codes, "containerName")
    names = [string(container, "name") for _, container in job.containers()]
    if name and name not in names:
        message = f"the pod has no container {name}"
        yield Finding(path=(*path, "containerName"), message=message, hint=near(name, names))
    values = [value for value in items(codes, "values") if isinstance(value, int)]
    if "values" in codes and not items(codes, "values"):
        yield Finding(path=(*path, "values"), message="onExitCodes needs at least one exit code")
    if len(values) > _MAX_EXIT_CODES:
        yield Finding(
            path=(*path, "values"), message=f"onExitCodes has at most {_MAX_EXIT_CODES} exit codes, not {len(values)}"
        )
    for index, value in enumerate(values):
        if value == 0 and codes.get("operator") == "In":
            yield Finding(
                path=(*path, "values", index), message="the exit code 0 is a success; the operator In cannot have it"
            )
        if index and value <= values[index - 1]:
            reason = "is here twice" if value == values[index - 1] else f"stands behind {values[index - 1]}"
            message = f"exit codes must be in order and unique; {value} {reason}"
            yield Finding(path=(*path, "values", index), message=message)


@job_rule("JSG345", "job-success-policy")
def job_success_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A Job's own successPolicy needs an Indexed Job, and 1 to 20 rules that each say which indexes or how many.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {successPolicy: {rules: [{}]}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 2, completions: 2, successPolicy: {rules: [{succeededIndexes: "0"}]}}}
    """
    policy = job.spec.get("successPolicy")
    if not isinstance(policy, Mapping):
        return
    path: Path = (*job.spec_path, "successPolicy")
    if not job.is_indexed:
        yield Finding(path=path, message="a Job's successPolicy needs completionMode Indexed")
        return
    count = len(items(policy, "rules"))
    if "rules" in policy and not 1 <= count <= _MAX_RULES:
        yield Finding(path=(*path, "rules"), message=f"a Job's successPolicy has 1 to {_MAX_RULES} rules, not {count}")
    for index, rule in objects(policy, "rules"):
        if "succeededIndexes" not in rule and "succeededCount" not in rule:
            yield Finding(path=(*path, "rules", index), message="a rule needs succeededIndexes or succeededCount")


@job_rule("JSG346", "selector")
def selector(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A Job has a selector, which the API server makes itself.

    A copy of a running Job carries one; take it out. Only with manualSelector: true is one accepted.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {selector: {matchLabels: {app: train}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {metadata: {labels: {app: train}}}}}
    """
    if "selector" in job.spec and job.spec.get("manualSelector") is not True:
        message = "a Job's selector is made by the API server"
        yield Finding(path=(*job.spec_path, "selector"), message=message, hint="Take it out.", on_key=True)


RULES = (
    negative_number,
    indexed_completions,
    backoff_per_index,
    restart_policy,
    pod_failure_policy,
    job_success_policy,
    selector,
)
