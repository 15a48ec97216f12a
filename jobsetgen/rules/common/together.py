"""What must fit together across the whole input: names, subdomains, and the number of Jobs."""

from __future__ import annotations

from jobsetgen.model.unit import Unit
from jobsetgen.plain import mapping, string

Identity = tuple[str, str, str, str]


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


def duplicate_message(identity: Identity, first: Unit, second: Unit) -> str:
    _, kind, namespace, _ = identity
    name = name_as_written(second)
    where = f" in namespace {namespace}" if namespace else ""
    place = first.document.place(("metadata", "name"))
    is_near = place.file == second.document.place(("metadata", "name")).file
    there = f"on line {place.line}" if is_near else f"in {place.file}, line {place.line}"
    return f"{kind} {name}{where} is here twice; the first is {there}"


def name_as_written(unit: Unit) -> str:
    return unit.name or string(mapping(unit.data, "metadata"), "generateName")
