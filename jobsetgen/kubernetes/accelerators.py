"""Accelerators: the resources that pods request, and the labels and taints of their nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobsetgen.kubernetes.pods import pod_requests

# Words in the name of a resource that make it an accelerator, and the noun for one unit. The name
# is split at non-letters, so `output` is not a TPU, and `Ascend910` is an accelerator. The letter
# before `gpu` marks a virtual or shared one.
_WORDS = (
    (re.compile(r"v?tpus?"), "chip"),
    (re.compile(r"[a-z]?gpus?|gaudi"), "GPU"),
    (re.compile(r"v?npus?|neuron(core|device)?|ascend|accelerator"), "accelerator"),
)
_MIG = "mig-"
# Accelerators recognized by their domain. Intel's other resources are shares of a GPU or access to
# its metrics.
_NAMED_BY_DOMAIN = (
    (re.compile(r"cloud-tpus\.google\.com/.+"), "chip"),
    (re.compile(r"gpu\.intel\.com/(i915|xe)"), "GPU"),
    (re.compile(r"npu\.intel\.com/accel"), "accelerator"),
)

# Prefixes of labels that only accelerator nodes have.
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
# Instance families with accelerators: Amazon's P, G, Trn and Inf, Google's A2 to A4, G2, G4 and
# TPU, Azure's N.
_INSTANCES = re.compile(
    r"(p[2-9]|g[3-9]|trn\d|inf\d)[a-z0-9-]*\.\d*[a-z]+"
    r"|a[234]x?-[a-z]+gpu-|g[24]-standard-|ct\d[a-z]*-"
    r"|standard_n[cdv]",
    re.I,
)


def noun(resource: str) -> str | None:
    """Return the noun for one unit of an accelerator resource, or None for other resources."""
    for pattern, word in _NAMED_BY_DOMAIN:
        if pattern.fullmatch(resource):
            return word
    _, slash, name = resource.partition("/")
    return _noun_of(name) if slash else None


def is_accelerator_taint(key: str) -> bool:
    """Whether a taint reserves accelerator nodes: its key is named like their resource."""
    _, slash, name = key.partition("/")
    return bool(slash) and _noun_of(name) is not None


def is_accelerator_node(key: str, value: str) -> bool:
    """Whether only accelerator nodes have a label with this key and value."""
    if key in _INSTANCE_TYPES:
        return _INSTANCES.match(value) is not None
    return key.startswith(_LABELS) and value != "false"


def accelerators(pod: Mapping[str, Any]) -> dict[str, int]:
    """Return the accelerators that a pod requests, by resource."""
    requests = sorted(pod_requests(pod).items())
    return {name: amount // 1000 for name, amount in requests if noun(name)}


def _noun_of(name: str) -> str | None:
    """Return the noun for a resource's name without its domain, or None."""
    name = name.lower()
    if name.startswith(_MIG):
        return "MIG device"
    words = re.findall("[a-z]+", name)
    for pattern, noun in _WORDS:
        if any(map(pattern.fullmatch, words)):
            return noun
    return None
