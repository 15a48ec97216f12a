"""What the objects of an input are: their kinds, namespaces and names."""

from __future__ import annotations

from jobsetgen.model.unit import Unit
from jobsetgen.plain import mapping, string

Identity = tuple[str, str, str, str]
"""An object's API group, kind, namespace and name."""


def identity_of(unit: Unit) -> Identity | None:
    """Return what a unit is, or the JobSet that it was; None without a name."""
    if unit.jobset:
        # Without a name of its own, a set is what its spec is: that is what its name is made from.
        name = unit.jobset.name or f"{unit.jobset.generate_name}{unit.data.get('spec')}"
        return (_group(unit), "JobSet", unit.namespace, name)
    if unit.name:
        return (_group(unit), unit.kind, unit.namespace, unit.name)
    return None


def _group(unit: Unit) -> str:
    return unit.api_version.rpartition("/")[0]


def name_as_written(unit: Unit) -> str:
    """Return a unit's name, or the generateName that it will be made from."""
    return unit.name or string(mapping(unit.data, "metadata"), "generateName")
