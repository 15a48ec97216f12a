"""JSG505: no accelerator asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.accelerators import (
    accelerators,
    is_accelerator_node,
    is_accelerator_taint,
)
from jobsetgen.kubernetes.affinity import REQUIRED
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG505", "warning", since="0.1", source=UNKNOWN)
def no_accelerator_asked(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Pods are sent to accelerator nodes, and none of their containers asks for an accelerator.

    A nodeSelector, a node affinity or a toleration brings them there, but only an extended resource in
    `resources.limits` (or a resource claim) gives them a device, and only what is asked for does the scheduler
    count: more pods than there are accelerators would share a node.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    nodeSelector: {cloud.google.com/gke-accelerator: nvidia-l4}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    nodeSelector: {cloud.google.com/gke-accelerator: nvidia-l4}
                    containers: [{resources: {limits: {nvidia.com/gpu: 2}}}]
    """
    reason = _reason(job.pod)
    if reason and not _asks(job):
        yield Finding(
            path=(*job.pod_path, "containers"),
            message=f"{reason} these pods onto accelerator nodes, but no container asks for an accelerator",
            hint="Ask for it in resources.limits, for example nvidia.com/gpu or google.com/tpu.",
        )


def _reason(pod: Mapping[str, Any]) -> str:
    """Say what brings the pods onto accelerator nodes, or nothing."""
    for key, values in _selected(pod):
        if all(is_accelerator_node(key, value) for value in values or ("",)):
            return f"the node label {key}{': ' if values else ''}{' or '.join(values)} sends"
    for _, toleration in objects(pod, "tolerations"):
        key = string(toleration, "key")
        if is_accelerator_taint(key):
            return f"the toleration of {key} lets"
    return ""


def _selected(pod: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the node labels that a pod requires, with the values that will do; none means any."""
    selector = mapping(pod, "nodeSelector")
    yield from ((key, (string(selector, key),)) for key in selector)
    required = mapping(mapping(mapping(pod, "affinity"), "nodeAffinity"), REQUIRED)
    terms = list(objects(required, "nodeSelectorTerms"))
    # One of several terms is enough, so none of them is required.
    for _, term in terms if len(terms) == 1 else ():
        for _, expression in objects(term, "matchExpressions"):
            if string(expression, "operator") in ("In", "Exists"):
                yield string(expression, "key"), strings(expression, "values")


def _asks(job: JobTemplate) -> bool:
    return bool(items(job.pod, "resourceClaims") or accelerators(job.pod))
