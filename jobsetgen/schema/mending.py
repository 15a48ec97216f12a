"""Read a document as it was clearly meant, so that one mistake is one error.

A misspelt key would otherwise be reported as unknown, its neighbour as missing, and whatever
depends on its value as wrong: three errors, of which only the first helps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Path, Place
from jobsetgen.schema import problems
from jobsetgen.schema.codes import MISSING_FIELD, UNKNOWN_FIELD, Problem
from jobsetgen.source.documents import Document, Node, computed, mapping_node, sequence_node
from jobsetgen.words import dotted

# Each correction copies what is beside it; nobody makes so many mistakes in one object.
_MOST_MENDED = 200


class Read(NamedTuple):
    """A document as it was meant, its data, and the violations of its schema as it is written."""

    document: Document
    data: Any
    diagnostics: Sequence[Diagnostic]


def read_as_meant(document: Document, kind: str, version: str, clean: Callable[[Any], Any]) -> Read:
    """Return a document with its misspelt keys and values corrected, and all of its violations.

    The corrections are for checking the rest of it: each is also reported. `clean` removes what
    means nothing from the data. A correction can reveal more to check, such as what is under a
    misspelt key.
    """
    reported: list[Diagnostic] = []
    while True:
        data = clean(document.data)
        found = problems(data, kind, version)
        mended = [each for each in found if each.meant is not None]
        if len(mended) > _MOST_MENDED:
            mended = []
        # What is under a misspelt key is looked at again when the key is corrected.
        moves = {} if mended else _moves(found)
        final = mended or _joined(found, moves)
        # What a misspelt key lacks is reported at the key, which is reported already.
        places = {each.place for each in reported}
        told = [document.diagnostic(each.code, each.finding) for each in final]
        reported += [each for each in told if each.place not in places]
        if not mended and not moves:
            return Read(document, data, reported)
        root = document.root
        for path, home in moves.items():
            root = _moved(root, path, home)
        # A key is corrected after what is under it, whose path it changes.
        for each in sorted(mended, key=lambda item: -len(item.finding.path)):
            root = _mended(root, each.finding.path, each)
        document = document._replace(root=root)


def without_consequences(found: Sequence[Problem]) -> list[Problem]:
    """Return problems without the fields that are missing only because their keys are misspelt."""
    meant = {(*each.finding.path[:-1], each.meant) for each in found if each.code is UNKNOWN_FIELD}
    return [
        each for each in found if each.code is not MISSING_FIELD or each.finding.path not in meant
    ]


def _moves(found: Sequence[Problem]) -> dict[Path, Path]:
    """Return where unknown fields are missing, one level off: that is how wrong indentation reads."""
    missing = {each.finding.path for each in found if each.code is MISSING_FIELD}
    unknown = [each.finding.path for each in found if each.code is UNKNOWN_FIELD]
    homes = ((path, _home(path, missing)) for path in unknown)
    return {path: home for path, home in homes if home is not None}


def _joined(found: Sequence[Problem], moves: Mapping[Path, Path]) -> list[Problem]:
    """Return problems without the fields that are missing because they are elsewhere."""
    return [
        _misplaced(each, moves.get(each.finding.path))
        for each in found
        if each.code is not MISSING_FIELD or each.finding.path not in moves.values()
    ]


def _home(path: Path, missing: Collection[Path]) -> Path | None:
    """Return the path of the missing field that was meant by one a level above or below it."""
    above, name = path[:-1], path[-1]
    close = (each for each in missing if each[-1] == name)
    return next((each for each in close if above in (each[:-2], (*each[:-1], *above[-1:]))), None)


def _misplaced(problem: Problem, home: Path | None) -> Problem:
    if home is None:
        return problem
    hint = f"Indent it as a field of {dotted(home[:-1]) or 'the object'}."
    return problem._replace(finding=problem.finding._replace(hint=hint))


def _moved(root: Node, path: Path, home: Path) -> Node:
    """Return a document with a field moved to another path."""
    field, place = root, root.place
    for step in path:
        place = field.key(step) if isinstance(step, str) else field.place
        children = field.children
        field = children[step]  # type: ignore[index]
    without = _put(root, path, None, place)
    return _put(without, home, field, place)


def _put(node: Node, path: Path, field: Node | None, place: Place) -> Node:
    """Return a node with a field at a path, or without it."""
    step, rest = path[0], path[1:]
    if not isinstance(node.children, dict):
        assert isinstance(step, int)
        items = list(node.children)
        items[step] = _put(items[step], rest, field, place)
        return sequence_node(items, node.place)

    name = str(step)
    children = {key: child for key, child in node.children.items() if rest or key != name}
    if rest:
        children[name] = _put(children[name], rest, field, place)
    elif field is not None:
        children[name] = field
    return mapping_node(children, node.place, {**node.keys, name: node.keys.get(name, place)})


def _mended(node: Node, path: Path, problem: Problem) -> Node:
    """Return a node with the correction of a problem at a path."""
    step, rest = path[0], path[1:]
    if isinstance(node.children, dict):
        assert isinstance(step, str)
        name = step
        children = dict(node.children)
        if rest:
            children[name] = _mended(children[name], rest, problem)
        elif problem.code is UNKNOWN_FIELD:
            return _renamed(node, name, str(problem.meant))
        else:
            children[name] = computed(problem.meant, children[name].place)
        return mapping_node(children, node.place, node.keys)

    assert isinstance(step, int)
    items = list(node.children)
    if rest:
        items[step] = _mended(items[step], rest, problem)
    else:
        items[step] = computed(problem.meant, items[step].place)
    return sequence_node(items, node.place)


def _renamed(node: Node, name: str, meant: str) -> Node:
    """Return a mapping with another name for a key, or without it if that name is in use."""
    assert isinstance(node.children, dict)
    in_use = meant in node.children and node.children[meant].data is not None
    others = {key: child for key, child in node.children.items() if key not in (name, meant)}
    chosen = node.children[meant] if in_use else node.children[name]
    places = {**node.keys, meant: node.key(meant) if in_use else node.key(name)}
    return mapping_node({**others, meant: chosen}, node.place, places)
