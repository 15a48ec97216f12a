"""Whether the bases of a project agree on the options that the project leaves to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.options.reading import laid_over
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS
from jobsetgen.project.base_codes import BASE
from jobsetgen.project.layer import Layer
from jobsetgen.words import dotted


class Base(NamedTuple):
    """A base: its name for people, where the project lists it, and its layers of options."""

    shown: str
    at: Path
    layers: Sequence[Layer]


def disagreements(layer: Layer, bases: Sequence[Base]) -> Iterator[Diagnostic]:
    """Yield an error for each option that bases set differently and the project does not set."""
    options = [laid_over(each.data for each in base.layers) for base in bases]
    for row in OPTIONS:
        if not row.setting or _value(layer.data, row) is not None:
            continue
        values = [(base, _value(data, row)) for base, data in zip(bases, options, strict=True)]
        chosen = [(base, value) for base, value in values if value is not None]
        for (first, below), (second, above) in pairwise(chosen):
            if _differ(row, below, above):
                yield layer.document.diagnostic(BASE, _finding(row, first, second))
                break


def _finding(row: Option, first: Base, second: Base) -> Finding:
    name = dotted(row.path)
    message = f"the bases {first.shown} and {second.shown} set {name} differently"
    return Finding(path=second.at, message=message, hint=f"Set {name} in this project.")


def _value(data: Mapping[str, Any], row: Option) -> Any:
    found: Any = data
    for step in row.path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _differ(row: Option, below: Any, above: Any) -> bool:
    """Whether it matters which of two values is the stronger; lists that are combined never do."""
    merged = row.kind.merged(below, above)
    if isinstance(merged, list) and merged != above:
        return False
    return bool(merged != row.kind.merged(above, below))
