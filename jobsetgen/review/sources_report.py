"""Write the sources of fields as text for reviewers and as data for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jobsetgen import emit
from jobsetgen.diagnostics import Place
from jobsetgen.overlays.field_changes import FieldPath
from jobsetgen.review.sources import FieldSource, ObjectSources, Removal, Value
from jobsetgen.review.terminal import harmless
from jobsetgen.words import listed_first

NO_SOURCES = "No field is changed by a project or filled in by a template.\n"
"""What is said if every field is what its own file says."""

_LONGEST = 100
_SHOWN_PLACES = 3
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def as_text(objects: Iterable[ObjectSources]) -> str:
    """Return the fields of each object with where their values come from."""
    return "\n".join(map(_object, objects)) or NO_SOURCES


def _object(each: ObjectSources) -> str:
    where = f" in namespace {each.namespace}" if each.namespace else ""
    lines = [f"Sources of {each.kind} {each.name}{where}", ""]
    if each.removal:
        lines.append("  removed")
        lines.append(f"      from {_at(each.removal.place)}; was at {_at(each.removal.defined)}")
    for field in each.fields:
        lines.append(f"  {dotted(field.path)}: {_shown(field)}")
        lines.append(f"      {'; '.join(_origins(field))}")
    return "".join(f"{harmless(line)}\n" for line in lines)


def dotted(path: FieldPath) -> str:
    """Return a path as text: `spec.replicatedJobs[workers].replicas`, `metadata.labels['a.b/c']`."""
    return "".join(map(_step, path)).removeprefix(".")


def _step(step: str) -> str:
    if step.startswith("["):
        return step
    return f".{step}" if _PLAIN_KEY.fullmatch(step) else f"['{step}']"


def _shown(field: FieldSource) -> str:
    return "removed" if field.value is None else _value(field.value)


def _value(value: Value) -> str:
    """Return a value on one line, cut if it is long."""
    if value.is_hidden:
        return "(hidden)"
    if isinstance(value.data, (dict, list)):
        text = json.dumps(value.data, ensure_ascii=False)
    else:
        text = emit.scalar(value.data)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _origins(field: FieldSource) -> Iterator[str]:
    """Yield where a field was set, what that overrides, and what the file of the object says."""
    if field.places:
        yield _from(field.places)
    if field.overridden:
        yield f"overrides {_value(field.overridden)} at {_at(field.overridden.place)}"
    if field.was is None:
        yield from [] if field.overridden else ["new"]
    elif field.is_filled:
        yield f"in the template at {_at(field.was.place)}"
    else:
        yield _own(field.was)


def _own(was: Value) -> str:
    """Return what the file of the object says, with where a template has it from."""
    value, place = _value(was), _at(was.place)
    if was.origins:
        return f"was {value} {_from(was.origins)}, in the template at {place}"
    return f"was {value} at {place}"


def _from(places: Sequence[Place]) -> str:
    shown = [_at(each) for each in places[:_SHOWN_PLACES]]
    return f"from {listed_first(shown, len(places))}"


def _at(place: Place) -> str:
    """Return a place; a flag has no lines."""
    if place.file.startswith("--"):
        return place.file
    return f"{place.file}:{place.line}:{place.column}"


def as_data(each: ObjectSources, project: str | None = None) -> dict[str, Any]:
    """Return the fields of an object as data. New releases only add fields."""
    return {
        "project": project,
        "kind": each.kind,
        "namespace": each.namespace or None,
        "name": each.name,
        "removed": _removal_data(each.removal),
        "fields": [_field_data(field) for field in each.fields],
    }


def _removal_data(removal: Removal | None) -> dict[str, Any] | None:
    if removal is None:
        return None
    return {"from": _place_data(removal.place), "at": _place_data(removal.defined)}


def _field_data(field: FieldSource) -> dict[str, Any]:
    values = [value for value in (field.value, field.was, field.overridden) if value]
    return {
        "path": dotted(field.path),
        "change": _change(field),
        "value": field.value.data if field.value else None,
        "hidden": any(value.is_hidden for value in values),
        "from": [_place_data(place) for place in field.places],
        "was": field.was.data if field.was else None,
        "at": _place_data(field.was.place) if field.was else None,
        "wasFrom": [_place_data(place) for place in field.was.origins] if field.was else [],
        "overrides": _overridden_data(field.overridden),
    }


def _overridden_data(value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": value.data, "at": _place_data(value.place)}


def _change(field: FieldSource) -> str:
    if field.is_filled:
        return "filled"
    if field.was is None:
        return "added"
    return "removed" if field.value is None else "changed"


def _place_data(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}
