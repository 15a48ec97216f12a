"""What a project changes in the objects of its resources, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.metadata import labelled
from jobsetgen.overlays.old_names import without_outdated
from jobsetgen.overlays.patch_entries import Read
from jobsetgen.overlays.patch_error import Allowance
from jobsetgen.overlays.patches import patched
from jobsetgen.overlays.renaming import renamed, renamed_options
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import Layer
from jobsetgen.project.overriding import overridden
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened

_APPLIED = frozenset(["replicas", "images"])
_Change = Callable[[tuple[Document, ...]], Changed]


def changed_by(
    own: Layer,
    read: Inputs,
    read_patch: Read,
    allowance: Allowance | None = None,
    namespace: str = "",
) -> Inputs:
    """Return what a project has read after everything that it changes in it.

    `own` is its layer, which is also the last of those that were read; what it overrides in JobSets
    is then done, and no longer among the options. `read_patch` reads a file of patches, and
    `allowance` is what those of a compile may still do. `namespace` is that of objects
    without one, by default that of the layer. Patches and overrides name objects as the resources do,
    so they come before the names change.
    """
    project = own.document
    namespace = namespace or own.namespace
    changed = Changed(tuple(item for document in read.documents for item in opened(document)))
    changed = _after(changed, lambda objects: patched(objects, project, read_patch, allowance))
    changed = _after(changed, lambda objects: overridden(objects, own))
    layers = tuple(
        _renamed_layer(each, project, changed.documents, namespace) for each in read.layers
    )
    changed = _after(changed, lambda objects: renamed(objects, project, namespace))
    changed = _after(changed, lambda objects: labelled(objects, project))
    diagnostics = [*read.diagnostics, *changed.diagnostics]
    return read._replace(
        documents=changed.documents,
        layers=(*layers[:-1], layers[-1].without(_APPLIED)),
        removed=(*read.removed, *changed.removed),
        diagnostics=tuple(without_outdated(diagnostics, changed.documents)),
    )


def _after(changed: Changed, change: _Change) -> Changed:
    after = change(changed.documents)
    diagnostics = (*after.diagnostics, *changed.diagnostics)
    return Changed(after.documents, diagnostics, (*changed.removed, *after.removed))


def _renamed_layer(
    layer: Layer, project: Document, objects: Sequence[Document], namespace: str
) -> Layer:
    """Return a layer of options whose names of objects follow the project's rename."""
    document = renamed_options(objects, project, layer.document, namespace)
    return layer if document is layer.document else layer.with_document(document)
