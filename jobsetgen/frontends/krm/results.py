"""Format diagnostics as results of a KRM function, and as text for standard error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from jobsetgen.diagnostics import Diagnostic, shown
from jobsetgen.frontends.krm.resources import INDEXES, Item, ResourceList, file_of, index_of, notes
from jobsetgen.plain import mapping, string
from jobsetgen.review.left_out import left_out
from jobsetgen.review.terminal import harmless
from jobsetgen.words import dotted

_SEVERITIES = {"error": "error", "warning": "warning", "notice": "info"}
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
    target = resources.item_of(item.path)
    if target:
        meta = mapping(target, "metadata")
        named = {key: string(meta, key) for key in ("name", "namespace") if string(meta, key)}
        yield (
            "resourceRef",
            {"apiVersion": string(target, "apiVersion"), "kind": string(target, "kind"), **named},
        )
    field = item.path[2:] if index_of(item.path) is not None else item.path
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
