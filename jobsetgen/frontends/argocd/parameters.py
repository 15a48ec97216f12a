"""The parameters that an Argo CD Application gives the plugin: parts of a project file, laid over the folder's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.kubernetes.images import image_parts
from jobsetgen.options.table import OPTIONS, Settings
from jobsetgen.options.values import ImageOverride
from jobsetgen.project.codes import PARAMETER
from jobsetgen.project.layer import Layer, option_layer
from jobsetgen.words import near

VARIABLE = "ARGOCD_APP_PARAMETERS"

_Collection = Literal["string", "array", "map"]
_FORMS = {"string": "a string", "array": "an array of strings", "map": "a map of strings"}


@dataclass(frozen=True, slots=True)
class _Form:
    """How a parameter holds an option: `read` gives what a jobsetgen.yaml would hold, `shown` what a setting is here.

    `read` raises ValueError for texts of another form.
    """

    collection: _Collection = "string"
    read: Callable[[Any], Any] = lambda text: text
    shown: Callable[[Any], Any] = lambda setting: setting


def _images(entries: Sequence[str]) -> list[dict[str, str]]:
    return [_image(entry) for entry in entries]


def _image(entry: str) -> dict[str, str]:
    """Read `name=new:tag`, `name:tag` or `name@digest`, as `kustomize edit set image` does."""
    name, is_renamed, new = entry.partition("=")
    new_name, tag, digest = (
        "" if part == "*" else part for part in image_parts(new if is_renamed else name)
    )
    found = {
        "name": name if is_renamed else new_name,
        "newName": new_name if is_renamed else "",
        "newTag": tag,
        "digest": digest,
    }
    if not found["name"] or not any([new_name if is_renamed else "", tag, digest]):
        raise ValueError(f"'{entry}' is not of the form name=new:tag, name:tag or name@digest")
    return {key: text for key, text in found.items() if text or key == "name"}


def _replicas(numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_number(key, text) for key, text in numbers.items()]


def _number(key: str, text: str) -> dict[str, Any]:
    jobset, slash, replicated_job = key.partition("/")
    if not slash:
        raise ValueError(f"'{key}' is not of the form <JobSet>/<replicatedJob>")
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"{key} is '{text}', which is no number of Jobs")
    return {"jobSet": jobset, "replicatedJob": replicated_job, "replicas": int(text)}


def _shown_images(images: Sequence[ImageOverride]) -> list[str]:
    return [_written(each) for each in images if each.new_name or each.new_tag or each.digest]


def _written(image: ImageOverride) -> str:
    suffix = f"@{image.digest}" if image.digest else f":{image.new_tag}" if image.new_tag else ""
    return f"{image.name}={image.new_name}{suffix}" if image.new_name else f"{image.name}{suffix}"


def _shown_replicas(replicas: Mapping[tuple[str, str], int]) -> dict[str, str]:
    return {"/".join(key): str(number) for key, number in replicas.items()}


# Options that are more than a text.
_FORMS_OF = {
    "replicas": _Form("map", _replicas, _shown_replicas),
    "images": _Form("array", _images, _shown_images),
}
_TEXT = _Form()
_PARAMETERS = {row.parameter.name: (row, row.parameter) for row in OPTIONS if row.parameter}


def _form(name: str) -> _Form:
    return _FORMS_OF.get(name, _TEXT)


def announced(settings: Settings) -> str:
    """Return the parameters as Argo CD reads them: a JSON list with what holds in a folder without any."""
    in_order = sorted(_PARAMETERS.values(), key=lambda each: each[1].position)
    entries = [
        {
            "name": parameter.name,
            "title": parameter.title,
            "tooltip": parameter.tooltip,
            "collectionType": _form(parameter.name).collection,
            _form(parameter.name).collection: _form(parameter.name).shown(row.of(settings)),
        }
        for row, parameter in in_order
    ]
    return json.dumps(entries, indent=2) + "\n"


def read_parameters(text: str) -> tuple[list[Layer], list[Diagnostic]]:
    """Read ARGOCD_APP_PARAMETERS: each parameter as a project file of its own, and everything wrong with any."""
    try:
        entries = json.loads(text or "[]")
    except (ValueError, RecursionError) as error:
        return [], [_wrong(VARIABLE, f"this is no JSON: {error}")]
    try:
        json.dumps(entries, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return [], [
            _wrong(VARIABLE, "a text holds half of a surrogate pair, which is no character")
        ]
    entries = [] if entries is None else entries  # Argo CD writes null where a plugin has none
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return [], [_wrong(VARIABLE, "this is no list of parameters")]
    found: list[Layer] = []
    diagnostics: list[Diagnostic] = []
    names: set[str] = set()
    for entry in entries:
        name = str(entry.get("name", ""))
        project, wrong = _twice(name) if name in names else _read(name, entry)
        names.add(name)
        diagnostics += wrong
        # Whoever gives a parameter to one Application means to change something there.
        found += [replace(project, must_match=True)] if project else []
    return found, diagnostics


def _twice(name: str) -> tuple[None, list[Diagnostic]]:
    return None, [_wrong(_file(name), "it is given twice")]


def _read(name: str, entry: Mapping[str, Any]) -> tuple[Layer | None, list[Diagnostic]]:
    if name not in _PARAMETERS:
        return None, [_wrong(_file(name), "there is no such parameter", near(name, _PARAMETERS))]
    row, _ = _PARAMETERS[name]
    form = _form(name)
    value = entry.get(form.collection)
    if not _is(form.collection, value):
        given = next(
            (each for each in ("string", "array", "map") if entry.get(each) is not None), "nothing"
        )
        message = f"it is given as {given}, and has to be {_FORMS[form.collection]}"
        return None, [_wrong(_file(name), message)]
    if name == "kubernetesVersion" and not value:
        return None, []
    try:
        return option_layer(Place(_file(name)), row, form.read(value))
    except ValueError as error:
        return None, [_wrong(_file(name), str(error))]


def _is(collection: _Collection, value: Any) -> bool:
    """Whether a value is a string, or a list or a mapping of strings."""
    if collection == "string":
        return isinstance(value, str)
    if collection == "map":
        return isinstance(value, dict) and _is("array", list(value.values()))
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _file(name: str) -> str:
    """Return what stands in the place of a file in a diagnostic."""
    return f"parameter {name or '(without a name)'}"


def _wrong(file: str, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(PARAMETER, Place(file), message, hint)


def blamed(parameters: Sequence[Layer]) -> Diagnostic:
    """Return the error of a folder that is fine without its parameters, whatever place the others name."""
    names = ", ".join(each.document.file.removeprefix("parameter ") for each in parameters)
    return _wrong(
        VARIABLE,
        f"without the Application's parameters ({names}) there is nothing wrong with the folder",
    )
