"""Accelerators: the resources that pods request them by, and the labels and taints of the nodes that have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobsetgen.kubernetes.pods import pod_requests

# Extended resources that are accelerators, by a word in their name, and what one of them is called.
_NOUNS = (
    (re.compile(r"tpu"), "chip"),
    (re.compile(r"(^|/)mig-"), "MIG device"),
    (re.compile(r"gpu|gaudi"), "GPU"),
    (re.compile(r"neuron|npu|ascend|accelerator"), "accelerator"),
)
# Intel's domain names all of them: what is not a whole GPU is a share of one, or access to its
# metrics.
_SHARES = re.compile(r"gpu\.intel\.com/(?!i915$|xe$)")

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
# The families that all have accelerators: Amazon's P, G, Trn and Inf, Google's A2 to A4, G2, G4 and
# TPU, Azure's N.
_INSTANCES = re.compile(
    r"(p[2-9]|g[3-9]|trn\d|inf\d)[a-z0-9-]*\.\d*[a-z]+|a[234]x?-[a-z]+gpu-|g[24]-standard-|ct\d[a-z]*-|standard_n[cdv]",
    re.I,
)


def noun(resource: str) -> str | None:
    """Return what one unit of a resource is called, or None for one that is not an accelerator."""
    if "/" not in resource or _SHARES.match(resource):
        return None
    return _noun_in(resource)


def is_accelerator_taint(key: str) -> bool:
    """Whether the taint of a key is one of accelerator nodes: it is named as the resource is, behind a domain."""
    _, slash, name = key.partition("/")
    return bool(slash) and _noun_in(name) is not None


def is_accelerator_node(key: str, value: str) -> bool:
    """Whether only accelerator nodes have a label of this key and value."""
    if key in _INSTANCE_TYPES:
        return _INSTANCES.match(value) is not None
    return key.startswith(_LABELS) and value != "false"


def accelerators(pod: Mapping[str, Any]) -> dict[str, int]:
    """Return the accelerators that a pod requests, by resource."""
    requests = sorted(pod_requests(pod).items())
    return {name: amount // 1000 for name, amount in requests if noun(name)}


def _noun_in(text: str) -> str | None:
    return next((word for pattern, word in _NOUNS if pattern.search(text.lower())), None)
