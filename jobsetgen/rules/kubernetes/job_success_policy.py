"""JSG345: job success policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, objects
from jobsetgen.rules.common.job import completions_of
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes

_MAX_RULES = 20
_MAX_CHARACTERS = 64 * 1024
_INTERVAL = r"(\+?[0-9]{1,18})(?:-(\+?[0-9]{1,18}))?"


@job_rule(
    "JSG345",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/batch/validation/validation.go", "validateSuccessPolicy"),
)
def job_success_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A Job's own successPolicy is invalid, or the Job is not Indexed.

    It has 1 to 20 rules, each with succeededIndexes or succeededCount. succeededIndexes lists
    indexes below completions and ranges of them in ascending order, such as 0,2-4. succeededCount
    cannot exceed the number of indexes.

    Error because every API server refuses a Job with such a policy.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {successPolicy: {rules: [{}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                parallelism: 2
                completions: 2
                successPolicy: {rules: [{succeededIndexes: "0"}]}
    """
    policy = job.spec.get("successPolicy")
    if not isinstance(policy, Mapping):
        return
    path = (*job.spec_path, "successPolicy")
    if not job.is_indexed:
        yield Finding(path=path, message="a Job's successPolicy needs completionMode Indexed")
        return

    count = len(items(policy, "rules"))
    if "rules" in policy and not 1 <= count <= _MAX_RULES:
        message = f"the successPolicy has {count} rules, but must have 1 to {_MAX_RULES}"
        yield Finding(path=(*path, "rules"), message=message)

    completions = completions_of(job)
    for index, rule in objects(policy, "rules"):
        place = (*path, "rules", index)
        if not rule.keys() & {"succeededIndexes", "succeededCount"}:
            yield Finding(path=place, message="a rule needs succeededIndexes or succeededCount")
        if completions is not None:
            yield from _rule(rule, place, completions)


def _rule(rule: Mapping[str, Any], path: Path, completions: int) -> Iterator[Finding]:
    indexes = rule.get("succeededIndexes")
    listed = _Listed(completions)
    if isinstance(indexes, str):
        if len(indexes) > _MAX_CHARACTERS:
            message = (
                f"succeededIndexes has {len(indexes):,} characters; at most {_MAX_CHARACTERS:,}"
                " are allowed"
            )
            yield Finding(path=(*path, "succeededIndexes"), message=message)
            return
        listed = _listed(indexes, completions)

    if listed.problem:
        yield Finding(path=(*path, "succeededIndexes"), message=listed.problem)
        return

    count = rule.get("succeededCount")
    if isinstance(count, int) and not 0 <= count <= listed.total:
        message = f"succeededCount is {count}, but must be from 0 to {listed.total}"
        yield Finding(path=(*path, "succeededCount"), message=message)


class _Listed(NamedTuple):
    """How many indexes a rule covers, or what is wrong with its list of them."""

    total: int
    problem: str = ""


def _listed(indexes: str, completions: int) -> _Listed:
    total = 0
    last = -1
    for part in indexes.split(",") if indexes else ():
        interval = re.fullmatch(_INTERVAL, part)
        if interval is None:
            reason = "must be a list of indexes and ranges, such as 0,2-4"
            return _Listed(0, f"invalid succeededIndexes '{indexes}': {reason}")

        begin = int(interval[1])
        end = int(interval[2] or interval[1])
        if end >= completions:
            reason = f"the last of {completions} completions is {completions - 1}"
            return _Listed(0, f"succeededIndexes '{indexes}' has the index {end}, but {reason}")

        is_empty_range = interval[2] is not None and end <= begin
        if begin <= last or is_empty_range:
            return _Listed(0, f"succeededIndexes '{indexes}' is not in ascending order at {part}")
        total += end - begin + 1
        last = end
    return _Listed(total)
