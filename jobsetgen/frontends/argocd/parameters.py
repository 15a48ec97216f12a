"""The parameters of an Argo CD Application, as layers over the folder's project."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.frontends.argocd.environment import PARAMETERS
from jobsetgen.frontends.argocd.values import ValueParameter
from jobsetgen.options.row import Option, Parameter
from jobsetgen.options.table import OPTIONS, Settings
from jobsetgen.overlays.assignments import Assignment
from jobsetgen.project.codes import PARAMETER
from jobsetgen.project.layer import Layer, option_layer
from jobsetgen.words import near

_COLLECTIONS = {"string": "a string", "array": "an array of strings", "map": "a map of strings"}
_NO_VALUES: Mapping[str, ValueParameter] = MappingProxyType({})
_ROWS = {row.parameter.name: (row, row.parameter) for row in OPTIONS if row.parameter}


class Parameters(NamedTuple):
    """The parameters of an Application: layers of options, assignments of values, and errors."""

    layers: tuple[Layer, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def files(self) -> list[str]:
        """The names that replace files in their diagnostics."""
        return [
            *(each.document.file for each in self.layers),
            *(each.value.place.file for each in self.assignments),
        ]


def announced(settings: Settings, values: Iterable[ValueParameter] = ()) -> str:
    """Return the plugin's parameters with their current values, as Argo CD's JSON list.

    Those of a project's values come first.
    """
    in_order = sorted(_ROWS.values(), key=lambda each: each[1].position)
    entries = [each.announcement() for each in values]
    entries += [_announcement(row, parameter, settings) for row, parameter in in_order]
    return json.dumps(entries, indent=2) + "\n"


def _announcement(row: Option, parameter: Parameter, settings: Settings) -> dict[str, Any]:
    form = row.kind.parameter_form
    return {
        "name": parameter.name,
        "title": parameter.title,
        "tooltip": parameter.tooltip,
        "collectionType": form.collection,
        form.collection: form.shown(row.of(settings)),
    }


def read_parameters(text: str, values: Mapping[str, ValueParameter] = _NO_VALUES) -> Parameters:
    """Parse ARGOCD_APP_PARAMETERS; `values` are the announced values by their names."""
    try:
        entries = _entries(text)
    except ValueError as error:
        return Parameters(diagnostics=(_wrong(PARAMETERS, str(error)),))

    found: list[Layer] = []
    assignments: list[Assignment] = []
    diagnostics: list[Diagnostic] = []
    names: set[str] = set()
    for entry in entries:
        name = str(entry.get("name", ""))
        if name in names:
            diagnostics.append(_wrong(_file(name), "given more than once"))
            continue
        names.add(name)
        if name in values:
            assignment, wrong = _read_value(values[name], entry)
            assignments += [assignment] if assignment else []
        else:
            layer, wrong = _read(name, entry, values)
            # A parameter of one Application is meant to change something there.
            found += [layer._replace(must_match=True)] if layer else []
        diagnostics += wrong
    return Parameters(tuple(found), tuple(assignments), tuple(diagnostics))


def _entries(text: str) -> list[Mapping[str, Any]]:
    """Return the list of parameters. Raises ValueError with a message for anything else."""
    entries = _loaded(text or "[]")
    if entries is None:  # Argo CD writes null where a plugin has none
        return []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise ValueError("not a list of parameters")
    return entries


def _loaded(text: str) -> Any:
    """Return the value of JSON text. Raises ValueError with a message if it is invalid."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"invalid JSON: {error}") from error
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = "a string contains an unpaired surrogate"
        raise ValueError(message) from error
    return found


def _read_value(
    parameter: ValueParameter, entry: Mapping[str, Any]
) -> tuple[Assignment | None, list[Diagnostic]]:
    file = _file(parameter.name)
    value = entry.get(parameter.collection)
    if not _has_form(parameter.collection, value):
        return None, [_wrong(file, _other_collection(parameter.collection, entry))]
    assert isinstance(value, (str, list))
    if value == "" and not parameter.is_text:
        # As of options: the UI leaves a field empty that is not set.
        return None, []
    try:
        return parameter.assignment(value, Place(file)), []
    except ValueError as error:
        return None, [_wrong(file, str(error))]


def _read(
    name: str, entry: Mapping[str, Any], values: Mapping[str, ValueParameter]
) -> tuple[Layer | None, list[Diagnostic]]:
    file = _file(name)
    if name not in _ROWS:
        return None, [_wrong(file, "unknown parameter", near(name, [*_ROWS, *values]))]
    row, parameter = _ROWS[name]
    form = row.kind.parameter_form
    value = entry.get(form.collection)

    if not _has_form(form.collection, value):
        return None, [_wrong(file, _other_collection(form.collection, entry))]
    if parameter.ignores_empty and not value:
        return None, []
    try:
        return option_layer(Place(file), row, form.read(value))
    except ValueError as error:
        return None, [_wrong(file, str(error))]


def _other_collection(collection: str, entry: Mapping[str, Any]) -> str:
    wanted = _COLLECTIONS[collection]
    given = [each for each in _COLLECTIONS if entry.get(each) is not None]
    if not given:
        return f"no value given; must be {wanted}"
    return f"given as {given[0]}, but must be {wanted}"


def _has_form(collection: str, value: Any) -> bool:
    """Whether a value is a string, or a list or a mapping of strings."""
    if collection == "string":
        return isinstance(value, str)
    if collection == "map":
        return isinstance(value, dict) and _has_form("array", list(value.values()))
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _file(name: str) -> str:
    """Return the name that replaces the file in a diagnostic."""
    return f"parameter {name or '(without a name)'}"


def _wrong(file: str, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(PARAMETER, Place(file), message, hint)


def blamed(parameters: Parameters) -> Diagnostic:
    """Return the error for a folder that compiles only without its parameters."""
    names = ", ".join(each.removeprefix("parameter ") for each in parameters.files)
    message = f"the folder compiles without the Application's parameters ({names})"
    return _wrong(PARAMETERS, message)
