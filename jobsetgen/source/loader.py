"""Load YAML text as documents, as kubectl reads it, with the place of every value."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.source import codes
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.builder import Builder
from jobsetgen.source.documents import Document
from jobsetgen.source.text import chunks, decoded, ignores, place_after


class Loaded(NamedTuple):
    """The content of a file: its documents in order, and their diagnostics."""

    documents: list[Document]
    diagnostics: list[Diagnostic]


def load(
    file: str,
    content: bytes,
    texts: frozenset[str] = frozenset(),
    allowance: Allowance | None = None,
) -> Loaded:
    """Parse one file. Never raises: problems are returned as diagnostics.

    `file` is its name in diagnostics. `texts` are plain scalars to read as strings, whatever YAML
    says. `allowance` is shared by the files of one input.
    """
    text, problem = decoded(file, content)
    if problem:
        return Loaded([], [problem])
    end = place_after(file, text)
    if not text.endswith("\n"):
        # Like kubectl, end the last line, so that a literal block there keeps its line break.
        text += "\n"
    silenced, diagnostics = ignores(file, text)
    documents = []
    allowance = allowance or Allowance()
    for first_line, chunk in chunks(text):
        if _is_blank(chunk):
            continue
        builder = Builder(first_line, end, diagnostics, texts, allowance)
        root = builder.build(chunk)
        if root is not None:
            documents.append(Document(root=root, ignores=silenced))
    if template := next((item for item in diagnostics if item.code == codes.TEMPLATE.id), None):
        # Whatever else is in the file is not what will be there.
        return Loaded([], [_within(end, template)])
    return Loaded(documents, [_within(end, item) for item in diagnostics])


def _within(end: Place, item: Diagnostic) -> Diagnostic:
    """Return a diagnostic with its place limited to the original text.

    The line break that was added at the end is not part of the file.
    """
    return item if item.line <= end.line else replace(item, place=end)


def _is_blank(chunk: str) -> bool:
    """Whether a document holds nothing at all. Starting the parser takes longer than this."""
    return not chunk.removeprefix("---").strip(" \r\n")
