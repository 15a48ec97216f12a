"""What a project changes in the objects of its resources, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.metadata import labelled
from jobsetgen.overlays.patch_entries import Read
from jobsetgen.overlays.patches import patched
from jobsetgen.overlays.renaming import renamed
from jobsetgen.project.layer import Layer
from jobsetgen.project.overriding import overridden
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened

_Change = Callable[[tuple[Document, ...]], Changed]


def changed_by(layer: Layer, documents: Sequence[Document], read_patch: Read) -> Changed:
    """Return the objects of a project's resources after everything that it changes in them.

    `read_patch` reads a file of patches. Patches and overrides name objects as the resources do, so
    they come before the names change.
    """
    project = layer.document
    changed = Changed(tuple(item for document in documents for item in opened(document)))
    changes: tuple[_Change, ...] = (
        lambda objects: patched(objects, project, read_patch),
        lambda objects: overridden(objects, layer),
        lambda objects: renamed(objects, project),
        lambda objects: labelled(objects, project),
    )
    for change in changes:
        changed = change(changed.documents).with_diagnostics(changed.diagnostics)
    return changed
