"""Documents and projects from YAML, for tests of changes."""

from __future__ import annotations

from typing import Any

from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import load


def documents(text: str, file: str = "objects.yaml") -> list[Document]:
    """Return the documents of a file, with its Lists opened."""
    read = load(file, text.encode())
    assert not read.diagnostics
    return [item for document in read.documents for item in opened(document)]


def project(text: str) -> Document:
    """Return a jobsetgen.yaml with some options."""
    head = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
    (document,) = documents(head + text, "jobsetgen.yaml")
    return document


def field(data: Any, *path: str | int) -> Any:
    """Return the value at a path in data."""
    for step in path:
        data = data[step]
    return data
