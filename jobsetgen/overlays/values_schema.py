"""Validate values against the JSON Schema of a project, in a child process.

Nothing is fetched: a reference leads to a place in the schema itself. Patterns and references can
take any time, so the child has the same budget as the templates.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Place, diagnostic
from jobsetgen.overlays.child import ChildError, Write, run_in_child
from jobsetgen.overlays.schema_errors import errors_of_schema, errors_of_values
from jobsetgen.overlays.value_codes import UNEXPECTED_VALUE, VALUES_SCHEMA
from jobsetgen.overlays.values import Values
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.words import near

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""The `$schema` that a schema may name."""

SECONDS = 2.0
"""The CPU time for the validation of the values of a compile."""

_REFERENCES = ("$ref", "$dynamicRef")
_ENDED: dict[ChildError, str] = {
    "time": f"validating the values takes more than {SECONDS:g} seconds of CPU time",
    "memory": "validating the values takes too much memory",
    "output": "the values have too many errors",
    "died": "validating the values has failed: the schema is nested too deeply or refers to itself",
}


def validated(values: Values, schema: Source) -> list[Diagnostic]:
    """Return what is wrong with values by a JSON Schema, in YAML or JSON, and with the schema.

    The places are those of the values in their files. Defaults in the schema are not filled in, as
    in Helm.
    """
    documents, diagnostics = load(schema.name, schema.content)
    if any(item.is_error for item in diagnostics):
        return diagnostics
    if len(documents) != 1 or not isinstance(documents[0].data, dict):
        place = documents[0].root.place if documents else Place(schema.name)
        message = "a schema of values must be one document, a mapping"
        return [*diagnostics, diagnostic(VALUES_SCHEMA, place, message)]
    document = documents[0]
    wrong = list(_refused(document.root, document.root, set()))
    return [*diagnostics, *(wrong or _validate(values, document))]


def _refused(node: Node, root: Node, seen: set[int]) -> Iterator[Diagnostic]:
    """Yield the references that lead out of the schema or nowhere, and a `$schema` of another draft."""
    # Aliases share a value.
    if id(node) in seen:
        return
    seen.add(id(node))
    if not isinstance(node.children, dict):
        for item in node.children:
            yield from _refused(item, root, seen)
        return
    for name, child in node.children.items():
        if name in _REFERENCES and isinstance(child.data, str):
            yield from _of_reference(child, root)
        elif name == "$schema" and isinstance(child.data, str):
            yield from _of_draft(child)
        yield from _refused(child, root, seen)


def _of_reference(node: Node, root: Node) -> Iterator[Diagnostic]:
    reference = node.data
    if not reference.startswith("#"):
        message = f"'{reference}' refers to another file, which is not read"
        hint = "Move what it refers to below $defs of this schema, and write '#/$defs/NAME'."
        yield diagnostic(VALUES_SCHEMA, node.place, message, hint)
    elif reference.startswith("#/") and not _exists(reference, root):
        message = f"'{reference}' does not exist in the schema"
        names = [f"#/$defs/{name}" for name in _definitions(root)]
        yield diagnostic(VALUES_SCHEMA, node.place, message, near(reference, names))


def _definitions(root: Node) -> list[str]:
    definitions = root.child("$defs")
    return list(definitions.children) if definitions and definitions.keys else []


def _exists(reference: str, root: Node) -> bool:
    node: Node | None = root
    for part in unquote(reference).split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        if node is not None and isinstance(node.data, list) and step.isdecimal():
            node = node.child(int(step[:9]))
        else:
            node = node.child(step) if node else None
    return node is not None


def _of_draft(node: Node) -> Iterator[Diagnostic]:
    if node.data.removesuffix("#") == DRAFT:
        return
    message = f"the schema is written for '{node.data}', but must be for Draft 2020-12"
    yield diagnostic(VALUES_SCHEMA, node.place, message, f"Write $schema: {DRAFT}")


def _validate(values: Values, schema: Document) -> Iterator[Diagnostic]:
    """Yield the errors of a schema or, if it has none, of the values."""

    def work(write: Write) -> None:
        for kind, found in (("schema", errors_of_schema), ("values", errors_of_values)):
            errors = list(found(schema.data, values.root.data))
            write(b"".join(json.dumps([kind, *each]).encode() + b"\n" for each in errors))
            if errors:
                return

    outcome = run_in_child(work, SECONDS)
    targets: dict[str, tuple[Code, Document]] = {
        "schema": (VALUES_SCHEMA, schema),
        "values": (UNEXPECTED_VALUE, Document(values.root)),
    }
    for line in outcome.output.split(b"\n")[:-1]:
        kind, path, message, hint, on_key = json.loads(line)
        code, document = targets[kind]
        finding = Finding(path=tuple(path), message=message, hint=hint, on_key=on_key)
        yield document.diagnostic(code, finding)
    if outcome.error is not None:
        hint = "Simplify its patterns and references."
        yield diagnostic(VALUES_SCHEMA, schema.root.place, _ENDED[outcome.error], hint)
