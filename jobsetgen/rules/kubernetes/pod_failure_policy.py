"""JSG344: pod failure policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes
from jobsetgen.words import near

_MAX_RULES = 20
_MAX_CONDITIONS = 20
_MAX_EXIT_CODES = 255


@job_rule(
    "JSG344",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validatePodFailurePolicy"),
)
def pod_failure_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A podFailurePolicy has too many rules, or an invalid one.

    It has at most 20 rules, each with either onExitCodes or onPodConditions. Exit codes are unique
    and in ascending order; there are at most 255, and the operator In cannot list 0. A
    containerName names a container of the pod. FailIndex needs backoffLimitPerIndex. The
    podReplacementPolicy can only be Failed.

    Error because every API server refuses a Job with such a policy.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                podFailurePolicy:
                  rules: [{action: FailJob, onExitCodes: {operator: In, values: [0]}}]
                template: {spec: {restartPolicy: Never}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                podFailurePolicy:
                  rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]
                template: {spec: {restartPolicy: Never}}
    """
    policy = job.spec.get("podFailurePolicy")
    if not isinstance(policy, Mapping):
        return

    path = (*job.spec_path, "podFailurePolicy", "rules")
    count = len(items(policy, "rules"))
    if count > _MAX_RULES:
        message = f"the podFailurePolicy has {count} rules; at most {_MAX_RULES} are allowed"
        yield Finding(path=path, message=message)

    if string(job.spec, "podReplacementPolicy", "Failed") != "Failed":
        message = "a Job with a podFailurePolicy needs podReplacementPolicy Failed"
        yield Finding(path=(*job.spec_path, "podReplacementPolicy"), message=message)

    names = {string(container, "name") for _, container in job.containers()}
    for index, rule in objects(policy, "rules"):
        yield from _rule(job, rule, (*path, index), names)


def _rule(
    job: JobTemplate, rule: Mapping[str, Any], path: Path, containers: Collection[str]
) -> Iterator[Finding]:
    has_codes = "onExitCodes" in rule
    has_conditions = bool(items(rule, "onPodConditions"))
    if has_codes and has_conditions:
        message = "a rule has either onExitCodes or onPodConditions, not both"
        yield Finding(path=path, message=message)
    if not has_codes and not has_conditions:
        yield Finding(path=path, message="a rule needs onExitCodes or onPodConditions")

    if rule.get("action") == "FailIndex" and "backoffLimitPerIndex" not in job.spec:
        message = "the action FailIndex needs backoffLimitPerIndex"
        yield Finding(path=(*path, "action"), message=message)

    codes = rule.get("onExitCodes")
    if isinstance(codes, Mapping):
        yield from _container_name(codes, containers, (*path, "onExitCodes", "containerName"))
        yield from _exit_codes(codes, (*path, "onExitCodes", "values"))
    yield from _conditions(rule, (*path, "onPodConditions"))


def _container_name(
    codes: Mapping[str, Any], names: Collection[str], path: Path
) -> Iterator[Finding]:
    name = codes.get("containerName")
    if isinstance(name, str) and name not in names:
        message = f"the pod has no container '{name}'"
        yield Finding(path=path, message=message, hint=near(name, names))


def _exit_codes(codes: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    values = [value for value in items(codes, "values") if isinstance(value, int)]
    if "values" in codes and not items(codes, "values"):
        yield Finding(path=path, message="onExitCodes needs at least one exit code")
    if len(values) > _MAX_EXIT_CODES:
        message = f"onExitCodes has {len(values)} exit codes; at most {_MAX_EXIT_CODES} are allowed"
        yield Finding(path=path, message=message)

    if codes.get("operator") == "In":
        yield from _success(values, path)
    yield from _order(values, path)


def _success(values: list[int], path: Path) -> Iterator[Finding]:
    for index, value in enumerate(values):
        if value == 0:
            message = "exit code 0 is a success; the operator In cannot match it"
            yield Finding(path=(*path, index), message=message)


def _order(values: list[int], path: Path) -> Iterator[Finding]:
    for index, (before, value) in enumerate(pairwise(values), start=1):
        if value == before:
            yield Finding(path=(*path, index), message=f"duplicate exit code {value}")
        elif value < before:
            message = f"exit codes must be in ascending order; {value} comes after {before}"
            yield Finding(path=(*path, index), message=message)


def _conditions(rule: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    count = len(items(rule, "onPodConditions"))
    if count > _MAX_CONDITIONS:
        message = f"the rule has {count} onPodConditions; at most {_MAX_CONDITIONS} are allowed"
        yield Finding(path=path, message=message)

    for index, condition in objects(rule, "onPodConditions"):
        kind = string(condition, "type", "any")
        reason = bad_label_key(kind)
        if reason:
            message = f"invalid condition type '{kind}': {reason}"
            yield Finding(path=(*path, index, "type"), message=message)
