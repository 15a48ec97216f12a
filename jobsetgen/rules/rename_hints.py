"""Say which prefixes and suffixes of projects a name that is too long has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.options.project import NAME_PREFIX, NAME_SUFFIX
from jobsetgen.source.documents import Document

_TOO_LONG = "JSG215"


def with_rename_hints(
    diagnostics: Iterable[Diagnostic], projects: Iterable[Document]
) -> list[Diagnostic]:
    """Return diagnostics; that of a name which is too long names the options that are part of it.

    The name is in the message. Its place is in the file of a base, where nothing is too long.
    """
    affixes = dict.fromkeys(affix for project in projects for affix in _affixes(project))
    return [_with_hint(item, affixes) if item.code == _TOO_LONG else item for item in diagnostics]


def _affixes(project: Document) -> Iterator[tuple[str, str]]:
    """Yield each prefix and suffix of a project with what to say about it."""
    for option in (NAME_PREFIX, NAME_SUFFIX):
        node = project.root.child(option.path[0])
        if node is not None and isinstance(node.data, str) and node.data:
            place = f"{node.place.file}, line {node.place.line}"
            yield node.data, f"the {option.path[0]} '{node.data}' ({place})"


def _with_hint(item: Diagnostic, affixes: Iterable[tuple[str, str]]) -> Diagnostic:
    parts = [text for affix, text in affixes if affix in item.message]
    if not parts:
        return item
    return replace(item, hint=f"{item.hint} The name includes {' and '.join(parts)}.".strip())
