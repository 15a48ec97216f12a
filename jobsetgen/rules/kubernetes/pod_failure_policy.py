"""JSG344: pod failure policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, objects, string
from jobsetgen.rules.common.policies_kubernetes import MAX_RULES
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near

_MAX_CONDITIONS = 20


_MAX_EXIT_CODES = 255


@job_rule("JSG344", "error", since="0.1", source=UNKNOWN)
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
    if len(rules) > MAX_RULES:
        message = f"a podFailurePolicy has at most {MAX_RULES} rules, not {len(rules)}"
        yield Finding(path=(*path, "rules"), message=message)
    if string(job.spec, "podReplacementPolicy", "Failed") != "Failed":
        message = "beside a podFailurePolicy, podReplacementPolicy must be Failed"
        yield Finding(path=(*job.spec_path, "podReplacementPolicy"), message=message)
    for index, rule in objects(policy, "rules"):
        yield from _failure_rule(job, rule, (*path, "rules", index))


def _failure_rule(job: JobTemplate, rule: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    codes, conditions = rule.get("onExitCodes"), items(rule, "onPodConditions")
    if codes is not None and conditions:
        yield Finding(
            path=path, message="a rule has either onExitCodes or onPodConditions, not both"
        )
    elif codes is None and not conditions:
        yield Finding(path=path, message="a rule needs onExitCodes or onPodConditions")
    if rule.get("action") == "FailIndex" and "backoffLimitPerIndex" not in job.spec:
        yield Finding(
            path=(*path, "action"), message="the action FailIndex needs backoffLimitPerIndex"
        )
    if isinstance(codes, Mapping):
        yield from _exit_codes(job, codes, (*path, "onExitCodes"))
    if len(conditions) > _MAX_CONDITIONS:
        message = f"a rule has at most {_MAX_CONDITIONS} onPodConditions, not {len(conditions)}"
        yield Finding(path=(*path, "onPodConditions"), message=message)
    for index, condition in objects(rule, "onPodConditions"):
        if reason := bad_label_key(string(condition, "type", "any")):
            message = f"'{condition['type']}' cannot be the type of a condition: {reason}"
            yield Finding(path=(*path, "onPodConditions", index, "type"), message=message)


def _exit_codes(job: JobTemplate, codes: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    name = codes.get("containerName")
    names = [string(container, "name") for _, container in job.containers()]
    if isinstance(name, str) and name not in names:
        message = f"the pod has no container {name}"
        yield Finding(path=(*path, "containerName"), message=message, hint=near(name, names))
    values = [value for value in items(codes, "values") if isinstance(value, int)]
    if "values" in codes and not items(codes, "values"):
        yield Finding(path=(*path, "values"), message="onExitCodes needs at least one exit code")
    if len(values) > _MAX_EXIT_CODES:
        message = f"onExitCodes has at most {_MAX_EXIT_CODES} exit codes, not {len(values)}"
        yield Finding(path=(*path, "values"), message=message)
    for index, value in enumerate(values):
        place = (*path, "values", index)
        if value == 0 and codes.get("operator") == "In":
            yield Finding(
                path=place, message="the exit code 0 is a success; the operator In cannot have it"
            )
        if index and value <= values[index - 1]:
            reason = (
                "is here twice"
                if value == values[index - 1]
                else f"stands behind {values[index - 1]}"
            )
            yield Finding(
                path=place, message=f"exit codes must be in order and unique; {value} {reason}"
            )
