"""TPU slices on GKE: the dimensions of a topology, and its number of chips."""

from __future__ import annotations

import re
from math import prod

from jobsetgen.words import plural

ACCELERATOR = "cloud.google.com/gke-tpu-accelerator"
TOPOLOGY = "cloud.google.com/gke-tpu-topology"
"""The node labels of a slice's kind of TPU, and of its topology."""

RESOURCE = "google.com/tpu"

# The common topologies of each kind of TPU, at most one for each number of chips.
# Source: "Plan TPUs in GKE", https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus
_SQUARES = ("1x1", "2x2", "2x4", "4x4", "4x8", "8x8", "8x16", "16x16")
_CUBES = (
    *("2x2x1", "2x2x2", "2x2x4", "2x4x4"),
    *("4x4x4", "4x4x8", "4x8x8", "8x8x8", "8x8x16", "8x16x16"),
)
_TOPOLOGIES = {
    "tpu-v4-podslice": _CUBES,
    "tpu-v5-lite-podslice": _SQUARES,
    "tpu-v5p-slice": (*_CUBES, "16x16x16"),
    "tpu-v6e-slice": _SQUARES,
    "tpu7x": ("1x1x1", *_CUBES, "16x16x16"),
}

_FORM = re.compile(r"[1-9][0-9]{0,3}(x[1-9][0-9]{0,3}){1,2}")


def sides(topology: str) -> tuple[int, ...]:
    """Return the sides of a topology such as 2x4 or 4x4x4, or nothing if it has another form."""
    if not _FORM.fullmatch(topology):
        return ()
    return tuple(map(int, topology.split("x")))


def is_known(accelerator: str) -> bool:
    """Whether the topologies of a kind of TPU are known."""
    return accelerator in _TOPOLOGIES


def topology_with(accelerator: str, chips: int) -> str:
    """Return the usual topology of a number of chips, or nothing if none is known."""
    topologies = _TOPOLOGIES.get(accelerator, ())
    return next((each for each in topologies if prod(sides(each)) == chips), "")


def wrong_dimensions(accelerator: str, topology: str) -> str:
    """Say that a kind of TPU has topologies of other dimensions, or nothing.

    The accelerator must be known, and the topology well-formed.
    """
    dimensions = len(sides(_TOPOLOGIES[accelerator][0]))
    if len(sides(topology)) == dimensions:
        return ""
    return f"the topology {topology} does not have the {dimensions} dimensions of {accelerator}"


def chips_of(hosts: int, chips: int) -> str:
    """Return the chips of hosts with a number of chips each: `16 chips (4 hosts of 4)`."""
    return f"{plural(hosts * chips, 'chip')} ({plural(hosts, 'host')} of {chips:,})"


def misfit(topology: str, hosts: int, chips: int) -> str:
    """Say that a slice of hosts with a number of chips each has another topology, or nothing."""
    available = prod(sides(topology))
    if hosts * chips == available:
        return ""
    asked = chips_of(hosts, chips)
    return f"{asked} on the topology {topology}, which has {plural(available, 'chip')}"
