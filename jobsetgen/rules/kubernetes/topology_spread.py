"""JSG354: topology spread."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.rules.common.scheduling import expressions, label_keys
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG354", "error", since="0.1", source=UNKNOWN)
def topology_spread(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A topologySpreadConstraint has a maxSkew below 1, no topologyKey, or stands there twice.

    minDomains is at least 1, and only for DoNotSchedule. The matchLabelKeys need a labelSelector beside them, which
    does not select by the same labels.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 0, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    topologySpreadConstraints:
                    - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule}
    """
    seen: set[tuple[str, str]] = set()
    for index, each in objects(job.pod, "topologySpreadConstraints"):
        path = (*job.pod_path, "topologySpreadConstraints", index)
        for field in ("maxSkew", "minDomains"):
            number = each.get(field)
            if isinstance(number, int) and number < 1:
                yield Finding(
                    path=(*path, field), message=f"{field} is {number}, but must be at least 1"
                )
        if each.get("topologyKey") == "":
            yield Finding(path=(*path, "topologyKey"), message="the topologyKey is empty")
        pair = (string(each, "topologyKey"), string(each, "whenUnsatisfiable"))
        if all(pair) and pair in seen:
            message = (
                f"two topologySpreadConstraints have the topologyKey {pair[0]} and"
                f" whenUnsatisfiable {pair[1]}"
            )
            yield Finding(path=path, message=message)
        seen.add(pair)
        if "minDomains" in each and pair[1] == "ScheduleAnyway":
            message = "minDomains needs whenUnsatisfiable DoNotSchedule"
            yield Finding(path=(*path, "minDomains"), message=message)
        yield from expressions(mapping(each, "labelSelector"), (*path, "labelSelector"))
        yield from label_keys(job, each, path)
