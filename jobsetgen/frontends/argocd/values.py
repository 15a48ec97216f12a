"""The values of a project as parameters of an Argo CD Application, named `values.KEY.KEY`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.frontends.argocd.value_types import typed, typed_items, types_of
from jobsetgen.overlays.assignments import Assignment, escaped
from jobsetgen.plain import mapping, string
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.templates import values_for
from jobsetgen.source.documents import Node, computed
from jobsetgen.source.loader import load

PREFIX = "values."
"""What the names of these parameters begin with; no option's parameter does."""

_TOOLTIP = "A value for the templates of the project."
_SCALARS = frozenset(["string", "integer", "number", "boolean"])
_MOST_REFERENCES = 10


class ValueParameter(NamedTuple):
    """A value that an Application can set: its path, what it is now, and its schema."""

    path: tuple[str, ...]
    value: Any
    schema: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of the parameter."""
        return PREFIX + ".".join(map(escaped, self.path))

    @property
    def collection(self) -> str:
        """The field of a parameter that has the value: `string` or `array`."""
        is_list = isinstance(self.value, list) or "array" in types_of(self.schema)
        return "array" if is_list else "string"

    def announcement(self) -> dict[str, Any]:
        """Return the parameter as Argo CD's JSON, with its current value."""
        shown: Any = _text(self.value)
        if self.collection == "array":
            shown = [_text(each) for each in self.value or ()]
        return {
            "name": self.name,
            "title": string(self.schema, "title") or ".".join(self.path),
            "tooltip": self._tooltip(),
            "collectionType": self.collection,
            self.collection: shown,
        }

    def _tooltip(self) -> str:
        text = string(self.schema, "description") or _TOOLTIP
        default = self.schema.get("default")
        if self.value is not None or default is None:
            return text
        # Nothing fills in the default of a schema, so it is not the current value.
        return f"{text} (default in the schema: {json.dumps(default, ensure_ascii=False)})"

    @property
    def is_text(self) -> bool:
        """Whether an empty text is a value of its own."""
        types = types_of(self.schema)
        return "string" in types or (not types and isinstance(self.value, str))

    def assignment(self, given: str | Sequence[str], place: Place) -> Assignment:
        """Return what a parameter sets. Raises ValueError for an invalid scalar."""
        if isinstance(given, str):
            value = typed(given, self.value, self.schema)
        else:
            value = typed_items(given, self.value, self.schema)
        return Assignment(text=self.name, path=self.path, value=computed(value, place))


def value_parameters(inputs: Inputs) -> dict[str, ValueParameter]:
    """Return the values of a project that an Application can set, by the parameters' names.

    These are scalars and lists of scalars, among the values or the properties of the schema. The
    schema of an overlay comes before that of its base.
    """
    schemas = [_loaded(source.name, source.content) for source in inputs.values_schemas]
    roots = [schema for schema in reversed(schemas) if isinstance(schema, dict)]
    values = _Value((), values_for(inputs.layers, None).root, [(root, root) for root in roots])
    return {each.name: each for each in _parameters(values)}


_Schemas = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Schemas of one value, each with the document that its references lead into."""


class _Value(NamedTuple):
    """A value, or what a schema says of one that is not set, with its path and its schemas."""

    path: tuple[str, ...]
    node: Node | None
    schemas: _Schemas

    @property
    def data(self) -> Any:
        """The value as plain data, None if it is not set."""
        return self.node.data if self.node else None

    def schema(self) -> Mapping[str, Any]:
        """Return the strongest of its schemas."""
        return next((_with_items(schema, root) for schema, root in self._followed() if schema), {})

    def inside(self) -> list[_Value]:
        """Return the values in a mapping, also those that only a schema knows."""
        data = {} if self.data is None else self.data
        if not isinstance(data, dict):
            return []
        # References may go in circles, so what is not set is looked for only in the schema itself.
        schemas = self.schemas if self.node is None else self._followed()
        properties = [(mapping(schema, "properties"), root) for schema, root in schemas]
        names = [name for known, _ in properties for name in known]
        return [self._at(name, properties) for name in dict.fromkeys([*data, *names])]

    def _at(self, name: str, properties: _Schemas) -> _Value:
        node = self.node.child(name) if self.node else None
        return _Value(
            (*self.path, name), node, [(mapping(each, name), root) for each, root in properties]
        )

    def _followed(self) -> _Schemas:
        return [(_followed(schema, root), root) for schema, root in self.schemas]


def _parameters(value: _Value) -> Iterator[ValueParameter]:
    """Yield the parameter of a value that a text can be, or those of the values in a mapping."""
    inside = value.inside()
    for each in inside:
        yield from _parameters(each)
    if not inside and value.path and _is_settable(value.data, value.schema()):
        yield ValueParameter(value.path, value.data, value.schema())


def _is_settable(data: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value can be written as a text, or as a list of texts."""
    if isinstance(data, dict):
        return False
    if isinstance(data, list):
        return not any(isinstance(each, (dict, list)) for each in data)
    if data is not None:
        return True
    if "properties" in schema:
        return False
    if "array" in types_of(schema):
        return bool(types_of(mapping(schema, "items")) & _SCALARS)
    types = types_of(schema)
    return not types or bool(types & _SCALARS)


def _followed(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a schema refers to in its document, or the schema itself."""
    for _ in range(_MOST_REFERENCES):
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not f"{reference}/".startswith("#/"):
            return schema
        found: Mapping[str, Any] = root
        for step in reference.split("/")[1:]:
            found = mapping(found, step)
        schema = {**found, **{key: schema[key] for key in schema if key != "$ref"}}
    return schema


def _with_items(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a list with the schema that its items refer to."""
    items = mapping(schema, "items")
    return {**schema, "items": _followed(items, root)} if items else schema


def _loaded(name: str, content: bytes) -> Any:
    """Return the data of a schema; what is wrong with it is reported where it is used."""
    documents, _ = load(name, content)
    return documents[0].data if documents else None


def _text(value: Any) -> str:
    """Return a scalar as the text of a parameter."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
