"""What the kustomization of an output folder does beyond listing manifests, if somebody edits it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.output.layout import KUSTOMIZATION
from jobsetgen.output.rendered import AS_WRITTEN
from jobsetgen.plain import texts
from jobsetgen.project.files import Files
from jobsetgen.source.loader import load

# Neither adds an object nor changes one.
_HARMLESS = frozenset(["apiVersion", "kind", "metadata", "resources"])
# They name no file.
_INLINE = frozenset(
    [
        "buildMetadata",
        "commonAnnotations",
        "commonLabels",
        "images",
        "labels",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "replicas",
    ]
)
# These may name folders and other repositories.
_ELSEWHERE = frozenset(["bases", "components", "generators", "helmCharts", "transformers"])


@dataclass(frozen=True, slots=True)
class Transformer:
    """A field of a kustomization that adds or changes objects.

    `content` is its value with the texts of the files that it names; equal contents do the same. If
    not `is_whole`, it also depends on what was not read, as on a folder.
    """

    content: str
    is_whole: bool


def transformers(files: Files) -> dict[str, Transformer]:
    """Return these fields of the kustomization of an output folder, by name.

    A kustomization that a build has written has none. Raises StopError if a file cannot be read.
    """
    content = files.read(KUSTOMIZATION)
    if AS_WRITTEN.fullmatch(content):
        return {}
    return {
        str(field): _transformer(files, str(field), value)
        for document in load(files.shown(KUSTOMIZATION), content).documents
        if isinstance(document.data, Mapping)
        for field, value in document.data.items()
        if field not in _HARMLESS and value not in (None, [], {}, "")
    }


def _transformer(files: Files, field: str, value: Any) -> Transformer:
    named: dict[str, str] = {}
    for name in () if field in _INLINE else _names(value):
        if files.entry(name) == "file":
            named[name] = files.read(name).decode("utf-8", "backslashreplace")
    content = json.dumps([value, named], sort_keys=True, default=str)
    return Transformer(content, field not in _ELSEWHERE)


def _names(value: Any) -> Iterator[str]:
    """Yield the words of a value that may name a file, as in `key=file`."""
    for text in texts(value):
        if text and "\n" not in text:
            yield from dict.fromkeys([text, text.partition("=")[2] or text])
