"""JSG517: priority of its own."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.priorities import (
    PREEMPT_LOWER_PRIORITY,
    SYSTEM_PRIORITY_CLASSES,
    default_class,
)
from jobsetgen.model.priorities import priorities
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG517",
    "warning",
    since="0.1",
    source=kubernetes("plugin/pkg/admission/priority/admission.go", "admitPod"),
)
def priority_of_its_own(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A pod sets a priority or a preemptionPolicy of its own, not that of its priority class.

    The API server sets both from the class, and accepts the Job as it is. But if a pod differs from
    its class, the API server refuses every pod, and the Job waits forever. `priorityClasses` in
    jobsetgen.yaml and PriorityClass objects in the same input tell the compiler the values of the
    classes.

    Warning because the cluster's class, or its default, may have the same value.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priority: 1000}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: important}}}}
    """
    yield from _priority(job, settings)
    yield from _preemption_policy(job, settings)


def _priority(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    known = priorities(settings, with_input=True)
    of_class = known.of_class(string(job.pod, "priorityClassName"))
    priority = job.pod.get("priority")
    is_number = isinstance(priority, int) and not isinstance(priority, bool)
    if is_number and priority != of_class:
        yield _contradiction(job, "priority", priority, of_class)


def _preemption_policy(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    of_class = _policy_of_class(string(job.pod, "priorityClassName"), settings)
    policy = string(job.pod, "preemptionPolicy")
    if policy and policy != of_class:
        yield _contradiction(job, "preemptionPolicy", policy, of_class)


def _policy_of_class(name: str, settings: Settings) -> str | None:
    """Return the preemptionPolicy of a class, or of pods without one; None if it is unknown."""
    if name in SYSTEM_PRIORITY_CLASSES:
        return PREEMPT_LOWER_PRIORITY
    if not name:
        of_input = default_class(settings.input_classes)
        return of_input.preemption_policy if of_input else PREEMPT_LOWER_PRIORITY
    known = {each.name: each.preemption_policy for each in settings.input_classes}
    return known.get(name)


def _contradiction(job: JobTemplate, field: str, written: object, of_class: object) -> Finding:
    """Return the finding of a field that differs from the class; None where that is not known."""
    whose = "a pod without a priorityClassName"
    hint = "Set a priorityClassName with that value instead."
    if name := string(job.pod, "priorityClassName"):
        whose = f"the class {name}"
        hint = "Remove it: the class sets it."

    other = f"has {of_class}, and"
    if of_class is None:
        other = "may have another one, and then"
    return Finding(
        path=(*job.pod_path, field),
        message=f"{field} is {written}, but {whose} {other} the API server refuses the pod",
        hint=hint,
    )
