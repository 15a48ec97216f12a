"""The KRM function: a ResourceList in, the same list with each JobSet's expansion in its place out.

https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md says what a
function may do: its options are the functionConfig, its diagnostics the results, and the annotations with path and
index say which file of a package an object is to be written to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobsetgen import emit
from jobsetgen.diagnostics import Diagnostic, Finding, Path, Position, diagnostic
from jobsetgen.model.project import PROJECT_KIND, Project, project_of
from jobsetgen.model.project_codes import NO_PROJECT, NO_RESOURCE
from jobsetgen.model.reading import NOT_AN_OBJECT
from jobsetgen.model.settings import KUBERNETES_VERSIONS
from jobsetgen.model.template import mapping, string, without_nulls
from jobsetgen.pipeline import Compilation, is_preview, part_objects
from jobsetgen.schema import dotted, schema_of
from jobsetgen.source.documents import Document
from jobsetgen.source.loader import load

API_VERSIONS = ("config.kubernetes.io/v1", "config.kubernetes.io/v1beta1", "config.kubernetes.io/v1alpha1")
_NAME = "stdin"
# Each in the form of today, and in that of yesterday which tools still read.
_PATHS = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
_INDEXES = ("internal.config.kubernetes.io/index", "config.kubernetes.io/index")
_SEVERITIES = {"error": "error", "warning": "warning", "notice": "info"}

_OF_AN_ITEM = 2  # steps of a path: items, and its index

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceList:
    """What a function is given: the list as it was read, and a document for each of its items."""

    document: Document
    items: tuple[Document, ...]

    @property
    def data(self) -> Mapping[str, Any]:
        """The list as plain data."""
        found: Mapping[str, Any] = self.document.data
        return found

    def item_of(self, path: Path) -> Mapping[str, Any]:
        """Return the item that a path in the list leads into, or nothing."""
        index = _index(path)
        item: Mapping[str, Any] = self.items[index].data if index is not None else {}
        return item


def read(content: bytes) -> tuple[ResourceList | None, list[Diagnostic]]:
    """Read standard input: one ResourceList, in YAML or JSON. With any error there is none."""
    documents, diagnostics = load(_NAME, content)
    if any(item.is_error for item in diagnostics):
        return None, diagnostics
    found = documents[0].data if len(documents) == 1 and isinstance(documents[0].data, Mapping) else {}
    items = found.get("items", [])
    is_list = isinstance(items, list) and all(isinstance(each, Mapping) and each for each in items)
    if not is_list or found.get("kind") != "ResourceList" or found.get("apiVersion") not in API_VERSIONS:
        message = f"standard input is to hold one ResourceList of {API_VERSIONS[0]}, whose items are objects"
        return None, [*diagnostics, diagnostic(NOT_AN_OBJECT, _NAME, Position(1, 1), message)]
    each = tuple(documents[0].item("items", index) for index in range(len(items)))
    return ResourceList(document=documents[0], items=each), diagnostics


def options(resources: ResourceList) -> tuple[Project | None, list[Diagnostic]]:
    """Return what the functionConfig chooses, as a project; it is a JobSetGenerator, or a ConfigMap with its fields."""
    config = resources.data.get("functionConfig")
    if config is None:
        return None, []
    document = resources.document.item("functionConfig")
    data = without_nulls(config)
    if isinstance(data, Mapping) and data.get("kind") == "ConfigMap":
        document = document.item("data") if "data" in data else document
        data = {**PROJECT_KIND, **dict(_fields(mapping(data, "data")))}
    if not isinstance(data, Mapping) or data.get("kind") != "JobSetGenerator":
        message = "the functionConfig is neither a JobSetGenerator nor a ConfigMap"
        return None, [document.diagnostic(NO_PROJECT, Finding(path=("kind",), message=message))]
    if "resources" in data:
        message = "a function has no files to read: it is given its resources"
        return None, [document.diagnostic(NO_RESOURCE, Finding(path=("resources",), message=message, on_key=True))]
    # The metadata say how the function is run, and nothing to the function.
    return project_of(document, {key: value for key, value in data.items() if key != "metadata"})


def _fields(texts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a project file that a ConfigMap has as texts: what is no string there is YAML here."""
    known = schema_of("JobSetGenerator", KUBERNETES_VERSIONS[-1])["$defs"]["JobSetGenerator"]["properties"]
    for name, text in texts.items():
        documents = load(name, str(text).encode()).documents
        is_text = known.get(name, {}).get("type") == "string" or len(documents) != 1
        yield name, text if is_text else documents[0].data


def replaced(resources: ResourceList, compilation: Compilation) -> list[Item]:
    """Return the items of the list, with each JobSet's expansion in its place and everything else as it was."""
    made: dict[int | None, list[Item]] = {}
    expanded, lists = set(), set[int | None]()
    for unit, group in zip(compilation.units, compilation.groups, strict=True):
        index = _index(unit.document.base)
        objects = [item for part in group.parts if not is_preview(part) for item in part_objects(part)]
        made.setdefault(index, []).extend(objects if unit.jobset else [_kept(unit.document.data, objects[0])])
        lists |= {index} if len(unit.document.base) > _OF_AN_ITEM else set()
        if unit.jobset:
            expanded.add(index)
    items: list[Item] = []
    for index, document in enumerate(resources.items):
        place = _place(document.data) if index in expanded else {}
        is_opened = index in expanded or index not in lists  # a List without a JobSet stays one
        items += [_annotated(each, place) for each in (made if is_opened else {}).get(index, [document.data])]
    paths = {_path(resources.items[index].data) for index in expanded if index is not None} - {""}
    return list(_numbered(items, paths))


def _kept(item: Item, ours: Item) -> Item:
    """Return an object as it was given; one that a JobSet uses is in the JobSet's namespace."""
    namespace = mapping(ours, "metadata").get("namespace")
    if namespace == mapping(item, "metadata").get("namespace"):
        return item
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


def _index(path: Path) -> int | None:
    """Return the index of the item that a path in the list leads into, or None."""
    return path[1] if len(path) > 1 and path[0] == "items" and isinstance(path[1], int) else None


def _path(item: Item) -> str:
    """Return the file of a package that an object is from, or nothing."""
    notes = mapping(mapping(item, "metadata"), "annotations")
    return next((string(notes, key) for key in _PATHS if key in notes), "")


def _place(item: Item) -> dict[str, str]:
    """Return the annotations that say where an object is written to."""
    notes = mapping(mapping(item, "metadata"), "annotations")
    return {key: string(notes, key) for key in (*_PATHS, *_INDEXES) if key in notes}


def _annotated(item: Item, added: Mapping[str, str]) -> Item:
    if not added:
        return item
    annotations = {**mapping(mapping(item, "metadata"), "annotations"), **added}
    return {**item, "metadata": {**item["metadata"], "annotations": annotations}}


def _numbered(items: Iterable[Item], paths: set[str]) -> Iterator[Item]:
    """Yield the items; in files that have more of them now than before they are numbered anew, in their order."""
    numbers = dict.fromkeys(paths, 0)
    for item in items:
        path = _path(item)
        if path not in numbers:
            yield item
            continue
        of_today, of_yesterday = (key in mapping(mapping(item, "metadata"), "annotations") for key in _PATHS)
        keys = [key for key, is_there in zip(_INDEXES, (of_today, of_yesterday), strict=True) if is_there]
        yield _annotated(item, dict.fromkeys(keys, str(numbers[path])))
        numbers[path] += 1


def results(resources: ResourceList | None, diagnostics: Iterable[Diagnostic]) -> list[Item]:
    """Return diagnostics as the results of a function: each with the object, the field and the file, where known."""
    return [dict(_result(resources, item)) for item in diagnostics]


def _result(resources: ResourceList | None, item: Diagnostic) -> Iterator[tuple[str, Any]]:
    yield "message", " ".join(filter(None, [f"{item.code}: {item.message.rstrip('.')}.", item.hint]))
    yield "severity", _SEVERITIES[item.severity]
    if resources is None:
        return
    target = resources.item_of(item.path)
    if target:
        meta = mapping(target, "metadata")
        named = {key: string(meta, key) for key in ("name", "namespace") if string(meta, key)}
        yield "resourceRef", {"apiVersion": string(target, "apiVersion"), "kind": string(target, "kind"), **named}
    field = item.path[2:] if _index(item.path) is not None else item.path
    if field:
        yield "field", {"path": dotted(field)}
    if _path(target):
        index = next((text for key, text in _place(target).items() if key in _INDEXES), "")
        yield "file", {"path": _path(target), **({"index": int(index)} if index.isdecimal() else {})}


def as_text(found: Iterable[Item]) -> str:
    """Return results as lines, for tools that show standard error alone."""
    return "".join(f"{_whereabouts(each)}{each['severity']}: {each['message']}\n" for each in found)


def _whereabouts(result: Item) -> str:
    target = mapping(result, "resourceRef")
    places = (
        string(mapping(result, "file"), "path"),
        f"{string(target, 'kind')} {string(target, 'name')}".strip(),
        string(mapping(result, "field"), "path"),
    )
    return "".join(f"{place}: " for place in places if place)


def written(resources: ResourceList, items: Sequence[Item], found: Sequence[Item]) -> Iterator[str]:
    """Yield the text of the list that comes out: the items, then what was given as functionConfig, then the results."""
    yield emit.text({"apiVersion": resources.data["apiVersion"], "kind": "ResourceList"})
    yield "items:\n" if items else "items: []\n"
    for item in items:
        yield _as_entry(emit.text(item))
    rest = {"functionConfig": resources.data.get("functionConfig"), "results": found}
    yield emit.text({key: value for key, value in rest.items() if value}) if any(rest.values()) else ""


def _as_entry(document: str) -> str:
    """Return a document as an entry of a list: two columns further in, which changes no value."""
    first, *others = document.splitlines(keepends=True)
    return f"- {first}" + "".join(f"  {line}" if line.strip() else line for line in others)
