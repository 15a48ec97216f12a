"""The parameters of an Argo CD Application, as layers over the folder's project."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.frontends.argocd.environment import PARAMETERS
from jobsetgen.options.kinds import ParameterForm
from jobsetgen.options.row import Option, Parameter
from jobsetgen.options.table import OPTIONS, Settings
from jobsetgen.project.codes import PARAMETER
from jobsetgen.project.layer import Layer, option_layer
from jobsetgen.words import near

_COLLECTIONS = {"string": "a string", "array": "an array of strings", "map": "a map of strings"}
_ROWS = {row.parameter.name: (row, row.parameter) for row in OPTIONS if row.parameter}


def announced(settings: Settings) -> str:
    """Return the plugin's parameters with their current values, as Argo CD's JSON list."""
    in_order = sorted(_ROWS.values(), key=lambda each: each[1].position)
    entries = [_announcement(row, parameter, settings) for row, parameter in in_order]
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


def read_parameters(text: str) -> tuple[list[Layer], list[Diagnostic]]:
    """Parse ARGOCD_APP_PARAMETERS; return a layer for each parameter, and the diagnostics."""
    try:
        entries = _entries(text)
    except ValueError as error:
        return [], [_wrong(PARAMETERS, str(error))]

    found: list[Layer] = []
    diagnostics: list[Diagnostic] = []
    names: set[str] = set()
    for entry in entries:
        name = str(entry.get("name", ""))
        layer, wrong = _duplicate(name) if name in names else _read(name, entry)
        names.add(name)
        diagnostics += wrong
        if layer is not None:
            # A parameter of one Application is meant to change something there.
            found.append(layer._replace(must_match=True))
    return found, diagnostics


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


def _duplicate(name: str) -> tuple[None, list[Diagnostic]]:
    return None, [_wrong(_file(name), "given more than once")]


def _read(name: str, entry: Mapping[str, Any]) -> tuple[Layer | None, list[Diagnostic]]:
    file = _file(name)
    if name not in _ROWS:
        return None, [_wrong(file, "unknown parameter", near(name, _ROWS))]
    row, parameter = _ROWS[name]
    form = row.kind.parameter_form
    value = entry.get(form.collection)

    if not _has_form(form.collection, value):
        return None, [_wrong(file, _other_collection(form, entry))]
    if parameter.ignores_empty and not value:
        return None, []
    try:
        return option_layer(Place(file), row, form.read(value))
    except ValueError as error:
        return None, [_wrong(file, str(error))]


def _other_collection(form: ParameterForm, entry: Mapping[str, Any]) -> str:
    wanted = _COLLECTIONS[form.collection]
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


def blamed(parameters: Sequence[Layer]) -> Diagnostic:
    """Return the error for a folder that compiles only without its parameters."""
    names = ", ".join(each.document.file.removeprefix("parameter ") for each in parameters)
    message = f"the folder compiles without the Application's parameters ({names})"
    return _wrong(PARAMETERS, message)
