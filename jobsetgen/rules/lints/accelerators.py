"""Pods on accelerator nodes that ask for no accelerator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import items, mapping, objects, string, strings
from jobsetgen.rules.rule import job_rule

# Labels that only accelerator nodes have, by how they begin.
_LABELS = (
    "cloud.google.com/gke-tpu-accelerator",
    "cloud.google.com/gke-tpu-topology",
    "cloud.google.com/gke-accelerator",
    "nvidia.com/gpu",
    "amd.com/gpu",
    "k8s.amazonaws.com/accelerator",
    "karpenter.k8s.aws/instance-accelerator-",
    "karpenter.k8s.aws/instance-gpu-",
    "kubernetes.azure.com/accelerator",
)
_INSTANCE_TYPES = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
# The families that all have accelerators: Amazon's P, G, Trn and Inf, Google's A2 to A4, G2, G4 and TPU, Azure's N.
_INSTANCES = (
    r"(p[2-9]|g[3-9]|trn\d|inf\d)[a-z0-9-]*\.\d*[a-z]+|a[234]x?-[a-z]+gpu-|g[24]-standard-|ct\d[a-z]*-|standard_n[cdv]"
)
_RESOURCE = re.compile(r"[^/]+/.*(tpu|gpu|mig-|neuron|gaudi|npu|ascend|accelerator)", re.I)


@job_rule("JSG505", "no-accelerator-asked", "warning")
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
        if all(_is_accelerator_node(key, value) for value in values or ("",)):
            return f"the node label {key}{': ' if values else ''}{' or '.join(values)} sends"
    for _, toleration in objects(pod, "tolerations"):
        key = string(toleration, "key")
        if _RESOURCE.match(key):
            return f"the toleration of {key} lets"
    return ""


def _selected(pod: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the node labels that a pod requires, with the values that will do; none means any."""
    selector = mapping(pod, "nodeSelector")
    yield from ((key, (string(selector, key),)) for key in selector)
    required = mapping(
        mapping(mapping(pod, "affinity"), "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution"
    )
    terms = list(objects(required, "nodeSelectorTerms"))
    # One of several terms is enough, so none of them is required.
    for _, term in terms if len(terms) == 1 else ():
        for _, expression in objects(term, "matchExpressions"):
            if string(expression, "operator") in ("In", "Exists"):
                yield string(expression, "key"), strings(expression, "values")


def _is_accelerator_node(key: str, value: str) -> bool:
    if key in _INSTANCE_TYPES:
        return re.match(_INSTANCES, value, re.I) is not None
    return key.startswith(_LABELS) and value != "false"


def _asks(job: JobTemplate) -> bool:
    if items(job.pod, "resourceClaims"):
        return True
    for _, container in job.containers():
        resources = mapping(container, "resources")
        if any(_RESOURCE.match(name) for name in (*mapping(resources, "limits"), *mapping(resources, "requests"))):
            return True
    return False
