"""Layers of options, each of which overrides those before it.

A project file, a flag and a parameter of an Argo CD Application are each a layer. Invalid options
are therefore found in the same way, and reported with the name of their origin.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path, Place, diagnostic
from jobsetgen.options import reading
from jobsetgen.options.project import CHANGES, PATCHES, VALUES_SCHEMA
from jobsetgen.options.row import Option
from jobsetgen.options.table import Settings
from jobsetgen.plain import boolean, objects, string, without_nulls
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.schema import WRONG_TYPE, problems
from jobsetgen.schema.mending import without_consequences
from jobsetgen.source.documents import Document, computed

HEAD = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator"}
"""The fields that identify a jobsetgen.yaml."""


class Resource(NamedTuple):
    """A resource of a project: its path as written, and where in the project file that is.

    With `kustomize`, the path is a folder that is read through kustomize.
    """

    path: str
    at: Path
    kustomize: bool = False


class Layer(NamedTuple):
    """Valid options, as the content of a jobsetgen.yaml.

    With `must_match`, each of its images must be used by a container. `is_of_base` is whether they
    are those of a base of the project that is compiled.
    """

    document: Document
    data: Mapping[str, Any]
    must_match: bool = False
    is_of_base: bool = False

    @property
    def resources(self) -> tuple[Resource, ...] | None:
        """What it lists, or None if it does not set `resources`."""
        if "resources" not in self.data:
            return None
        return tuple(_resource(index, each) for index, each in enumerate(self.data["resources"]))

    @property
    def has_changes(self) -> bool:
        """Whether it changes its resources."""
        return any(option.path[0] in self.data for option in CHANGES)

    @property
    def namespace(self) -> str:
        """The namespace of JobSets without one; empty if it does not set one."""
        return string(self.data, "namespace")

    def without(self, names: Collection[str]) -> Layer:
        """Return the layer without some of its options."""
        data = {name: value for name, value in self.data.items() if name not in names}
        return self._replace(data=data)

    def other_files(self) -> Iterator[str]:
        """Yield the paths of the files that it names besides its resources: schema and patches."""
        if schema := string(self.data, VALUES_SCHEMA.path[0]):
            yield schema
        for _, patch in objects(self.data, PATCHES.path[0]):
            if path := string(patch, "path"):
                yield path

    def with_document(self, document: Document) -> Layer:
        """Return the layer with other values for some of its options."""
        data = {name: each for name, each in document.data.items() if name in self.data}
        return self._replace(document=document, data=without_nulls(data))

    def settings(self) -> Settings:
        """Return its options with defaults for the others."""
        return reading.read_settings(self.data)


def _resource(index: int, entry: str | Mapping[str, Any]) -> Resource:
    at = ("resources", index)
    if isinstance(entry, str):
        return Resource(path=entry, at=at)
    is_of_kustomize = boolean(entry, "kustomize", False)
    return Resource(path=entry["path"], at=(*at, "path"), kustomize=is_of_kustomize)


def layer(
    document: Document,
    data: Mapping[str, Any],
) -> tuple[Layer | None, list[Diagnostic]]:
    """Return data as a layer, or the schema errors; `document` has the places of the data."""
    version = Settings().kubernetes_version
    found = without_consequences(problems(data, HEAD["kind"], version))
    wrong = [document.diagnostic(each.code, _with_path(each.finding, data)) for each in found]
    return (None if wrong else Layer(document=document, data=data)), wrong


def _with_path(finding: Finding, data: Mapping[str, Any]) -> Finding:
    """Return a finding, with a hint if it is about a patch that is written as its path."""
    match finding.path:
        case (name, int(index)) if name == PATCHES.path[0]:
            entry = data[name][index]
            if isinstance(entry, str) and "\n" not in entry:
                return finding._replace(hint=f"Write '- path: {entry}'.")
    return finding


def option_layer(place: Place, row: Option, value: Any) -> tuple[Layer | None, list[Diagnostic]]:
    """Return one option as a layer, or the schema errors; `place` is where it was set."""
    data = {**HEAD, **reading.part(row, value)}
    document = Document(root=computed(data, place))
    if row.in_file:
        return layer(document, data)
    # Flag-only options are not in the schema.
    return Layer(document=document, data=data), []


def chosen_layer(place: Place, options: Mapping[str, Any]) -> Layer:
    """Return options that are known to be valid as a layer; `place` is where they were set."""
    data = {**HEAD, **options}
    return Layer(document=Document(root=computed(data, place)), data=data)


def options_layer(options: Mapping[str, Any]) -> tuple[Layer | None, list[Diagnostic]]:
    """Return the options of a Python caller as a layer, or the schema errors."""
    place = Place("options")
    try:
        data = as_json({**HEAD, **options})
    except (TypeError, ValueError, RecursionError) as error:
        return None, [diagnostic(WRONG_TYPE, place, f"the options are not JSON data: {error}")]
    document = Document(root=computed(data, place))
    if "resources" in data:
        message = "resources can be set only in the folder's jobsetgen.yaml"
        finding = Finding(path=("resources",), message=message)
        return None, [document.diagnostic(NO_RESOURCE, finding)]
    return layer(document, data)


def settings_layer(settings: Settings) -> tuple[Layer | None, list[Diagnostic]]:
    """Return the settings of a Python caller as a layer, or the schema errors."""
    from jobsetgen.options.writing import content_of

    place = Place("settings")
    try:
        data = as_json({**HEAD, **content_of(settings)})
        of_file = as_json({**HEAD, **content_of(settings, in_file=True)})
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        message = f"a setting has the wrong type: {error}"
        return None, [diagnostic(WRONG_TYPE, place, message)]
    document = Document(root=computed(data, place))
    _, wrong = layer(document, of_file)
    return (None if wrong else Layer(document=document, data=data)), wrong


def as_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data of a Python caller converted to JSON types.

    Raises TypeError or ValueError for values that JSON cannot represent, and for invalid Unicode.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    text.encode()
    found: dict[str, Any] = json.loads(text)
    return found


def settings_of(layers: Sequence[Layer]) -> Settings:
    """Return the merged settings of all layers; the last layer that sets an option wins."""
    return reading.read_settings(reading.laid_over(each.data for each in layers))
