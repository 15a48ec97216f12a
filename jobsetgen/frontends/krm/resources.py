"""Read and write a ResourceList."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from jobsetgen import emit
from jobsetgen.diagnostics import Diagnostic, Path, Place, diagnostic
from jobsetgen.frontends.krm.used_names import UsedNames
from jobsetgen.kubernetes.priorities import priority_class
from jobsetgen.model.codes import NOT_AN_OBJECT
from jobsetgen.model.kin import concerns_jobsets
from jobsetgen.model.unit import is_jobset
from jobsetgen.plain import mapping, string
from jobsetgen.schema import KINDS
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened
from jobsetgen.source.loader import load
from jobsetgen.source.scalars import TEXTS_OF_KYAML

API_VERSIONS = (
    "config.kubernetes.io/v1",
    "config.kubernetes.io/v1beta1",
    "config.kubernetes.io/v1alpha1",
)
_NAME = "stdin"
# The current annotation, and the older one that tools still read.
PATHS = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
INDEXES = ("internal.config.kubernetes.io/index", "config.kubernetes.io/index")

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceList:
    """The input of a function: the list, and a document for each of its items."""

    document: Document
    items: tuple[Document, ...]

    @property
    def data(self) -> Mapping[str, Any]:
        """The list as plain data."""
        found: Mapping[str, Any] = self.document.data
        return found

    def item_of(self, path: Path) -> Mapping[str, Any]:
        """Return the item that contains a path in the list, or an empty mapping."""
        index = index_of(path)
        item: Mapping[str, Any] = self.items[index].data if index is not None else {}
        return item


def read(content: bytes) -> tuple[ResourceList | None, list[Diagnostic]]:
    """Parse one ResourceList in YAML or JSON; return None instead if there is an error."""
    documents, diagnostics = load(_NAME, content, TEXTS_OF_KYAML)
    if any(item.is_error for item in diagnostics):
        return None, diagnostics
    if len(documents) != 1 or not _is_resource_list(documents[0].data):
        version = API_VERSIONS[0]
        message = f"standard input must hold one ResourceList of {version} whose items are objects"
        return None, [*diagnostics, diagnostic(NOT_AN_OBJECT, Place(_NAME), message)]
    (document,) = documents
    count = len(document.data.get("items", []))
    items = tuple(document.item("items", index) for index in range(count))
    return ResourceList(document=document, items=items), diagnostics


def _is_resource_list(data: Any) -> bool:
    if not isinstance(data, Mapping) or data.get("kind") != "ResourceList":
        return False
    items = data.get("items", [])
    if data.get("apiVersion") not in API_VERSIONS or not isinstance(items, list):
        return False
    return all(isinstance(item, Mapping) and item for item in items)


def concerned(resources: ResourceList, *, every: bool = False) -> list[Document]:
    """Return the items that are related to JobSets, or that a JobSet would use or create.

    With a JobSet, they include the PriorityClasses. Other items are left to other functions and the
    API server to validate, except where `every` item may be changed. The configuration of the function
    is none of them: kpt passes it as an item, and kustomize to a generator.
    """
    if every:
        return [item for item in resources.items if not _is_configuration(resources, item.data)]
    names = UsedNames(
        each for item in resources.items for each in _objects(item) if is_jobset(each)
    )
    return [
        item
        for item in resources.items
        if any(concerns_jobsets(each) or _is_used(names, each) for each in _objects(item))
    ]


def _is_configuration(resources: ResourceList, item: Item) -> bool:
    config = mapping(resources.data, "functionConfig")
    return item.get("kind") == "JobSetGenerator" or _identity(item) == _identity(config)


def _identity(item: Item) -> tuple[str, ...]:
    metadata = mapping(item, "metadata")
    name, namespace = string(metadata, "name"), string(metadata, "namespace")
    return string(item, "apiVersion"), string(item, "kind"), namespace, name


def _is_used(names: UsedNames, item: Item) -> bool:
    """Whether a JobSet would use or create an object, or get a priority from it."""
    if priority_class(item):
        return not names.is_empty
    kind = KINDS.get((string(item, "apiVersion"), string(item, "kind")), "")
    return names.has(kind, string(mapping(item, "metadata"), "name"))


def _objects(document: Document) -> Iterator[Item]:
    return (each.data for each in opened(document) if isinstance(each.data, Mapping))


def index_of(path: Path) -> int | None:
    """Return the index of the item that contains a path in the list, or None."""
    return path[1] if len(path) > 1 and path[0] == "items" and isinstance(path[1], int) else None


def notes(item: Item) -> Mapping[str, Any]:
    """Return the annotations of an object."""
    return mapping(mapping(item, "metadata"), "annotations")


def file_of(item: Item) -> str:
    """Return the file of a package that an object is from, or an empty string."""
    return next((string(notes(item), key) for key in PATHS if key in notes(item)), "")


def written(resources: ResourceList, items: Iterable[Item], found: Sequence[Item]) -> Iterator[str]:
    """Yield the text of the output list.

    The items come first, then the unchanged functionConfig, then the results.
    """
    yield emit.text({"apiVersion": resources.data["apiVersion"], "kind": "ResourceList"})
    made = iter(items)
    first = list(islice(made, 1))
    yield "items:\n" if first else "items: []\n"
    yield from map(emit.entry, chain(first, made))
    rest = {"functionConfig": resources.data.get("functionConfig"), "results": found}
    yield (
        emit.text({key: value for key, value in rest.items() if value})
        if any(rest.values())
        else ""
    )
