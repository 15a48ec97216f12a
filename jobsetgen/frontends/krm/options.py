"""The options in the functionConfig, which are those of a project file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.frontends.krm.resources import ResourceList
from jobsetgen.options.schema import project_schema
from jobsetgen.plain import without_nulls
from jobsetgen.project.codes import NO_OUTPUT, NO_PROJECT, NO_RESOURCE
from jobsetgen.project.layer import HEAD, Layer, layer
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load

_Problems = list[Diagnostic]
_WRITES_NO_FOLDER = "a KRM function writes no folder: its output is the ResourceList"
_FILLS_NO_TEMPLATE = "a KRM function fills no templates: its input is the ResourceList"
# Options that need a file system, which a function does not have.
_OF_FILES = {
    "resources": (NO_RESOURCE, "a KRM function reads no files: its input is the ResourceList"),
    "values": (NO_RESOURCE, _FILLS_NO_TEMPLATE),
    "valuesSchema": (NO_RESOURCE, _FILLS_NO_TEMPLATE),
    "output": (NO_OUTPUT, _WRITES_NO_FOLDER),
    "readme": (NO_OUTPUT, _WRITES_NO_FOLDER),
    "gitattributes": (NO_OUTPUT, _WRITES_NO_FOLDER),
}


def options(resources: ResourceList) -> tuple[Layer | None, _Problems]:
    """Return the functionConfig as a layer, or its problems.

    It is a JobSetGenerator, or a ConfigMap with its fields. Without one, both results are empty.
    """
    config = without_nulls(resources.data.get("functionConfig"))
    if config is None:
        return None, []
    document = resources.document.item("functionConfig")
    problems: _Problems = []
    if isinstance(config, Mapping) and config.get("kind") == "ConfigMap":
        document, config, problems = _of_config_map(document, config)
    if problems:
        return None, problems
    if not isinstance(config, Mapping) or config.get("kind") != HEAD["kind"]:
        message = "the functionConfig is neither a JobSetGenerator nor a ConfigMap"
        return None, [_refused(document, "kind", message)]
    problems = [
        document.diagnostic(code, Finding(path=(field,), message=message, on_key=True))
        for field, (code, message) in _OF_FILES.items()
        if field in config
    ]
    if problems:
        return None, problems
    # The metadata configure how the function is run, not the function itself.
    return layer(document, {key: value for key, value in config.items() if key != "metadata"})


def _of_config_map(
    document: Document, config: Mapping[str, Any]
) -> tuple[Document, Mapping[str, Any], _Problems]:
    """Return a ConfigMap's data as a project file, with its document, or its problems."""
    if "binaryData" in config:
        return document, {}, [_refused(document, "binaryData", "options cannot be binary data")]
    data = config.get("data", {})
    if not isinstance(data, Mapping):
        message = "the data of the ConfigMap must be fields of a JobSetGenerator"
        return document, {}, [_refused(document, "data", message)]
    inner = document.item("data") if "data" in config else document
    problems: _Problems = []
    return inner, {**HEAD, **dict(_fields(inner, data, problems))}, problems


def _fields(
    document: Document, texts: Mapping[str, Any], problems: _Problems
) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a project file from the data of a ConfigMap.

    Values of fields that are not strings are parsed as YAML.
    """
    known = project_schema()["properties"]
    for name, text in texts.items():
        if not isinstance(text, str) or known.get(name, {}).get("type") == "string":
            yield name, text
            continue
        documents, found = load(name, text.encode())
        problems += [_placed(document, name, item) for item in found if item.is_error]
        yield name, documents[0].data if len(documents) == 1 else text


def _placed(document: Document, name: str, item: Diagnostic) -> Diagnostic:
    """Return a diagnostic in the text of a field, placed at that field."""
    message = f"line {item.line} of {name}: {item.message}"
    path = (*document.base, name)
    return replace(item, place=document.place((name,)), message=message, path=path)


def _refused(document: Document, field: str, message: str) -> Diagnostic:
    return document.diagnostic(NO_PROJECT, Finding(path=(field,), message=message, on_key=True))
