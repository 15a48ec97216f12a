"""How many accelerators a pod asks for, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import mapping, string

# Extended resources that are accelerators, by a word in their name, and what one of them is called.
_NOUNS = (
    (re.compile(r"tpu"), "chip"),
    (re.compile(r"gpu|gaudi|i915|xe$"), "GPU"),
    (re.compile(r"neuron|npu|ascend|accelerator"), "accelerator"),
)


def noun(resource: str) -> str | None:
    """Return what one unit of an extended resource is called, or None for one that is no accelerator."""
    domain = resource.rpartition("/")[0]
    if not domain or domain.endswith("kubernetes.io"):
        return None
    return next((word for pattern, word in _NOUNS if pattern.search(resource.lower())), None)


def per_pod(template: JobTemplate) -> dict[str, int]:
    """Return the accelerators that a pod of this template asks for, by resource.

    As the scheduler counts: the containers and native sidecars together, or the largest init container if that is more.
    """
    together: dict[str, int] = {}
    largest: dict[str, int] = {}
    for path, container in template.containers():
        ends_before = path[-2] == "initContainers" and string(container, "restartPolicy") != "Always"
        for resource, count in _asked(container).items():
            if ends_before:
                largest[resource] = max(largest.get(resource, 0), count)
            else:
                together[resource] = together.get(resource, 0) + count
    names = sorted({*together, *largest})
    return {name: max(together.get(name, 0), largest.get(name, 0)) for name in names}


def _asked(container: Mapping[str, Any]) -> dict[str, int]:
    resources = mapping(container, "resources")
    asked = {**mapping(resources, "limits"), **mapping(resources, "requests")}
    return {name: int(str(value)) for name, value in asked.items() if noun(name) and str(value).isdecimal()}
