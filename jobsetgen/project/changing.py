"""What a project changes in the objects of its resources, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobsetgen.overlays.changed import Changed
from jobsetgen.project.layer import Layer
from jobsetgen.project.overriding import overridden
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened

Change = Callable[[tuple[Document, ...]], Changed]


def changed_by(layer: Layer, documents: Sequence[Document]) -> Changed:
    """Return the objects of a project's resources after everything that it changes in them.

    Its overrides name JobSets as its resources do, so they come before the names change.
    """
    objects = [item for document in documents for item in opened(document)]
    changes: tuple[Change, ...] = (lambda found: overridden(found, layer),)
    result = Changed(tuple(objects))
    for change in changes:
        result = change(result.documents).with_diagnostics(result.diagnostics)
    return result
