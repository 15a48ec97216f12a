"""The items that come out: each JobSet's expansion in its place, everything else as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jobsetgen.frontends.krm.resources import (
    INDEXES,
    PATHS,
    Item,
    ResourceList,
    file_of,
    index_of,
    notes,
)
from jobsetgen.pipeline import Compilation, is_preview, part_objects
from jobsetgen.plain import mapping, string

# Says that an object is read by tools and applied by nobody, which then goes for its expansion,
# too.
_LOCAL = "config.kubernetes.io/local-config"
_OF_AN_ITEM = 2  # steps of a path: items, and its index


def replaced(resources: ResourceList, compilation: Compilation) -> list[Item]:
    """Return the items of the list, with each JobSet's expansion in its place and everything else as it was."""
    made: dict[int | None, list[Item]] = {}
    expanded, lists = set(), set[int | None]()
    for unit, group in zip(compilation.units, compilation.groups, strict=True):
        index = index_of(unit.document.base)
        objects = [
            item for part in group.parts if not is_preview(part) for item in part_objects(part)
        ]
        made.setdefault(index, []).extend(
            objects if unit.jobset else [_kept(unit.document.data, objects[0])]
        )
        lists |= {index} if len(unit.document.base) > _OF_AN_ITEM else set()
        if unit.jobset:
            expanded.add(index)
    items: list[Item] = []
    for index, document in enumerate(resources.items):
        place = _place(document.data) if index in expanded else {}
        is_opened = index in expanded or index not in lists  # a List without a JobSet stays one
        items += [
            _annotated(each, place)
            for each in (made if is_opened else {}).get(index, [document.data])
        ]
    paths = {file_of(resources.items[index].data) for index in expanded if index is not None} - {""}
    return list(_numbered(items, paths))


def _kept(item: Item, ours: Item) -> Item:
    """Return an object as it was given; one that a JobSet uses is in the JobSet's namespace."""
    namespace = mapping(ours, "metadata").get("namespace")
    if namespace == mapping(item, "metadata").get("namespace"):
        return item
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


def _place(item: Item) -> dict[str, str]:
    """Return the annotations that say where an object is written to, and whether it is applied."""
    return {
        key: string(notes(item), key) for key in (*PATHS, *INDEXES, _LOCAL) if key in notes(item)
    }


def _annotated(item: Item, added: Mapping[str, str]) -> Item:
    if not added:
        return item
    return {**item, "metadata": {**item["metadata"], "annotations": {**notes(item), **added}}}


def _numbered(items: Iterable[Item], paths: set[str]) -> Iterator[Item]:
    """Yield the items; in files that have more of them now than before they are numbered anew, in their order."""
    numbers = dict.fromkeys(paths, 0)
    for item in items:
        path = file_of(item)
        if path not in numbers:
            yield item
            continue
        of_today, of_yesterday = (key in notes(item) for key in PATHS)
        keys = [
            key for key, is_there in zip(INDEXES, (of_today, of_yesterday), strict=True) if is_there
        ]
        yield _annotated(item, dict.fromkeys(keys, str(numbers[path])))
        numbers[path] += 1
