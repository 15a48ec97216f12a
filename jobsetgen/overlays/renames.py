"""The new names of renamed objects, by their old ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from jobsetgen.naming import claim_name
from jobsetgen.overlays.reference_fields import CLAIM, JOBSET, SERVICE
from jobsetgen.overlays.references import kind_of
from jobsetgen.overlays.scopes import DEFAULT_NAMESPACE, is_cluster_scoped
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.source.documents import Document

_Value = TypeVar("_Value")

# As in kustomize: others decide on these names, or everything in the namespace depends on them.
_KEPT = frozenset(
    [
        "apiextensions.k8s.io/CustomResourceDefinition",
        "apiregistration.k8s.io/APIService",
        "Namespace",
    ]
)
ANY_NAMESPACE = "*"
"""Where an object without namespace may use names, and where it may be used."""

_NOT_KNOWN = ""


class Namespaces(NamedTuple):
    """Which namespace an object is in: its own, or the one that is `chosen` by options.

    Without either, it is the one that a base gives it.
    """

    chosen: str = _NOT_KNOWN

    def of(self, document: Document) -> str:
        """Return the namespace of an object; it is empty if none is known."""
        data, given = document.data, document.given_namespace
        if not isinstance(data, Mapping):
            return _NOT_KNOWN
        if is_cluster_scoped(kind_of(data)):
            return ANY_NAMESPACE
        own = string(mapping(data, "metadata"), "namespace")
        return own or self.chosen or (given.data if given else _NOT_KNOWN)


class Affixes(NamedTuple):
    """What a project puts before and after names."""

    prefix: str = ""
    suffix: str = ""

    def around(self, name: str) -> str:
        """Return the new name of an object."""
        return f"{self.prefix}{name}{self.suffix}"

    def around_generated(self, generate_name: str) -> str:
        """Return a new generateName: the suffix goes before the dash that ends it."""
        stem = generate_name.rstrip("-")
        return f"{self.around(stem)}{generate_name[len(stem) :]}"


class _Named(NamedTuple):
    """An object that a rename changes, or that a renamed JobSet makes."""

    kind: str
    namespace: str
    old: str
    new: str


class Renames:
    """The new names of the objects of an input, also of those that a JobSet makes.

    These are its headless Service and the claims of its volumeClaimPolicies.
    """

    def __init__(
        self, documents: Iterable[Document], affixes: Affixes, namespaces: Namespaces
    ) -> None:
        self.namespaces = namespaces
        self._found: dict[tuple[str, str], dict[str, str]] = {}
        for document in documents:
            for each in _named(document.data, affixes, namespaces.of(document)):
                by_namespace = self._found.setdefault((each.kind, each.old), {})
                by_namespace.setdefault(each.namespace, each.new)

    def new_name(self, kind: str, name: str, namespace: str = ANY_NAMESPACE) -> str | None:
        """Return the new name of an object; None if no renamed object has the old one."""
        where = ANY_NAMESPACE if is_cluster_scoped(kind) else namespace
        return in_namespace(self._found.get((kind, name), {}), where)

    def likely_name(self, kind: str, name: str, namespace: str) -> str | None:
        """Return the new name of an object that is in a namespace, or whose own is not known."""
        return likely_in_namespace(self._found.get((kind, name), {}), namespace)

    def elsewhere(self, kind: str, name: str, namespace: str) -> tuple[str, str] | None:
        """Return the namespace and the new name of an object that a name in a namespace may mean.

        Either namespace is not known, which is then empty, and the other is.
        """
        by_namespace = self._found.get((kind, name), {})
        if not by_namespace or self.new_name(kind, name, namespace) is not None:
            return None
        if namespace == _NOT_KNOWN:
            return next(iter(by_namespace.items()))
        new = by_namespace.get(_NOT_KNOWN)
        return None if new is None else (_NOT_KNOWN, new)


def in_namespace(by_namespace: Mapping[str, _Value], namespace: str) -> _Value | None:
    """Return what is in a namespace; as in kustomize, one that is not known is `default`."""
    if namespace == ANY_NAMESPACE:
        return next(iter(by_namespace.values()), None)
    if namespace in (_NOT_KNOWN, DEFAULT_NAMESPACE):
        return by_namespace.get(_NOT_KNOWN, by_namespace.get(DEFAULT_NAMESPACE))
    return by_namespace.get(namespace)


def likely_in_namespace(by_namespace: Mapping[str, _Value], namespace: str) -> _Value | None:
    """Return what is in a namespace, or otherwise what is in one that is not known."""
    found = in_namespace(by_namespace, namespace)
    return by_namespace.get(_NOT_KNOWN) if found is None else found


def is_renamed(data: Any) -> bool:
    """Whether a rename changes the name of an object."""
    return isinstance(data, Mapping) and kind_of(data) not in _KEPT


def name_of(data: Mapping[str, Any]) -> str:
    """Return the name of an object, or an empty string."""
    return string(mapping(data, "metadata"), "name")


def subdomain_of(jobset: Mapping[str, Any]) -> str:
    """Return the name of a JobSet's headless Service, which is the subdomain of its pods."""
    network = mapping(mapping(jobset, "spec"), "network")
    return string(network, "subdomain") or name_of(jobset)


def _named(data: Any, affixes: Affixes, namespace: str) -> Iterator[_Named]:
    if not is_renamed(data) or not name_of(data):
        return
    kind, old = kind_of(data), name_of(data)
    new = affixes.around(old)
    yield _Named(kind, namespace, old, new)
    if kind.rpartition("/")[2] != "JobSet":
        return

    # Any API version of JobSet: the labels say no more than its name.
    yield _Named(JOBSET, namespace, old, new)
    if subdomain_of(data) == old:
        yield _Named(SERVICE, namespace, old, new)
    for template in _claim_templates(data):
        claims = (claim_name(template, name) for name in (old, new))
        yield _Named(CLAIM, namespace, *claims)


def _claim_templates(jobset: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the claim templates of a JobSet."""
    for policy in items(mapping(jobset, "spec"), "volumeClaimPolicies"):
        if isinstance(policy, Mapping):
            for _, template in objects(policy, "templates"):
                yield name_of(template)
