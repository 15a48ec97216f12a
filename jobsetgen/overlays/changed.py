"""The result of a change: documents in order, and what is wrong with the change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.source.documents import Document


class Removed(NamedTuple):
    """An object that a patch has removed, as it was before, and the place of the patch."""

    document: Document
    place: Place


class Changed(NamedTuple):
    """Documents after a change, and the diagnostics of the change.

    Each document holds one object. A value that a change has set has its place in the file of that
    change, and every other value keeps its own. `removed` are the objects that are left out.
    """

    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    removed: tuple[Removed, ...] = ()

    def with_diagnostics(self, found: Iterable[Diagnostic]) -> Changed:
        """Return the result with more diagnostics."""
        return self._replace(diagnostics=(*self.diagnostics, *found))
