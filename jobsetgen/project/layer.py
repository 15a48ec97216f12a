"""What a compile is told to do: layers of options, each over the one before.

A project file is a layer, a flag is one, and so is a parameter of an Argo CD Application: whatever
is wrong with an option is found in the same way, and told with the name of where it was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.options import reading
from jobsetgen.options.row import Option
from jobsetgen.options.table import Settings
from jobsetgen.plain import strings
from jobsetgen.schema import problems
from jobsetgen.source.documents import Document, computed

HEAD = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator"}
"""What marks the content of a jobsetgen.yaml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Options that fit their schema, as the content of a jobsetgen.yaml.

    With `must_match` each of its images has to be one that a container uses.
    """

    document: Document
    data: Mapping[str, Any]
    must_match: bool = False

    @property
    def resources(self) -> tuple[str, ...] | None:
        """The files it names, or None where it leaves that to the folder."""
        return strings(self.data, "resources") if "resources" in self.data else None

    def settings(self) -> Settings:
        """Return its options, over the defaults."""
        return reading.read_settings(self.data)


def layer(
    document: Document,
    data: Mapping[str, Any],
) -> tuple[Layer | None, list[Diagnostic]]:
    """Return data as a layer, or what does not fit; `document` has the places of the data."""
    version = Settings().kubernetes_version
    wrong = [document.diagnostic(*each) for each in problems(data, HEAD["kind"], version)]
    return (None if wrong else Layer(document=document, data=data)), wrong


def option_layer(place: Place, row: Option, value: Any) -> tuple[Layer | None, list[Diagnostic]]:
    """Return one option as a layer, or what does not fit; `place` is where it was chosen."""
    data = {**HEAD, **reading.part(row, value)}
    document = Document(root=computed(data, place))
    if row.in_file:
        return layer(document, data)
    # What only a flag has is in no schema.
    return Layer(document=document, data=data), []


def chosen_layer(place: Place, options: Mapping[str, Any]) -> Layer:
    """Return options that are known to fit as a layer; `place` is where they were chosen."""
    data = {**HEAD, **options}
    return Layer(document=Document(root=computed(data, place)), data=data)


def options_layer(options: Mapping[str, Any]) -> tuple[Layer | None, list[Diagnostic]]:
    """Return the options of a program, as fields of a jobsetgen.yaml, or what does not fit."""
    data = {**HEAD, **options}
    return layer(Document(root=computed(data, Place("options"))), data)


def settings_layer(settings: Settings) -> tuple[Layer | None, list[Diagnostic]]:
    """Return the settings of a program as a layer, or what does not fit."""
    from jobsetgen.options.writing import content_of

    data = {**HEAD, **content_of(settings)}
    document = Document(root=computed(data, Place("settings")))
    _, wrong = layer(document, {**HEAD, **content_of(settings, in_file=True)})
    return (None if wrong else Layer(document=document, data=data)), wrong


def settings_of(layers: Sequence[Layer]) -> Settings:
    """Return what all layers choose together: the last that names an option decides."""
    return reading.read_settings(reading.laid_over(each.data for each in layers))
