"""JSG345: job success policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, objects
from jobsetgen.rules.common.job import completions_of
from jobsetgen.rules.common.policies_kubernetes import MAX_RULES
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

_MAX_INDEXES = 64 * 1024


@job_rule("JSG345", "error", since="0.1", source=UNKNOWN)
def job_success_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A Job's own successPolicy needs an Indexed Job, and 1 to 20 rules that each say which indexes or how many.

    succeededIndexes lists indexes and ranges of them in order, as in 0,2-4, below completions; succeededCount is no
    more than there are.

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
    completions = completions_of(job)
    count = len(items(policy, "rules"))
    if "rules" in policy and not 1 <= count <= MAX_RULES:
        yield Finding(
            path=(*path, "rules"),
            message=f"a Job's successPolicy has 1 to {MAX_RULES} rules, not {count}",
        )
    for index, rule in objects(policy, "rules"):
        if "succeededIndexes" not in rule and "succeededCount" not in rule:
            yield Finding(
                path=(*path, "rules", index),
                message="a rule needs succeededIndexes or succeededCount",
            )
        if completions is not None:
            yield from _success_rule(rule, (*path, "rules", index), completions)


def _success_rule(rule: Mapping[str, Any], path: Path, completions: int) -> Iterator[Finding]:
    indexes, count = rule.get("succeededIndexes"), rule.get("succeededCount")
    most, reason = completions, ""
    if isinstance(indexes, str):
        most, reason = _listed(indexes, completions)
    if isinstance(indexes, str) and len(indexes) > _MAX_INDEXES:
        message = (
            f"succeededIndexes has {len(indexes):,} characters; at most {_MAX_INDEXES:,} are"
            " allowed"
        )
        yield Finding(path=(*path, "succeededIndexes"), message=message)
    elif reason:
        yield Finding(
            path=(*path, "succeededIndexes"), message=f"succeededIndexes '{indexes}' {reason}"
        )
    elif isinstance(count, int) and not 0 <= count <= most:
        message = f"succeededCount is {count}, but must be from 0 to {most}"
        yield Finding(path=(*path, "succeededCount"), message=message)


def _listed(indexes: str, completions: int) -> tuple[int, str]:
    """Return how many indexes are listed, and what is wrong with the list, or nothing."""
    total, last = 0, -1
    for part in indexes.split(",") if indexes else ():
        found = re.fullmatch(r"(\+?[0-9]{1,18})(?:-(\+?[0-9]{1,18}))?", part)
        if found is None:
            return 0, "is no list of indexes and ranges, such as 0,2-4"
        begin, end = int(found[1]), int(found[2] or found[1])
        if end >= completions:
            return (
                0,
                f"has the index {end}, but the last of {completions} completions is {completions - 1}",
            )
        if begin <= last or (found[2] and end <= begin):
            return 0, f"is not in order at {part}"
        total, last = total + end - begin + 1, end
    return total, ""
