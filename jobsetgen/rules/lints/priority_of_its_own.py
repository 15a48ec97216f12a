"""JSG517: priority of its own."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.priorities import SYSTEM_PRIORITY_CLASSES
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN

# Of the system's classes, and of a pod without a class.
_POLICY = "PreemptLowerPriority"


@job_rule("JSG517", "warning", since="0.1", source=UNKNOWN)
def priority_of_its_own(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod says itself what its priority class says: a priority, or a preemptionPolicy.

    The API server fills in both by the class, and takes the Job as it is; but where a pod says something else than its
    class, it refuses every pod, and the Job waits for ever. The `priorityClasses` of jobsetgen.yaml say what classes
    are worth.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priority: 1000}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: important}}}}
    """
    name = string(job.pod, "priorityClassName")
    worth = settings.priority_of(name) if name else settings.default_priority
    priority = job.pod.get("priority")
    if isinstance(priority, int) and not isinstance(priority, bool) and priority != worth:
        yield _contradiction(job, "priority", priority, worth)
    policy = string(job.pod, "preemptionPolicy")
    of_class = _POLICY if not name or name in SYSTEM_PRIORITY_CLASSES else None
    if policy and policy != of_class:
        yield _contradiction(job, "preemptionPolicy", policy, of_class)


def _contradiction(job: JobTemplate, field: str, written: object, known: object) -> Finding:
    name = string(job.pod, "priorityClassName")
    whose = f"the class {name}" if name else "a pod without a priorityClassName"
    other = f"has {known}, and" if known is not None else "may have another one, and then"
    return Finding(
        path=(*job.pod_path, field),
        message=f"{field} is {written}, but {whose} {other} the API server refuses the pod",
        hint="Leave it to the class." if name else "Name a priorityClassName that says so.",
    )
