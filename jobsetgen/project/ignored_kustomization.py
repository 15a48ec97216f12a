"""The kustomization of a folder whose manifests are read without it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from jobsetgen.project.files import KUSTOMIZATIONS, Files
from jobsetgen.project.inputs import source_of
from jobsetgen.source.loader import load

HARMLESS = frozenset(["apiVersion", "kind", "metadata", "resources"])
"""The fields of a kustomization that neither add an object nor change one."""

FUNCTIONS = ("generators", "transformers", "validators")
"""The fields that list functions, of which jobsetgen can be one."""


def kustomization_file(files: Files, folder: str) -> str | None:
    """Return the name of the kustomization in a folder, the first that kustomize looks for."""
    names = (posixpath.join(folder, each) for each in KUSTOMIZATIONS)
    return next((name for name in names if files.entry(name) == "file"), None)


def ignored_fields(files: Files, folder: str) -> list[str]:
    """Return the fields of a folder's kustomization that would change what is read, in order.

    Functions do not count: a folder that runs jobsetgen as one has its manifests beside it.
    """
    name = kustomization_file(files, folder)
    if name is None:
        return []
    source = source_of(files, name)
    documents = load(source.name, source.content).documents
    data = documents[0].data if documents else None
    return changing_fields(data) if isinstance(data, Mapping) else []


def changing_fields(kustomization: Mapping[str, object]) -> list[str]:
    """Return the fields of a kustomization that change or add objects by themselves."""
    return [
        name
        for name, value in kustomization.items()
        if name not in HARMLESS and name not in FUNCTIONS and value not in (None, [], {}, "")
    ]
