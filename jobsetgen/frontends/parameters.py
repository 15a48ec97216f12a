"""The parameters that an Argo CD Application gives the plugin: parts of a project file, laid over the folder's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jobsetgen.diagnostics import Diagnostic, Position, diagnostic
from jobsetgen.kubernetes.images import image_parts
from jobsetgen.model.project import PROJECT_KIND, Project, project_of
from jobsetgen.model.project_codes import PARAMETER
from jobsetgen.model.settings import ImageOverride, Settings
from jobsetgen.source.documents import Document, Node
from jobsetgen.words import near

VARIABLE = "ARGOCD_APP_PARAMETERS"

_Collection = Literal["string", "array", "map"]
_FORMS = {"string": "a string", "array": "an array of strings", "map": "a map of strings"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. `part` is the part of a project file that says the same, `shown` what holds without it."""

    name: str
    title: str
    tooltip: str
    collection: _Collection = "string"
    part: Callable[[Any], Mapping[str, Any]]
    shown: Callable[[Settings], Any]


def _images(entries: Sequence[str]) -> Mapping[str, Any]:
    return {"images": [_image(entry) for entry in entries]}


def _image(entry: str) -> dict[str, str]:
    """Read `name=new:tag`, `name:tag` or `name@digest`, as `kustomize edit set image` does."""
    name, is_renamed, new = entry.partition("=")
    new_name, tag, digest = ("" if part == "*" else part for part in image_parts(new if is_renamed else name))
    found = {
        "name": name if is_renamed else new_name,
        "newName": new_name if is_renamed else "",
        "newTag": tag,
        "digest": digest,
    }
    if not found["name"] or not any([new_name if is_renamed else "", tag, digest]):
        raise ValueError(f"'{entry}' is not of the form name=new:tag, name:tag or name@digest")
    return {key: text for key, text in found.items() if text or key == "name"}


def _replicas(numbers: Mapping[str, str]) -> Mapping[str, Any]:
    return {"replicas": [_number(key, text) for key, text in numbers.items()]}


def _number(key: str, text: str) -> dict[str, Any]:
    jobset, slash, replicated_job = key.partition("/")
    if not slash:
        raise ValueError(f"'{key}' is not of the form <JobSet>/<replicatedJob>")
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"{key} is '{text}', which is no number of Jobs")
    return {"jobSet": jobset, "replicatedJob": replicated_job, "replicas": int(text)}


PARAMETERS = (
    Parameter(
        name="jobs",
        title="Who creates the Jobs",
        tooltip="git: Argo CD, from the manifests; watcher: the restart-watcher, from its plan",
        part=lambda value: {"jobs": value},
        shown=lambda settings: settings.jobs,
    ),
    Parameter(
        name="updatePolicy",
        title="What becomes of running Jobs that have changed",
        tooltip="Recreate, Block, or with jobs: watcher OnRestart",
        part=lambda value: {"updatePolicy": value},
        shown=lambda settings: settings.update_policy,
    ),
    Parameter(
        name="restartWatcher",
        title="Which sets have a restart-watcher",
        tooltip="Auto: those that need one; Always; Never",
        part=lambda value: {"restartWatcher": value},
        shown=lambda settings: settings.restart_watcher,
    ),
    Parameter(
        name="watcherImage",
        title="Image of the restart-watcher",
        tooltip="Any image with python3 in it, best with a digest",
        part=lambda value: {"watcher": {"image": value}},
        shown=lambda settings: settings.watcher.image,
    ),
    Parameter(
        name="placement",
        title="How exclusive placement is expressed",
        tooltip="affinity, node-selector, or domains, which the jobsetgen.yaml lists",
        part=lambda value: {"placement": {"strategy": value}},
        shown=lambda settings: settings.placement.strategy,
    ),
    Parameter(
        name="kubernetesVersion",
        title="Kubernetes version to check against",
        tooltip="A minor version, such as 1.36; empty: the destination cluster's",
        part=lambda value: {"kubernetesVersion": value},
        shown=lambda settings: settings.kubernetes_version,
    ),
    Parameter(
        name="runId",
        title="Run",
        tooltip="Any text; a change of it runs a finished set again",
        part=lambda value: {"runId": value},
        shown=lambda settings: settings.run_id,
    ),
    Parameter(
        name="replicas",
        title="Numbers of Jobs",
        tooltip="By <JobSet>/<replicatedJob>, such as train/workers: 4",
        collection="map",
        part=_replicas,
        shown=lambda settings: {"/".join(key): str(number) for key, number in settings.replicas.items()},
    ),
    Parameter(
        name="images",
        title="Images",
        tooltip="name=new:tag, name:tag or name@digest, as `kustomize edit set image` has them",
        collection="array",
        part=_images,
        shown=lambda settings: [
            _written(each) for each in settings.images if each.new_name or each.new_tag or each.digest
        ],
    ),
)
_BY_NAME = {each.name: each for each in PARAMETERS}


def _written(image: ImageOverride) -> str:
    suffix = f"@{image.digest}" if image.digest else f":{image.new_tag}" if image.new_tag else ""
    return f"{image.name}={image.new_name}{suffix}" if image.new_name else f"{image.name}{suffix}"


def announced(settings: Settings) -> str:
    """Return the parameters as Argo CD reads them: a JSON list with what holds in a folder without any."""
    entries = [
        {
            "name": each.name,
            "title": each.title,
            "tooltip": each.tooltip,
            "collectionType": each.collection,
            each.collection: each.shown(settings),
        }
        for each in PARAMETERS
    ]
    return json.dumps(entries, indent=2) + "\n"


def read_parameters(text: str) -> tuple[list[Project], list[Diagnostic]]:
    """Read ARGOCD_APP_PARAMETERS: each parameter as a project file of its own, and everything wrong with any."""
    try:
        entries = json.loads(text or "[]")
    except (ValueError, RecursionError) as error:
        return [], [_wrong(VARIABLE, f"this is no JSON: {error}")]
    try:
        json.dumps(entries, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return [], [_wrong(VARIABLE, "a text holds half of a surrogate pair, which is no character")]
    entries = [] if entries is None else entries  # Argo CD writes null where a plugin has none
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return [], [_wrong(VARIABLE, "this is no list of parameters")]
    found: list[Project] = []
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


def _read(name: str, entry: Mapping[str, Any]) -> tuple[Project | None, list[Diagnostic]]:
    parameter = _BY_NAME.get(name)
    if parameter is None:
        return None, [_wrong(_file(name), "there is no such parameter", near(name, _BY_NAME))]
    value = entry.get(parameter.collection)
    if not _is(parameter.collection, value):
        given = next((each for each in ("string", "array", "map") if entry.get(each) is not None), "nothing")
        message = f"it is given as {given}, and has to be {_FORMS[parameter.collection]}"
        return None, [_wrong(_file(name), message)]
    if name == "kubernetesVersion" and not value:
        return None, []
    try:
        data = {**PROJECT_KIND, **parameter.part(value)}
    except ValueError as error:
        return None, [_wrong(_file(name), str(error))]
    document = Document(file=_file(name), root=Node(data, Position(1, 1)), ignores={})
    return project_of(document, data)


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
    return diagnostic(PARAMETER, file, Position(1, 1), message, hint)


def blamed(parameters: Sequence[Project]) -> Diagnostic:
    """Return the error of a folder that is fine without its parameters, whatever place the others name."""
    names = ", ".join(each.document.file.removeprefix("parameter ") for each in parameters)
    return _wrong(VARIABLE, f"without the Application's parameters ({names}) there is nothing wrong with the folder")
