"""Tell what an operand is: a project, specs to compile, or rendered manifests to read as is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from jobsetgen.diff.members import identity_of
from jobsetgen.diff.sides import Kind
from jobsetgen.model import keys
from jobsetgen.model.reading import opened, read_units
from jobsetgen.model.unit import is_jobset
from jobsetgen.options.table import Settings
from jobsetgen.output.layout import HEADER, KUSTOMIZATION
from jobsetgen.plain import mapping, string
from jobsetgen.project.file import FILE_NAME
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load
from jobsetgen.source.text import chunks

# The documents that may decide; all others are not parsed. A kind may be quoted or have a tag.
_MAY_BE_JOBSET = re.compile(
    r"\bkind[\"']?[ \t]*:.*JobSet\b|\bkind[\"']?[ \t]*:[ \t]*[^A-Za-z \t\"']"
)
_MAY_BE_OURS = re.compile(rf"{re.escape(keys.OUR_JOBSET)}|{re.escape(keys.REPLICATED_JOB_NAME)}")


def kind_of_folder(names: Collection[str], head_of_kustomization: str) -> Kind | None:
    """Return what a folder is, or None if its manifests decide: see `kind_of_documents`.

    `names` are the names of its files, and `head_of_kustomization` is the text of its
    kustomization.yaml, at least the first line, empty without one. A kustomization that jobsetgen
    has not written decides nothing: a build does not read it either.
    """
    if FILE_NAME in names:
        return "project"
    if KUSTOMIZATION in names and is_generated(head_of_kustomization):
        return "rendered"
    return None


def kind_of_documents(texts: Iterable[tuple[str, str]]) -> Kind:
    """Return what manifests are, given as file names and contents: specs or rendered.

    A JobSet that is compiled makes them specs, whatever else there is. Otherwise, a file that
    jobsetgen has written, or an object with its labels, makes them rendered. Other objects are
    specs, which pass through.
    """
    is_rendered = False
    for name, text in texts:
        is_rendered = is_rendered or is_generated(text)
        for item in _deciding(name, text, is_rendered):
            if _is_compiled(item):
                return "specs"
            is_rendered = is_rendered or _is_ours(item.data)
    return "rendered" if is_rendered else "specs"


def is_generated(text: str) -> bool:
    """Whether the first line of a file says that jobsetgen has written it.

    A checkout may have converted line endings to those of Windows.
    """
    return text.removeprefix("\ufeff").splitlines()[:1] == HEADER.splitlines()


def _deciding(name: str, text: str, is_rendered: bool) -> Iterator[Document]:
    """Yield the objects of a text that may decide what manifests are."""
    for _, chunk in chunks(text):
        if not _may_decide(chunk, is_rendered):
            continue
        for document in load(name, chunk.encode("utf-8", "surrogatepass")).documents:
            for item in opened(document):
                if isinstance(item.data, Mapping):
                    yield item


def _may_decide(chunk: str, is_rendered: bool) -> bool:
    if _MAY_BE_JOBSET.search(chunk):
        return True
    return not is_rendered and _MAY_BE_OURS.search(chunk) is not None


def _is_compiled(document: Document) -> bool:
    """Whether an object is a JobSet that is compiled or, with an error, was meant to be."""
    if not is_jobset(document.data):
        return False
    units, _ = read_units([document], Settings())
    return not units or units[0].jobset is not None


def _is_ours(data: Mapping[str, Any]) -> bool:
    labels = mapping(mapping(data, "metadata"), "labels")
    return bool(string(labels, keys.OUR_JOBSET)) or identity_of(data) is not None
