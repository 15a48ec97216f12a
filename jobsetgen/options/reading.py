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
    chosen = _read(_rows_of(), data)
    for name, section in _SECTIONS.items():
        if name in data:
            chosen[name] = section.settings(**_read(_rows_of(name), data[name]))
    return Settings(**chosen)


def _rows_of(*section: str) -> list[Option]:
    """Return the options with a setting of a section, or those above all sections."""
    return [row for row in OPTIONS if row.setting and row.path[:-1] == section]


def _read(rows: Iterable[Option], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that part of a jobsetgen.yaml chooses, by the names of their fields."""
    found: dict[str, Any] = {}
    for row in rows:
        name = row.path[-1]
        if name in data:
            found[row.setting[-1]] = row.kind.read(data[name])
    return found


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
