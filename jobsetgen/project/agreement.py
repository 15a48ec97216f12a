"""Whether the bases of a project agree on the options that the project leaves to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.options.reading import laid_over
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS
from jobsetgen.project.base_codes import BASE, SPREAD_OPTION
from jobsetgen.project.bases import Base
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.project.namespaces import NAMESPACE, are_in_one_namespace, conflict
from jobsetgen.words import dotted


def agreed(layer: Layer, bases: Sequence[Base], read: Inputs) -> Inputs:
    """Return what was read of a project, with what its bases do not agree on.

    The namespace of a base is given to its own objects, so bases need not agree on that: a project
    that does not set one inherits it only if they do.
    """
    found = list(_disagreements(layer, bases))
    if layer.namespace:
        return read.with_diagnostics(found)
    of_bases = {id(document) for base in bases for document in base.read.documents}
    own = [document for document in read.documents if id(document) not in of_bases]
    found += conflict(layer, bases, own)
    layers = read.layers
    if not are_in_one_namespace(bases):
        layers = tuple(each.without([NAMESPACE]) for each in layers)
    return read._replace(layers=layers).with_diagnostics(found)


def _disagreements(layer: Layer, bases: Sequence[Base]) -> Iterator[Diagnostic]:
    """Yield an error for each option that bases set differently and the project does not set.

    If only some set it, it applies to the JobSets of the others as well, which is a warning.
    """
    options = [laid_over(each.data for each in base.read.layers) for base in bases]
    for row in OPTIONS:
        if row.path == (NAMESPACE,):
            continue
        if not row.setting or _value(layer.data, row) is not None:
            continue
        values = [(base, _value(data, row)) for base, data in zip(bases, options, strict=True)]
        conflict = _conflict(row, values)
        if conflict:
            yield layer.document.diagnostic(BASE, conflict)
            continue
        spread = _spread(row, values)
        if spread:
            yield layer.document.diagnostic(SPREAD_OPTION, spread)


def _conflict(row: Option, values: Sequence[tuple[Base, Any]]) -> Finding | None:
    """Return that two bases set an option differently, at the second of them, or None."""
    chosen = [(base, value) for base, value in values if value is not None]
    for (first, below), (second, above) in pairwise(chosen):
        if _differ(row, below, above):
            return _finding(row, first, second)
    return None


def _spread(row: Option, values: Sequence[tuple[Base, Any]]) -> Finding | None:
    """Return that the option of a base applies to the JobSets of another, or None."""
    from_bases = [base for base, value in values if value is not None and base.has_jobsets]
    to_bases = [base for base, value in values if value is None and base.has_jobsets]
    if not from_bases or not to_bases:
        return None
    name = dotted(row.path)
    source, target = from_bases[0], to_bases[0]
    message = f"{name} of the base {source.shown} also applies to the base {target.shown}"
    return Finding(path=source.at, message=message, hint=f"Set {name} in this project.")


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
