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
from jobsetgen.upstream import page


@job_rule(
    "JSG505",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Schedule GPUs",
        "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/",
    ),
)
def no_accelerator_asked(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """Pods are sent to accelerator nodes, but none of their containers requests an accelerator.

    A nodeSelector, a node affinity or a toleration brings them there, but only an extended resource
    in `resources.limits` (or a resource claim) gives them a device. The scheduler counts only what
    is requested, so more pods could share a node than it has accelerators.

    Warning because a pod may have a reason to be on such a node without a device, such as to
    collect metrics.

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
    reason = _node_label(job.pod) or _toleration(job.pod)
    if reason and not _asks(job):
        message = (
            f"{reason} these pods onto accelerator nodes, but no container requests an accelerator"
        )
        hint = "Request one in resources.limits, for example nvidia.com/gpu or google.com/tpu."
        yield Finding(path=(*job.pod_path, "containers"), message=message, hint=hint)


def _node_label(pod: Mapping[str, Any]) -> str:
    """Say which node label sends the pods to accelerator nodes, or nothing."""
    for key, values in _required_labels(pod):
        if all(is_accelerator_node(key, value) for value in values or ("",)):
            colon = ": " if values else ""
            return f"the node label {key}{colon}{' or '.join(values)} sends"
    return ""


def _toleration(pod: Mapping[str, Any]) -> str:
    """Say which toleration lets the pods onto accelerator nodes, or nothing."""
    for _, toleration in objects(pod, "tolerations"):
        key = string(toleration, "key")
        if is_accelerator_taint(key):
            return f"the toleration of {key} lets"
    return ""


def _required_labels(pod: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the node labels that a pod requires, with the values that will do; none means any."""
    selector = mapping(pod, "nodeSelector")
    yield from ((key, (string(selector, key),)) for key in selector)

    required = mapping(mapping(mapping(pod, "affinity"), "nodeAffinity"), REQUIRED)
    terms = list(objects(required, "nodeSelectorTerms"))
    # One of several terms is enough, so none of them is required.
    if len(terms) == 1:
        _, term = terms[0]
        yield from _expected_labels(term)


def _expected_labels(term: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the node labels that a term of a node affinity requires."""
    for _, expression in objects(term, "matchExpressions"):
        if string(expression, "operator") in ("In", "Exists"):
            yield string(expression, "key"), strings(expression, "values")


def _asks(job: JobTemplate) -> bool:
    return bool(items(job.pod, "resourceClaims") or accelerators(job.pod))
