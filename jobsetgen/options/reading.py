"""Convert the content of a jobsetgen.yaml to settings, and merge the content of layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from jobsetgen.options.row import Option, sections_of
from jobsetgen.options.table import OPTIONS, Settings

_BY_PATH = {row.path: row for row in OPTIONS}
_SECTIONS = sections_of(Settings)


def read_settings(data: Mapping[str, Any]) -> Settings:
    """Return the settings of a jobsetgen.yaml, with defaults for what it does not set.

    The content must be valid against the schema.
    """
    chosen = _read(_rows_of(), data)
    for name, section in _SECTIONS.items():
        if name in data:
            chosen[name] = section.settings(**_read(_rows_of(name), data[name]))
    return Settings(**chosen)


def _rows_of(*section: str) -> list[Option]:
    """Return the options of a section that have a setting; without one, the top-level options."""
    return [row for row in OPTIONS if row.setting and row.path[:-1] == section]


def _read(rows: Iterable[Option], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in part of a jobsetgen.yaml, by field name."""
    found: dict[str, Any] = {}
    for row in rows:
        name = row.path[-1]
        if name in data:
            found[row.setting[-1]] = row.kind.read(data[name])
    return found


def part(row: Option, value: Any) -> dict[str, Any]:
    """Return the content of a jobsetgen.yaml that sets one option."""
    *above, name = row.path
    return {above[0]: {name: value}} if above else {name: value}


def laid_over(layers: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the merged content of layers; each overrides those before it."""
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
