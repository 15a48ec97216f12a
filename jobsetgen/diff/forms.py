"""Read the texts of objects that differ in a few words, without parsing each.

Reading YAML is slow, and the Jobs of a family differ in about twenty words. A `Form` is the text of
one of them with gaps at these words, and reads the others a hundred times as fast. It accepts a
text only if the loader would find the same data in it, except for the words in the gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobsetgen import emit
from jobsetgen.diagnostics import Path, Place
from jobsetgen.expand.objects import Object, Slot
from jobsetgen.source.documents import Document, Node

WORD = re.compile(r"[A-Za-z0-9._-]+")
"""A word that stays one YAML scalar whatever surrounds it: only such words have gaps."""

_BREAK = re.compile(r"\r\n|\r|\n")
# Line breaks to YAML, but not to an editor: the columns of the loader restart there.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]")


class Gap(NamedTuple):
    """A place of a text where the value of a slot is, and whether it is without quotes."""

    slot: Slot
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A text with gaps. `literals` are the texts before, between and after them."""

    literals: tuple[str, ...]
    gaps: tuple[Gap, ...]

    def values(self, text: str) -> dict[Slot, str] | None:
        """Return the values in a text, or None if it differs from the form outside the gaps."""
        values: dict[Slot, str] = {}
        at = 0
        for literal, gap in zip(self.literals, self.gaps, strict=False):
            word = self._word(text, at, literal, gap)
            if word is None or values.setdefault(gap.slot, word[0]) != word[0]:
                return None
            at = word.end()
        return values if text[at:] == self.literals[-1] else None

    @staticmethod
    def _word(text: str, at: int, literal: str, gap: Gap) -> re.Match[str] | None:
        """Return the word in the gap that follows a literal, or None if it is not one."""
        if not text.startswith(literal, at):
            return None
        word = WORD.match(text, at + len(literal))
        # Without quotes, some words are numbers.
        if word is None or (gap.is_bare and not emit.is_plain(word[0])):
            return None
        return word


class Apart(NamedTuple):
    """An object taken apart: the template with slots, and the form of its text.

    There is no form if the text holds more than the object, or a value is not written as it is.
    """

    template: Object
    form: Form | None


def take_apart(
    document: Document,
    text: str,
    values: Mapping[Slot, str],
    slot_at: Callable[[Path], Slot | None],
    strings: dict[str, str],
) -> Apart:
    """Return an object with slots instead of values.

    `text` holds nothing but the object, or is empty. `slot_at` returns the slot that the value at a
    path may have; it has it if it is the one in `values`. Equal strings of all objects are one in
    `strings`.
    """
    walk = _Walk(values, slot_at, strings)
    template = walk.built(document.root, ())
    return Apart(template, _form(text, walk, values))


class _Walk:
    """A walk through an object: it builds the template, and notes where the values are."""

    def __init__(
        self,
        values: Mapping[Slot, str],
        slot_at: Callable[[Path], Slot | None],
        strings: dict[str, str],
    ) -> None:
        self.slots: dict[Place, Slot | None] = {}
        self.has_conflict = False
        self._values = values
        self._slot_at = slot_at
        self._strings = strings

    def built(self, node: Node, path: Path) -> Any:
        """Return data with slots instead of values."""
        if isinstance(node.children, dict):
            entries = node.children.items()
            return {self._shared(key): self.built(item, (*path, key)) for key, item in entries}
        if isinstance(node.data, list):
            return [self.built(item, (*path, index)) for index, item in enumerate(node.children)]
        return self._leaf(node, path)

    def _leaf(self, node: Node, path: Path) -> Any:
        if not isinstance(node.data, str):
            return node.data
        slot = self._slot_at(path)
        if slot is not None and self._values.get(slot) != node.data:
            slot = None
        # An alias repeats a value at another path, where it may have no slot or another one.
        self.has_conflict |= self.slots.setdefault(node.place, slot) != slot
        return self._shared(node.data) if slot is None else slot

    def _shared(self, text: str) -> str:
        return self._strings.setdefault(text, text)


def _form(text: str, walk: _Walk, values: Mapping[Slot, str]) -> Form | None:
    """Return the form of the text of an object, or None if the values are not found in it."""
    if not text or walk.has_conflict or _OTHER_BREAK.search(text):
        return None
    starts = [0, *(found.end() for found in _BREAK.finditer(text))]
    literals: list[str] = []
    gaps: list[Gap] = []
    at = 0
    for place, slot in sorted(walk.slots.items(), key=lambda entry: entry[0][:3]):
        if slot is None:
            continue
        span = _span(text, starts[place.line - 1], place, values[slot])
        if span is None:
            return None
        literals.append(text[at : span.begin])
        gaps.append(Gap(slot, span.is_bare))
        at = span.end
    return Form((*literals, text[at:]), tuple(gaps))


class _Span(NamedTuple):
    """Where a value is in a text, without its quotes, and whether it has none."""

    begin: int
    end: int
    is_bare: bool


def _span(text: str, line: int, place: Place, value: str) -> _Span | None:
    """Return where a value is in a text; `line` is where its line begins.

    None if it is written in another way: with an anchor, an escape, or over lines.
    """
    if place.end_column is None or not WORD.fullmatch(value):
        return None
    begin, end = line + place.column - 1, line + place.end_column - 1
    written = text[begin:end]
    if written == value:
        return _Span(begin, end, is_bare=True)
    if written in (f'"{value}"', f"'{value}'"):
        return _Span(begin + 1, end - 1, is_bare=False)
    return None
