"""Find values that no template uses: most are misspelt.

What a template uses is decided by the words in its expressions, wherever they stand. So a value may
count as used that is not, but none counts as unused that might be used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from jobsetgen.diagnostics import Diagnostic, diagnostic
from jobsetgen.overlays.value_codes import UNUSED_VALUE
from jobsetgen.overlays.values import Values
from jobsetgen.source.documents import Node
from jobsetgen.source.text import Source, decoded
from jobsetgen.words import near

# Beyond so many, nobody needs suggestions, and they take long to find.
_MOST_SUGGESTIONS = 50

_BEGIN = re.compile(r"\{[{%]")
_WORD = re.compile(r"\w++")
# What follows a name of which only one part is used: `.tag`, but not `.items()`, or `["tag"]`.
_PART = re.compile(
    r"""\s*+(?:\.\s*+[^\W\d]\w*+(?!\s*+\()|\[\s*+(?:"[^"\\]*+"|'[^'\\]*+')\s*+\])""",
)


class _Uses(NamedTuple):
    """The words in the expressions of templates, and those of them that are used as a whole."""

    words: Collection[str]
    whole: Collection[str]

    def has(self, key: str) -> bool:
        """Whether a key may be used.

        A key such as `image-tag` is not an identifier, and counts as used if each word in it is.
        """
        return all(word in self.words for word in _WORD.findall(key))


def unused_values(
    values: Values, templates: Iterable[Source], bases: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield a warning for each value that no template uses, at its key.

    `values` are those of all projects and flags; of those in the files of `bases`, other projects
    may make use. Without a template, one warning is about all of them.
    """
    sources = list(templates)
    if not sources:
        yield from _without_templates(values, bases)
        return
    uses = _uses(_text(source) for source in sources)
    count = 0
    for node, path in _unused(values.root, uses):
        place = node.key(path[-1])
        if place.file in bases:
            continue
        count += 1
        hint = near(path[-1], uses.words) if count <= _MOST_SUGGESTIONS else ""
        yield diagnostic(
            UNUSED_VALUE, place, f"no template uses the value '{'.'.join(path)}'", hint
        )


def _without_templates(values: Values, bases: Collection[str]) -> Iterator[Diagnostic]:
    """Yield one warning if there are values."""
    names = values.root.children if isinstance(values.root.children, dict) else {}
    places = (values.root.key(name) for name in names)
    place = next((each for each in places if each.file not in bases), None)
    if place:
        message = "no template uses the values: the project has no *.yaml.j2"
        yield diagnostic(UNUSED_VALUE, place, message)


def _unused(root: Node, uses: _Uses) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield the path of each value that is not used, and the mapping that it is in."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        for name, child in node.children.items() if isinstance(node.children, dict) else ():
            if not uses.has(name):
                yield node, (*path, name)
            elif name in uses.words and name not in uses.whole:
                waiting.append((child, (*path, name)))


def _text(source: Source) -> str:
    text, _ = decoded(source.name, source.content)
    return text


def _uses(texts: Iterable[str]) -> _Uses:
    words: set[str] = set()
    whole: set[str] = set()
    for expressions in map(_expressions, texts):
        for found in _WORD.finditer(expressions):
            words.add(found[0])
            if not _PART.match(expressions, found.end()):
                whole.add(found[0])
    return _Uses(words, whole)


def _expressions(text: str) -> str:
    """Return what stands between `{{` and `}}`, or `{%` and `%}`; all of it if that is not clear."""
    found: list[str] = []
    position = 0
    while begin := _BEGIN.search(text, position):
        end = text.find("}}" if begin[0] == "{{" else "%}", begin.end())
        inside = text[begin.end() : end]
        # A string may contain what ends an expression.
        if end < 0 or inside.count('"') % 2 or inside.count("'") % 2:
            return text
        found.append(inside)
        position = end
    return "\n".join(found)
