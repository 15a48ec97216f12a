"""Format diagnostics as results of a KRM function, and as text for standard error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Path, Place, shown
from jobsetgen.frontends.krm.resources import INDEXES, Item, ResourceList, file_of, index_of, notes
from jobsetgen.plain import mapping, string
from jobsetgen.review.left_out import left_out
from jobsetgen.review.terminal import harmless
from jobsetgen.source.documents import Node
from jobsetgen.words import dotted

_SEVERITIES = {"error": "error", "warning": "warning", "notice": "info"}
_CONFIG = "functionConfig"
# Whatever an orchestrator writes, it is no larger; Python refuses to convert thousands of digits.
_INDEX = "[0-9]{1,9}"


def results(resources: ResourceList | None, diagnostics: Iterable[Diagnostic]) -> list[Item]:
    """Return diagnostics as results of a KRM function.

    Each has its object, field and file, if known.
    """
    report = shown(diagnostics)
    uncounted = [{"message": line, "severity": "info"} for line in left_out(report)]
    return [*(dict(_result(resources, item)) for item in report.items), *uncounted]


def _result(resources: ResourceList | None, item: Diagnostic) -> Iterator[tuple[str, Any]]:
    message = " ".join(filter(None, [f"{item.code}: {item.message.rstrip('.')}.", item.hint]))
    yield "message", harmless(message)
    yield "severity", _SEVERITIES[item.severity]
    if resources is None:
        return
    path = item.path or _path_at(resources, item.place)
    target = resources.item_of(path)
    if target:
        meta = mapping(target, "metadata")
        named = {key: string(meta, key) for key in ("name", "namespace") if string(meta, key)}
        yield (
            "resourceRef",
            {"apiVersion": string(target, "apiVersion"), "kind": string(target, "kind"), **named},
        )
    field = path[2:] if index_of(path) is not None else path
    if field:
        yield "field", {"path": harmless(dotted(field))}
    if file_of(target):
        index = next((string(notes(target), key) for key in INDEXES if key in notes(target)), "")
        yield (
            "file",
            {
                "path": file_of(target),
                **({"index": int(index)} if re.fullmatch(_INDEX, index) else {}),
            },
        )


def _path_at(resources: ResourceList, place: Place) -> Path:
    """Return the path of the field of the functionConfig that a place is in, or an empty path.

    The result has no line, so the field is all that says which patch is wrong.
    """
    root = resources.document.root
    if _CONFIG not in root.keys:
        return ()
    begin = _position(root.key(_CONFIG))
    later = [at for at in map(_position, root.keys.values()) if at > begin]
    at = _position(place)
    if at < begin or (later and at >= min(later)):
        return ()
    path: Path = (_CONFIG,)
    node = root.child(_CONFIG)
    while node is not None and (step := _step_to(node, at)) is not None:
        path = (*path, step)
        node = node.child(step)
    return path


def _step_to(node: Node, at: tuple[int, int]) -> str | int | None:
    """Return the key or index of the last child that begins before a position, if any does."""
    places: dict[str | int, Place]
    if isinstance(node.children, dict):
        places = {name: node.key(name) for name in node.children}
    else:
        places = {index: child.place for index, child in enumerate(node.children)}
    begun = [(_position(place), index) for index, place in enumerate(places.values())]
    before = [each for each in begun if each[0] <= at]
    return list(places)[max(before)[1]] if before else None


def _position(place: Place) -> tuple[int, int]:
    return place.line, place.column


def as_text(found: Iterable[Item]) -> str:
    """Return results as lines, for tools that show only standard error."""
    lines = (f"{_whereabouts(each)}{each['severity']}: {each['message']}" for each in found)
    return "".join(f"{harmless(line)}\n" for line in lines)


def _whereabouts(result: Item) -> str:
    target = mapping(result, "resourceRef")
    places = (
        string(mapping(result, "file"), "path"),
        f"{string(target, 'kind')} {string(target, 'name')}".strip(),
        string(mapping(result, "field"), "path"),
    )
    return "".join(f"{place}: " for place in places if place)
