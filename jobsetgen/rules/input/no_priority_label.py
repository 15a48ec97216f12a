"""JSG603: no priority label."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import JobTreatment, treatment
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.placement import priority_path
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG603",
    "notice",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/pod_webhook.go", "setExclusiveAffinities"),
)
def no_priority_label(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The pods of a set lack the label with their priority, which is unknown or negative.

    With `compat: 1`, a PriorityClass in the same input is read for sets with exclusive placement,
    which could not be compiled otherwise. For other sets, it would change a label, and restart
    those that run. With `compat: 2`, it is read for every set.

    Notice because only an exclusive set of the same priority is affected: it finds other pods by
    that label, and may share a topology domain with these.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: high}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: system-node-critical}}}}
    """
    for each in treatment(jobset, settings).jobs:
        # JSG413 refuses pods with the affinity; no set keeps off pods that a node selector places.
        if each.exclusivity.affinity or each.exclusivity.node_selector:
            continue

        if each.label_value is None:
            reason, hint = _reason(each, settings)
            message = f"{reason}, so exclusive sets may share a topology domain with these pods"
            yield Finding(path=priority_path(each.replicated_job), message=message, hint=hint)


def _reason(each: JobTreatment, settings: Settings) -> tuple[str, str]:
    """Return why no label holds the priority of pods, and a hint."""
    if each.priority is not None:
        return f"no label can hold the negative priority {each.priority}", ""

    name = string(each.replicated_job.template.pod, "priorityClassName")
    if any(known.name == name for known in settings.input_classes):
        return (
            f"compat 1 does not read the PriorityClass '{name}' for this set",
            "Set compat: 2, or list it under priorityClasses in jobsetgen.yaml; either restarts the"
            " set.",
        )
    return (
        f"the priority of the class '{name}' is unknown",
        "List it under priorityClasses in jobsetgen.yaml.",
    )
