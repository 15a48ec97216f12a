"""Kinds of option values: their form in jobsetgen.yaml and in flags, and how layers merge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from jobsetgen.kubernetes.tolerations import EFFECTS, OPERATORS
from jobsetgen.options import texts
from jobsetgen.options.values import image_entry, image_override


def _same(value: Any) -> Any:
    return value


def _replaced(_below: Any, above: Any) -> Any:
    return above


def _entry_by_entry(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    return {**below, **above}


def _appended(below: Sequence[Any], above: Sequence[Any]) -> list[Any]:
    return [*below, *above]


def _prepended(below: Sequence[Any], above: Sequence[Any]) -> list[Any]:
    return [*above, *below]


class ParameterForm(NamedTuple):
    """How a parameter of the Argo CD plugin holds a value.

    `collection` is the field of the parameter that holds the value. `read` converts that value to
    the form of a jobsetgen.yaml, or raises ValueError; `shown` converts the setting to the form of
    the parameter.
    """

    collection: Literal["string", "array", "map"] = "string"
    read: Callable[[Any], Any] = _same
    shown: Callable[[Any], Any] = _same


def _listed(items: Any) -> list[Any]:
    """Return items as a list. Raises TypeError for a string, which is not a list of letters."""
    if isinstance(items, str):
        raise TypeError(f"'{items}' is a string, but must be a list")
    return list(items)


class Kind(NamedTuple):
    """How the value of an option is read, written and merged.

    `schema` is its JSON Schema in a jobsetgen.yaml, `read` converts a valid value to the setting,
    and `written` converts it back. `merged` combines a value with that of the layer below.
    `of_texts` converts the values of a repeatable flag to the form of a jobsetgen.yaml, or raises
    ValueError; `metavar` describes their form. `parameter_form` is the form of a parameter.
    """

    schema: Mapping[str, Any]
    read: Callable[[Any], Any] = _same
    written: Callable[[Any], Any] = _same
    merged: Callable[[Any, Any], Any] = _replaced
    of_texts: Callable[[Sequence[str]], Any] | None = None
    metavar: str | None = None
    parameter_form: ParameterForm = ParameterForm()


def choice(values: Sequence[str]) -> Kind:
    """Return the kind of an option with a fixed set of values."""
    return Kind(schema={"type": "string", "enum": list(values)})


def choices(values: Sequence[str]) -> Kind:
    """Return the kind of an option with any number of a fixed set of values."""
    return Kind(
        schema=_list({"type": "string", "enum": list(values)}),
        read=tuple,
        written=_listed,
        merged=_appended,
        of_texts=list,
    )


def whole(**limits: Any) -> Kind:
    """Return the kind of an integer option; `limits` are keywords of its JSON Schema."""
    # JSON Schema accepts 5.0 as an integer.
    return Kind(schema={"type": "integer", **limits}, read=int)


def _replicas(entries: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    return {(each["jobSet"], each["replicatedJob"]): int(each["replicas"]) for each in entries}


def _replicas_written(replicas: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {"jobSet": jobset, "replicatedJob": replicated_job, "replicas": number}
        for (jobset, replicated_job), number in replicas.items()
    ]


def _domains(by_key: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(names) for key, names in by_key.items()}


def _domains_written(by_key: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {key: list(names) for key, names in by_key.items()}


def _amounts_written(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {field: dict(amounts) for field, amounts in resources.items()}


def _tolerations_written(tolerations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(each) for each in tolerations]


def _numbers(entries: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(number) for name, number in entries.items()}


def _object(text: str, fields: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    """Return the schema of a mapping with these fields and no others."""
    schema = {
        "type": "object",
        "description": text,
        "properties": fields,
        "additionalProperties": False,
    }
    return {**schema, "required": list(required)} if required else schema


def _text(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": text, **more}


def _map(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value}


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_TEXT = {"type": "string"}
_INT32 = {"type": "integer", "format": "int32"}
_AMOUNTS = _map({"type": ["string", "number"]})

TEXT = Kind(schema=_TEXT)
NAME_OR_NONE = Kind(
    schema=_TEXT,
    read=lambda text: text or None,
    written=lambda name: name or "",
)
SWITCH = Kind(schema={"type": "boolean"})
TEXTS = Kind(
    schema=_list(_TEXT),
    read=tuple,
    written=_listed,
    merged=_appended,
    of_texts=list,
)
CODES = Kind(
    schema=_list(_TEXT),
    read=tuple,
    written=_listed,
    merged=_appended,
    of_texts=texts.codes,
    metavar="CODE[,CODE]...",
)
FILES = Kind(
    schema=_list(
        {
            "type": ["string", "object"],
            "description": "A path, or a path with how to read it.",
            "properties": {
                "path": _text("The path, relative to this file."),
                "kustomize": {
                    "type": "boolean",
                    "description": "Whether to read the folder through kustomize.",
                },
            },
            "additionalProperties": False,
            "required": ["path"],
        }
    ),
    read=tuple,
    written=list,
)
VALUES = Kind(schema={"type": "object"}, written=dict)
PATCHES = Kind(
    schema=_list(
        _object(
            "One patch: a strategic merge patch, or a list of JSON patch operations.",
            {
                "path": _text("The file with the patch, relative to this file."),
                "patch": {
                    "type": ["object", "array", "string"],
                    "description": "The patch itself, as YAML or as text that contains YAML.",
                },
                "target": _object(
                    "The objects to patch. Default: the object that the patch names.",
                    {
                        "group": _text("The API group, as a regular expression."),
                        "version": _text("The API version, as a regular expression."),
                        "kind": _text("The kind, as a regular expression."),
                        "name": _text("The name, as a regular expression."),
                        "namespace": _text("The namespace, as a regular expression."),
                        "labelSelector": _text("A label selector, such as app=train."),
                        "annotationSelector": _text("A selector of annotations."),
                    },
                ),
            },
        )
    ),
    read=tuple,
    written=list,
)
TEXT_MAP = Kind(
    schema=_map(_TEXT),
    written=dict,
    merged=_entry_by_entry,
    of_texts=texts.pairs,
    metavar="KEY=VALUE",
)
NUMBER_MAP = Kind(
    schema=_map(_INT32),
    read=_numbers,
    written=dict,
    merged=_entry_by_entry,
    of_texts=texts.numbers,
    metavar="NAME=VALUE",
)
DOMAINS = Kind(schema=_map(_list(_TEXT)), read=_domains, written=_domains_written)
RESOURCES = Kind(
    schema={
        "type": "object",
        "properties": {
            "requests": {"description": "The requested amounts.", **_AMOUNTS},
            "limits": {"description": "The maximum amounts.", **_AMOUNTS},
        },
        "additionalProperties": False,
    },
    written=_amounts_written,
)
TOLERATIONS = Kind(
    schema=_list(
        _object(
            "One toleration, as in a pod.",
            {
                "key": _text("The taint's key."),
                "operator": _text("Default: Equal.", enum=sorted(OPERATORS)),
                "value": _text("The taint's value."),
                "effect": _text(
                    "The taint's effect. Default: every effect.",
                    enum=sorted(EFFECTS),
                ),
                "tolerationSeconds": {
                    "type": "integer",
                    "format": "int64",
                    "description": "The number of seconds that a NoExecute taint is tolerated.",
                },
            },
        )
    ),
    read=tuple,
    written=_tolerations_written,
    merged=_appended,
    of_texts=texts.tolerations,
    metavar="KEY[=VALUE][:EFFECT]",
)
REPLICAS = Kind(
    schema=_list(
        _object(
            "One replicatedJob.",
            {
                "jobSet": _text("The JobSet's name."),
                "replicatedJob": _text("The replicatedJob's name."),
                "replicas": {**_INT32, "description": "The number of Jobs.", "minimum": 0},
            },
            required=("jobSet", "replicatedJob", "replicas"),
        )
    ),
    read=_replicas,
    written=_replicas_written,
    merged=_appended,  # the last entry for a replicatedJob wins
    parameter_form=ParameterForm("map", texts.replicas, texts.shown_replicas),
)
IMAGES = Kind(
    schema=_list(
        _object(
            "One image.",
            {
                "name": _text("The image as written in the spec, without tag and digest."),
                "newName": _text("Its new name."),
                "newTag": _text("Its new tag."),
                "digest": _text("Its digest, as sha256:…"),
            },
            required=("name",),
        )
    ),
    read=lambda entries: tuple(map(image_override, entries)),
    written=lambda images: list(map(image_entry, images)),
    merged=_prepended,  # the first entry for an image wins
    parameter_form=ParameterForm("array", texts.images, texts.shown_images),
)
