"""JSG413: unknown priority class."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.priorities import priorities
from jobsetgen.model.treatment import JobTreatment, treatment
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.placement import priority_path
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule(
    "JSG413",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/pod_webhook.go", "setExclusiveAffinities"),
)
def unknown_priority_class(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A set with exclusive placement has a negative priority, or an unknown priority class.

    Exclusive placement avoids the pods of other Jobs with the same priority. It finds them by a
    label with the priority's number, which only the cluster knows. List the cluster's classes under
    `priorityClasses` in jobsetgen.yaml, or compile the PriorityClass object with the set: its value
    is read if no option has one. A negative priority cannot be a label, because a label's value
    cannot begin with a minus sign. Jobs that are pinned to domains, or placed by a node selector,
    do not need the number.

    Error because the pods' affinity cannot be written without that number, and a guess would place
    Jobs of two sets in one topology domain.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: high}}}}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: system-node-critical}}}}
    """
    for each in treatment(jobset, settings).jobs:
        if each.exclusivity.affinity and each.label_value is None:
            message, hint = _problem(each, settings)
            yield Finding(path=priority_path(each.replicated_job), message=message, hint=hint)


def _problem(each: JobTreatment, settings: Settings) -> tuple[str, str]:
    """Return the message and the hint about a priority that no label can hold."""
    if each.priority is not None:
        message = f"invalid priority {each.priority} for exclusive placement: must be 0 or more"
        return message, "Choose a priority class with a value of 0 or more."

    name = string(each.replicated_job.template.pod, "priorityClassName")
    message = f"exclusive placement needs the priority of the unknown class '{name}'"
    hint = near(name, priorities(settings, with_input=True).by_class)
    return message, hint or (
        "List it under priorityClasses in jobsetgen.yaml, or add its PriorityClass to the input."
    )
