"""The content of a jobsetgen.yaml as settings, and the content of several layers as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from jobsetgen.options.row import Option, sections_of
from jobsetgen.options.table import OPTIONS, Settings

_BY_PATH = {row.path: row for row in OPTIONS}
_SECTIONS = sections_of(Settings)


def read_settings(data: Mapping[str, Any]) -> Settings:
    """Return the settings that the content of a jobsetgen.yaml describes, over the defaults.

    The content fits the schema.
    """
    chosen: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {}
    for row in OPTIONS:
        *above, name = row.path
        holder = data.get(above[0], {}) if above else data
        if not row.setting or name not in holder:
            continue
        target = sections.setdefault(above[0], {}) if above else chosen
        target[row.setting[-1]] = row.kind.read(holder[name])
    for section, values in sections.items():
        chosen[section] = _SECTIONS[section].settings(**values)
    return Settings(**chosen)


def part(row: Option, value: Any) -> dict[str, Any]:
    """Return the content of a jobsetgen.yaml that holds one option."""
    *above, name = row.path
    return {above[0]: {name: value}} if above else {name: value}


def laid_over(layers: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the content of the first layer with that of the others over it, in their order."""
    return reduce(_laid_over, layers, {})


def _laid_over(
    below: Mapping[str, Any],
    above: Mapping[str, Any],
    path: tuple[str, ...] = (),
) -> dict[str, Any]:
    found = dict(below)
    for name, value in above.items():
        found[name] = _merged(found[name], value, (*path, name)) if name in found else value
    return found


def _merged(below: Any, above: Any, path: tuple[str, ...]) -> Any:
    if path[0] in _SECTIONS and len(path) == 1:
        return _laid_over(below, above, path)
    row = _BY_PATH.get(path)
    return row.kind.merged(below, above) if row else above
