"""Read the options that the annotations of JobSets carry, as the weakest layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.model import keys
from jobsetgen.model.reading import is_left_to_another
from jobsetgen.plain import mapping, string
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer, option_layer
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened
from jobsetgen.target.codes import OPTION_ANNOTATION
from jobsetgen.target.keys import CARRIED, value_of
from jobsetgen.words import nearest, suggested

_ANNOTATIONS = ("metadata", "annotations")
_AGREE = "Set the same jobsetgen.io annotations on all JobSets of the input."


class _Carrier(NamedTuple):
    """A JobSet with those of its annotations that are in jobsetgen's space."""

    document: Document
    annotations: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How messages name it."""
        metadata = mapping(self.document.data, "metadata")
        return string(metadata, "name") or string(metadata, "generateName")

    def wrong(self, key: str, message: str, hint: str = "", *, on_key: bool = False) -> Diagnostic:
        """Return an error at one of its annotations; at its metadata if it does not have that."""
        path = (*_ANNOTATIONS, key)
        finding = Finding(path=path, message=message, hint=hint, on_key=on_key)
        return self.document.diagnostic(OPTION_ANNOTATION, finding)


def with_carried_options(inputs: Inputs) -> Inputs:
    """Return the inputs with the options of their JobSets below all other layers.

    An option that is wrong, or that JobSets set differently, is reported; the others count.
    """
    carriers = list(_carriers(inputs.documents))
    first = next((each for each in carriers if each.annotations), None)
    if first is None:
        return inputs
    layers, wrong = _layers(first)
    wrong += [item for each in carriers for item in _unknown(each)]
    wrong += [item for each in carriers for item in _differing(first, each)]
    return inputs._replace(layers=(*layers, *inputs.layers)).with_diagnostics(wrong)


def _carriers(documents: Iterable[Document]) -> Iterator[_Carrier]:
    """Yield each JobSet that is compiled."""
    for document in documents:
        for item in opened(document):
            if _is_compiled(item.data):
                annotations = mapping(mapping(item.data, "metadata"), "annotations")
                ours = {key: annotations[key] for key in annotations if _may_carry(key)}
                yield _Carrier(item, ours)


def _is_compiled(data: Any) -> bool:
    if not isinstance(data, Mapping):
        return False
    if (data.get("apiVersion"), data.get("kind")) != (keys.API_VERSION, "JobSet"):
        return False
    return not is_left_to_another(string(mapping(data, "spec"), "managedBy"))


def _may_carry(key: str) -> bool:
    # A copy of a live object may have the annotations that the expansion writes.
    return keys.is_ours(key) and key not in keys.POD_ANNOTATIONS


def _layers(first: _Carrier) -> tuple[list[Layer], list[Diagnostic]]:
    """Return each option of a JobSet as a layer, and the diagnostics of invalid values."""
    found: list[Layer] = []
    wrong: list[Diagnostic] = []
    for key, row in CARRIED.items():
        text = first.annotations.get(key)
        if not isinstance(text, str):
            # The schema of JobSet reports a value that is not a string.
            continue
        try:
            value = value_of(row, text)
        except ValueError:
            message = f"invalid value of {key}: not JSON"
            wrong.append(first.wrong(key, message, "Write the value as JSON."))
            continue
        place = first.document.place((*_ANNOTATIONS, key))
        layer, invalid = option_layer(place, row, value)
        found += [layer] if layer else []
        wrong += [
            first.wrong(key, f"invalid value of {key}: {each.message}", each.hint)
            for each in invalid
        ]
    return found, wrong


def _unknown(carrier: _Carrier) -> Iterator[Diagnostic]:
    """Yield a warning for each annotation in jobsetgen's space that is not an option.

    It has no effect, and a later release may know it.
    """
    for key in carrier.annotations:
        # A key without a name is invalid anyway.
        if key not in CARRIED and keys.split(key)[1]:
            message = f"unknown annotation '{key}': not an option that JobSets carry"
            found = carrier.wrong(key, message, suggested(_meant(key)), on_key=True)
            yield replace(found, severity="warning")


def _meant(key: str) -> str:
    """Return the key that was probably meant, or an empty string."""
    by_name = {keys.split(each)[1]: each for each in (*keys.WRITTEN_ANNOTATIONS, *CARRIED)}
    return by_name.get(nearest(keys.split(key)[1], by_name), "")


def _differing(first: _Carrier, other: _Carrier) -> Iterator[Diagnostic]:
    """Yield an error if a JobSet has other options than the first; one, however many differ."""
    for key in CARRIED:
        text, expected = other.annotations.get(key), first.annotations.get(key)
        if text == expected:
            continue
        place = first.document.place((*_ANNOTATIONS, key))
        message = (
            f"{key} is {_shown(text)} in JobSet {other.name}, but {_shown(expected)} in JobSet"
            f" {first.name} ({place.file}:{place.line})"
        )
        yield other.wrong(key, message, _AGREE)
        return


def _shown(text: Any) -> str:
    return "not set" if text is None else f"'{text}'"
