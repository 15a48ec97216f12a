"""Build the output items: JobSets replaced with their expansions, other items unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobsetgen.expand.objects import Part
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

# Marks an object that tools read but do not apply, which then also holds for its expansion.
_LOCAL = "config.kubernetes.io/local-config"
_OF_AN_ITEM = 2  # steps of a path: items, and its index


def replaced(
    resources: ResourceList, compilation: Compilation, *, is_changed: bool = False
) -> Iterator[Item]:
    """Yield the items with each JobSet replaced with its expansion, then what templates add.

    A List without a JobSet stays a List, unless items were changed before the compile.
    """
    made = _made(compilation)
    expanded = {index_of(unit.document.base) for unit in compilation.units if unit.jobset}
    lists = set() if is_changed else set(_lists(compilation))

    def items() -> Iterator[Item]:
        for index, document in enumerate(resources.items):
            if index in expanded:
                place = _place(document.data)
                yield from (_annotated(each, place) for each in _objects(made[index]))
            elif index in lists or index not in made:
                yield document.data
            else:
                yield from _objects(made[index])
        # Those of templates, which are no items.
        yield from _objects(made.get(None, []))

    yield from _numbered(items(), _files(resources, expanded))


def _objects(parts: Iterable[Part]) -> Iterator[Item]:
    """Yield the objects of parts, which are made when they are asked for."""
    for part in parts:
        yield from part_objects(part)


def _files(resources: ResourceList, expanded: Iterable[int | None]) -> set[str]:
    """Return the files of a package that contain expanded items."""
    paths = {file_of(resources.items[index].data) for index in expanded if index is not None}
    return paths - {""}


def _made(compilation: Compilation) -> dict[int | None, list[Part]]:
    """Return the parts of the output that each item makes, by the item's index."""
    made: dict[int | None, list[Part]] = {}
    for unit, group in zip(compilation.units, compilation.groups, strict=True):
        parts = [part for part in group.parts if not is_preview(part)]
        if not unit.jobset:
            parts = [_kept(unit.document.data, next(part_objects(parts[0])))]
        made.setdefault(index_of(unit.document.base), []).extend(parts)
    return made


def _lists(compilation: Compilation) -> Iterator[int | None]:
    """Yield the index of each item that is a List."""
    for unit in compilation.units:
        if len(unit.document.base) > _OF_AN_ITEM:
            yield index_of(unit.document.base)


def _kept(item: dict[str, Any], ours: Item) -> dict[str, Any]:
    """Return an unchanged input object, in the JobSet's namespace if a JobSet uses it."""
    namespace = mapping(ours, "metadata").get("namespace")
    if namespace == mapping(item, "metadata").get("namespace"):
        return item
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


def _place(item: Item) -> dict[str, str]:
    """Return an object's annotations for its file and for whether it is applied."""
    return {
        key: string(notes(item), key) for key in (*PATHS, *INDEXES, _LOCAL) if key in notes(item)
    }


def _annotated(item: Item, added: Mapping[str, str]) -> Item:
    if not added:
        return item
    return {**item, "metadata": {**item["metadata"], "annotations": {**notes(item), **added}}}


def _numbered(items: Iterable[Item], paths: set[str]) -> Iterator[Item]:
    """Yield the items, with new index annotations in the given files."""
    numbers = dict.fromkeys(paths, 0)
    for item in items:
        path = file_of(item)
        if path not in numbers:
            yield item
            continue
        keys = [index for name, index in zip(PATHS, INDEXES, strict=True) if name in notes(item)]
        yield _annotated(item, dict.fromkeys(keys, str(numbers[path])))
        numbers[path] += 1
