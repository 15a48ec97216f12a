"""The options in the functionConfig, which are those of a project file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.frontends.krm.inline import INLINE
from jobsetgen.frontends.krm.resources import ResourceList
from jobsetgen.options.schema import project_schema
from jobsetgen.plain import without_nulls
from jobsetgen.project.codes import NO_OUTPUT, NO_PROJECT, NO_RESOURCE
from jobsetgen.project.layer import HEAD, Layer, layer
from jobsetgen.source.documents import Document, Node, mapping_node
from jobsetgen.source.embedded import embedded
from jobsetgen.source.loader import load

_Problems = list[Diagnostic]
_WRITES_NO_FOLDER = "a KRM function writes no folder: its output is the ResourceList"
# Options that need a file system, which a function does not have.
_OF_FILES = {
    "resources": (NO_RESOURCE, "a KRM function reads no files: its input is the ResourceList"),
    "output": (NO_OUTPUT, _WRITES_NO_FOLDER),
    "readme": (NO_OUTPUT, _WRITES_NO_FOLDER),
    "gitattributes": (NO_OUTPUT, _WRITES_NO_FOLDER),
}
# The metadata configure how the function is run. A jobsetgen.yaml names files instead of the others.
_OF_FUNCTIONS = ("metadata", *INLINE)


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
    return layer(document, {key: each for key, each in config.items() if key not in _OF_FUNCTIONS})


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
    parsed = dict(_parsed(inner, data, problems))
    fields = {**data, **{name: node.data for name, node in parsed.items()}}
    return _with_fields(inner, parsed), {**HEAD, **fields}, problems


def _with_fields(document: Document, fields: Mapping[str, Node]) -> Document:
    """Return the data of a ConfigMap with texts replaced by what was parsed."""
    root = document.root
    if not isinstance(root.children, dict):
        return document
    children = {**root.children, **fields}
    return document._replace(root=mapping_node(children, root.place, root.keys))


def _parsed(
    document: Document, texts: Mapping[str, Any], problems: _Problems
) -> Iterator[tuple[str, Node]]:
    """Yield the fields of a project file that are YAML in the data of a ConfigMap.

    These are all texts but those of fields that are strings.
    """
    known = project_schema()["properties"]
    for name, text in texts.items():
        is_string = name not in INLINE and known.get(name, {}).get("type") == "string"
        node = document.root.child(name)
        if is_string or node is None or not isinstance(text, str):
            continue
        _, found = load(name, text.encode())
        problems += [_placed(document, name, item) for item in found if item.is_error]
        documents, _ = embedded(node)
        if len(documents) == 1:
            yield name, documents[0].root


def _placed(document: Document, name: str, item: Diagnostic) -> Diagnostic:
    """Return a diagnostic in the text of a field, placed at that field."""
    message = f"line {item.line} of {name}: {item.message}"
    path = (*document.base, name)
    return replace(item, place=document.place((name,)), message=message, path=path)


def _refused(document: Document, field: str, message: str) -> Diagnostic:
    return document.diagnostic(NO_PROJECT, Finding(path=(field,), message=message, on_key=True))
