"""The objects of a project while its patches are applied, found by kind and name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.plain import mapping, string
from jobsetgen.source.documents import Document

_JOBSET = ("jobset.x-k8s.io", "JobSet")


class Identity(NamedTuple):
    """What identifies an object. No patch changes it, apart from the namespace."""

    group: str
    version: str
    kind: str
    name: str
    namespace: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a patch without target names, besides the namespace."""
        return self.group, self.kind, self.name


def identity_of(data: Any) -> Identity:
    """Return the identity of an object; what is missing is empty."""
    if not isinstance(data, Mapping):
        return Identity("", "", "", "", "")
    metadata = mapping(data, "metadata")
    group, slash, version = string(data, "apiVersion").rpartition("/")
    return Identity(
        group=group if slash else "",
        version=version,
        kind=string(data, "kind"),
        name=string(metadata, "name"),
        namespace=string(metadata, "namespace"),
    )


def placed_identity(document: Document) -> Identity:
    """Return the identity of an object: a JobSet may have its namespace from a base.

    Other objects are written without the namespace of a base.
    """
    identity = identity_of(document.data)
    given = document.given_namespace
    if identity.namespace or given is None or identity.key[:2] != _JOBSET:
        return identity
    return identity._replace(namespace=given.data)


class Objects:
    """Documents that are replaced or removed, one after the other."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Take the documents, each of one object."""
        self._documents: dict[int, Document] = dict(enumerate(documents))
        self._indexes: dict[tuple[str, str, str], list[int]] = {}
        self._names: dict[tuple[str, str], list[str]] = {}
        self._groups: dict[str, dict[str, None]] = {}
        for index, document in self._documents.items():
            identity = identity_of(document.data)
            self._indexes.setdefault(identity.key, []).append(index)
            self._names.setdefault((identity.group, identity.kind), []).append(identity.name)
            self._groups.setdefault(identity.kind, {})[identity.group] = None

    def __iter__(self) -> Iterator[int]:
        """Yield the indexes of all objects that are left, in order."""
        return iter(list(self._documents))

    def __getitem__(self, index: int) -> Document:
        """Return an object by its index."""
        return self._documents[index]

    def replace(self, index: int, document: Document | None) -> None:
        """Put a document in the place of another, or remove it."""
        if document is None:
            del self._documents[index]
        else:
            self._documents[index] = document

    def named(self, identity: Identity) -> list[int]:
        """Return the objects with a group, kind and name, and with a namespace if it is set."""
        indexes = self._indexes.get(identity.key, [])
        left = [index for index in indexes if index in self._documents]
        if not identity.namespace:
            return left
        namespaces = {index: self.namespace(index) for index in left}
        return [index for index in left if namespaces[index] == identity.namespace]

    def namespace(self, index: int) -> str:
        """Return the namespace of an object."""
        return placed_identity(self._documents[index]).namespace

    def names(self, group: str, kind: str) -> list[str]:
        """Return the names of the objects of a kind."""
        return self._names.get((group, kind), [])

    def kinds(self) -> list[str]:
        """Return the kinds of all objects."""
        return list(self._groups)

    def groups(self, kind: str) -> list[str]:
        """Return the API groups of the objects of a kind; that of v1 is empty."""
        return list(self._groups.get(kind, ()))
