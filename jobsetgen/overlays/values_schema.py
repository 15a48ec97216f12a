"""Validate values against the JSON Schema of a project, in a child process.

Nothing is fetched: a reference leads to a place in the schema itself. Patterns and references can
take any time, so the child has the same budget as the templates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Place, diagnostic
from jobsetgen.overlays.budget import SECONDS, Budget
from jobsetgen.overlays.child import ChildError, Write, run_in_child
from jobsetgen.overlays.schema_errors import errors_of_schema, errors_of_values
from jobsetgen.overlays.value_codes import UNEXPECTED_VALUE, VALUES_SCHEMA
from jobsetgen.overlays.values import Values
from jobsetgen.source.documents import Document, Node
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.words import near, plural

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""The `$schema` that a schema may name."""

_REFERENCES = ("$ref", "$dynamicRef")
_ANCHORS = ("$anchor", "$dynamicAnchor")
_ENDED: dict[ChildError, str] = {
    "time": f"validating all values takes more than {plural(SECONDS, 'second')} of CPU time",
    "memory": "validating the values takes too much memory",
    "output": "the values have too many errors",
    "died": "validating the values has failed: the schema is nested too deeply or refers to itself",
}


def validated(values: Values, schema: Source, budget: Budget) -> list[Diagnostic]:
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
    return [*diagnostics, *validated_by(values, documents[0], budget)]


def validated_by(values: Values, schema: Document, budget: Budget) -> list[Diagnostic]:
    """Return what is wrong with values by a JSON Schema that was read, and with the schema."""
    wrong = list(_Schema(schema.root).refused())
    return wrong or list(_validate(values, schema, budget))


class _Schema:
    """A schema, with the places that its references may lead to."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._mappings = list(_mappings(root, set()))
        anchors = [each[name].data for each in self._mappings for name in _ANCHORS if name in each]
        self._anchors = {f"#{name}" for name in anchors if isinstance(name, str)}

    def refused(self) -> Iterator[Diagnostic]:
        """Yield the references that lead out of it or nowhere, and a `$schema` of another draft."""
        for children in self._mappings:
            for name, child in children.items():
                if name in _REFERENCES and isinstance(child.data, str):
                    yield from self._of_reference(child)
                elif name == "$schema" and isinstance(child.data, str):
                    yield from _of_draft(child)

    def _of_reference(self, node: Node) -> Iterator[Diagnostic]:
        reference = node.data
        if not reference.startswith("#"):
            message = f"'{reference}' refers to another file, which is not read"
            hint = "Move what it refers to below $defs of this schema, and write '#/$defs/NAME'."
            yield diagnostic(VALUES_SCHEMA, node.place, message, hint)
        elif not self._has(reference):
            message = f"'{reference}' does not exist in the schema"
            names = [f"#/$defs/{name}" for name in self._root.data.get("$defs") or ()]
            yield diagnostic(VALUES_SCHEMA, node.place, message, near(reference, names))

    def _has(self, reference: str) -> bool:
        if reference in self._anchors:
            return True
        if reference[1:2] not in ("", "/"):
            return False
        node: Node | None = self._root
        for part in unquote(reference).split("/")[1:]:
            step: str | int = part.replace("~1", "/").replace("~0", "~")
            if node is None:
                return False
            if isinstance(node.data, list) and re.fullmatch("[0-9]{1,9}", part):
                step = int(part)
            node = node.child(step)
        return node is not None


def _mappings(node: Node, seen: set[int]) -> Iterator[dict[str, Node]]:
    """Yield the entries of every mapping in a schema, once for those that aliases share."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node.children, dict):
        yield node.children
    inner = node.children.values() if isinstance(node.children, dict) else node.children
    for child in inner:
        yield from _mappings(child, seen)


def _of_draft(node: Node) -> Iterator[Diagnostic]:
    if node.data.removesuffix("#") == DRAFT:
        return
    message = f"the schema is written for '{node.data}', but must be for Draft 2020-12"
    yield diagnostic(VALUES_SCHEMA, node.place, message, f"Write $schema: {DRAFT}")


def _validate(values: Values, schema: Document, budget: Budget) -> Iterator[Diagnostic]:
    """Yield the errors of a schema or, if it has none, of the values."""

    def work(write: Write) -> None:
        for kind, found in (("schema", errors_of_schema), ("values", errors_of_values)):
            errors = list(found(schema.data, values.root.data))
            write(b"".join(json.dumps([kind, *each]).encode() + b"\n" for each in errors))
            if errors:
                return

    if budget.is_exceeded:
        return
    outcome = run_in_child(work, budget.seconds)
    budget.seconds = max(budget.seconds - outcome.seconds, 0.0)
    budget.is_exceeded = outcome.error == "time"
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
