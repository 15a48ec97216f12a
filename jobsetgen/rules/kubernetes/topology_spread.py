"""JSG354: topology spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.scheduling import expression_findings, label_key_findings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG354",
    "error",
    since="0.1",
    source=kubernetes(
        "pkg/apis/core/validation/validation.go", "validateTopologySpreadConstraints"
    ),
)
def topology_spread(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A topologySpreadConstraint is malformed or a duplicate.

    maxSkew is at least 1, and topologyKey is required. minDomains is at least 1, and needs
    whenUnsatisfiable DoNotSchedule. matchLabelKeys need a labelSelector that does not select by the
    same labels.

    Error because every API server refuses the Job or each of its pods.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - maxSkew: 0
                      topologyKey: kubernetes.io/hostname
                      whenUnsatisfiable: DoNotSchedule

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - maxSkew: 1
                      topologyKey: kubernetes.io/hostname
                      whenUnsatisfiable: DoNotSchedule
    """
    yield from _duplicates(job)
    for index, constraint in objects(job.pod, "topologySpreadConstraints"):
        path = (*job.pod_path, "topologySpreadConstraints", index)
        yield from _numbers(constraint, path)
        if constraint.get("topologyKey") == "":
            yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")

        selector = mapping(constraint, "labelSelector")
        yield from expression_findings(selector, (*path, "labelSelector"))
        yield from label_key_findings(job, constraint, path)


def _duplicates(job: JobTemplate) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for index, constraint in objects(job.pod, "topologySpreadConstraints"):
        key = string(constraint, "topologyKey")
        effect = string(constraint, "whenUnsatisfiable")
        if key and effect and (key, effect) in seen:
            path = (*job.pod_path, "topologySpreadConstraints", index)
            message = (
                f"duplicate topologySpreadConstraint for topologyKey {key} and whenUnsatisfiable"
                f" {effect}"
            )
            yield Finding(path=path, message=message)
        seen.add((key, effect))


def _numbers(constraint: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field in ("maxSkew", "minDomains"):
        number = constraint.get(field)
        if isinstance(number, int) and number < 1:
            message = f"{field} is {number}, but must be at least 1"
            yield Finding(path=(*path, field), message=message)

    effect = string(constraint, "whenUnsatisfiable")
    if "minDomains" in constraint and effect == "ScheduleAnyway":
        message = "minDomains needs whenUnsatisfiable DoNotSchedule"
        yield Finding(path=(*path, "minDomains"), message=message)
