"""JSG413: unknown priority class."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.placement import priority_path
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near


@jobset_rule("JSG413", "error", since="0.1", source=UNKNOWN)
def unknown_priority_class(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An exclusive set has a priorityClassName whose value is not known, or a priority below zero.

    Exclusive placement keeps off the pods of other Jobs of the same priority, and the priority is a number that only
    the cluster knows. List the cluster's classes under `priorityClasses` in jobsetgen.yaml. The number stands in a
    label, whose value cannot begin with a minus sign.

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
    for each in jobset.replicated_jobs:
        if not jobset.topology(each) or settings.priority_label(each.template.pod) is not None:
            continue
        name, priority = (
            string(each.template.pod, "priorityClassName"),
            settings.pod_priority(each.template.pod),
        )
        message = f"exclusive placement needs the priority of the class {name}, which is not known"
        hint = (
            near(name, settings.priority_classes)
            or "List it under priorityClasses in jobsetgen.yaml."
        )
        if priority is not None:
            message = (
                "exclusive placement writes the priority into a label, which cannot hold"
                f" {priority}"
            )
            hint = "Use a priority of 0 or more."
        yield Finding(path=priority_path(each), message=message, hint=hint)
