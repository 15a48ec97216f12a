"""Put the labels and the annotations of a project on its objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.kubernetes.labels import annotation_problems, label_problems
from jobsetgen.kubernetes.problem import Problem
from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.editing import with_field
from jobsetgen.overlays.metadata_codes import INVALID_METADATA
from jobsetgen.plain import mapping
from jobsetgen.source.documents import Document, Node, mapping_node

_FIELDS = ("labels", "annotations")


def labelled(documents: Sequence[Document], project: Document) -> Changed:
    """Return documents with the `labels` and the `annotations` of a project.

    They go onto the metadata of every object, and replace what it has under the same key. They do
    not go onto pod templates, where a change restarts the training, nor into selectors, which
    nobody can change later. `commonAnnotations` of kustomize go onto pod templates, too. The
    diagnostics are the invalid keys and values of the options; with any, nothing is changed.
    """
    invalid = tuple(_invalid_entries(project))
    if invalid:
        return Changed(tuple(documents), invalid)
    changed = tuple(documents)
    for field in _FIELDS:
        entries = project.root.child(field)
        if entries is not None and isinstance(entries.data, dict):
            change = partial(_with_entries, field=field, entries=entries)
            changed = tuple(each.changed(change, project.root) for each in changed)
    return Changed(changed)


def _with_entries(root: Node, field: str, entries: Node) -> Node:
    """Return an object with entries in a field of its metadata.

    An object without metadata is left as it is: it is invalid, as rules report.
    """
    metadata = root.child("metadata")
    if metadata is None or not isinstance(metadata.data, dict):
        return root
    present = metadata.child(field)
    merged = entries
    if present is not None and present.data is not None:
        if not isinstance(present.data, dict):
            return root
        merged = mapping_node(
            {**_children(present), **_children(entries)},
            present.place,
            {**present.keys, **entries.keys},
        )
    changed = with_field(metadata, field, merged)
    return with_field(root, "metadata", changed)


def _children(node: Node) -> dict[str, Node]:
    assert isinstance(node.children, dict)
    return node.children


def _invalid_entries(project: Document) -> Iterator[Diagnostic]:
    """Yield an error for each invalid key or value of the options."""
    labels, annotations = (mapping(project.data, field) for field in _FIELDS)
    for problem in label_problems(labels):
        yield _diagnostic(project, "labels", problem)
    for problem in annotation_problems(annotations):
        yield _diagnostic(project, "annotations", problem)


def _diagnostic(project: Document, field: str, problem: Problem) -> Diagnostic:
    finding = Finding((field, *problem.path), problem.message, problem.hint, problem.on_key)
    return project.diagnostic(INVALID_METADATA, finding)
