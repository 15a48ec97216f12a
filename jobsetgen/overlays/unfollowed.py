"""Find the references that keep their names, although an object that they may mean is renamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.overlays.metadata_codes import UNFOLLOWED_REFERENCE
from jobsetgen.overlays.references import Reference, references
from jobsetgen.overlays.renames import Renames
from jobsetgen.source.documents import Document


def unfollowed(documents: Iterable[Document], renames: Renames) -> Iterator[Diagnostic]:
    """Yield a warning for each reference that a namespace which is not known keeps from following.

    `documents` are those before the rename.
    """
    for document in documents:
        if not isinstance(document.data, Mapping):
            continue
        own = renames.namespaces.of(document)
        for reference in references(document.data):
            where = own if reference.namespace is None else reference.namespace
            found = renames.elsewhere(reference.kind, reference.name, where)
            if found:
                yield document.diagnostic(UNFOLLOWED_REFERENCE, _finding(reference, where, *found))


def _finding(reference: Reference, where: str, namespace: str, new: str) -> Finding:
    """Return that a reference in a namespace does not follow an object in another one."""
    kind = reference.kind.rpartition("/")[2]
    message = (
        f"{kind} '{reference.name}' is renamed to '{new}', but this reference is not:"
        f" the {kind} {_whereabouts(namespace)}, and the reference {_whereabouts(where)}"
    )
    hint = f"To rename it as well, put both in the namespace '{namespace or where}'."
    return Finding(reference.path, message, hint)


def _whereabouts(namespace: str) -> str:
    return f"is in the namespace '{namespace}'" if namespace else "has no namespace"
