"""Say what a rename has to do with the diagnostics of other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.overlays.metadata_codes import OLD_NAME_IN_TEXT
from jobsetgen.source.documents import Document, Node

_TOO_LONG = "JSG215"
_WRONG_HOST = "JSG506"
_OPTIONS = ("namePrefix", "nameSuffix")


def with_rename_hints(
    diagnostics: Sequence[Diagnostic], projects: Iterable[Document]
) -> list[Diagnostic]:
    """Return diagnostics in which a name that is too long is said to have a prefix or a suffix.

    `projects` are the files of the projects, the bases first. JSG506 does not say again that a text
    has an old name: it looks at the renamed objects, of which no pod has such a name.
    """
    affixes = [node for project in projects for node in _affixes(project)]
    explained = {each.place for each in diagnostics if each.code == OLD_NAME_IN_TEXT.id}
    return [
        _with_affixes(each, affixes) if each.code == _TOO_LONG else each
        for each in diagnostics
        if each.code != _WRONG_HOST or each.place not in explained
    ]


def _affixes(project: Document) -> Iterator[tuple[str, Node]]:
    for option in _OPTIONS:
        node = project.root.child(option)
        if node is not None and node.data:
            yield option, node


def _with_affixes(item: Diagnostic, affixes: Iterable[tuple[str, Node]]) -> Diagnostic:
    """Return that a name is too long, with the prefixes and suffixes that are part of it."""
    parts = [
        f"{option} '{node.data}' ({node.place.file}, line {node.place.line})"
        for option, node in affixes
        if str(node.data) in item.message
    ]
    if not parts:
        return item
    return replace(item, hint=f"{item.hint} The name has the {' and the '.join(parts)}.".strip())
