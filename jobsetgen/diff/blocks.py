"""The changed fields of a set as short blocks of a diff, the same in every format for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobsetgen.diff.changes import FieldChange, ObjectChange, SetChange
from jobsetgen.diff.markup import LONGEST_LINE, LONGEST_NAME, short, shortened, visible_content
from jobsetgen.diff.overview import severity
from jobsetgen.diff.paths import path_text
from jobsetgen.diff.words import object_name
from jobsetgen.expand.objects import Slot
from jobsetgen.words import plural

# Stands for the kind and the name of an object, in which there is no such character.
_OBJECT = "\0"
_SIGNS = {"add": "+", "remove": "-"}
_WORDS = {"replace": "changed", "move": "moved"}
# Strings that would read as something else without quotes.
_AMBIGUOUS = re.compile(r"|\s.*|.*\s|true|false|null|[-+.\d][\d.eE+-]*", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One changed field, or one object that is added or removed, which has no title.

    Each line begins with -, + or a blank, as in a diff. All of it is visible text.
    """

    title: str
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        """The number of its lines, the title included."""
        return len(self.lines) + bool(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The changes that have one consequence, and what it means; a whole set has no blocks."""

    consequence: str
    sentence: str
    blocks: tuple[Block, ...]


def parts(changes: Iterable[ObjectChange]) -> list[Part]:
    """Return changes by their consequence and its sentence, the worst first.

    Sentences that differ only in the object that they name are one.
    """
    groups: dict[tuple[str, str], list[ObjectChange]] = {}
    for each in sorted(changes, key=lambda change: severity(change.consequence)):
        sentence = each.sentence.replace(_kind_and_name(each), _OBJECT)
        groups.setdefault((each.consequence, sentence), []).append(each)
    return list(map(_part, groups.values()))


def _part(changes: Sequence[ObjectChange]) -> Part:
    first = changes[0]
    sentence = first.sentence
    names = dict.fromkeys(_kind_and_name(each) for each in changes)
    if len(names) > 1:
        sentence = sentence.replace(_kind_and_name(first), plural(len(names), "object"))
    blocks = tuple(block for each in changes for block in _blocks(each))
    return Part(consequence=first.consequence, sentence=sentence, blocks=blocks)


def _kind_and_name(change: ObjectChange) -> str:
    return f"{change.kind} {change.name}"


def within(every: Sequence[Part], lines: int, frame: int) -> list[Part]:
    """Return as many blocks as fit in a number of lines; each part takes `frame` lines of its own.

    The first block is shortened if it alone is too long.
    """
    shown: list[Part] = []
    room = lines
    for part in every:
        room -= frame
        kept = _kept(part.blocks, room, is_first=not shown)
        room -= sum(block.height for block in kept)
        if kept or not part.blocks:
            shown.append(replace(part, blocks=tuple(kept)))
        if len(kept) < len(part.blocks):
            break
    return shown


def left_out(every: Sequence[Part], shown: Sequence[Part]) -> int:
    """Return the number of blocks that are not shown."""
    return sum(len(part.blocks) for part in every) - sum(len(part.blocks) for part in shown)


def policy_lines(change: SetChange) -> tuple[str, ...]:
    """Return the words of a changed failure policy as lines of a diff, without what stays."""
    old, new = change.failure_policy
    # The whole policy of a set that comes or goes says nothing about the change.
    if old == new or change.old is None or change.new is None:
        return ()
    if sorted(old) == sorted(new):
        gone, added = list(old), list(new)
    else:
        gone = [each for each in old if each not in new]
        added = [each for each in new if each not in old]
    return (*(_line("-", each) for each in gone), *(_line("+", each) for each in added))


def _kept(blocks: Sequence[Block], room: int, *, is_first: bool) -> list[Block]:
    """Return the blocks that fit."""
    kept: list[Block] = []
    for block in blocks:
        if block.height > room:
            break
        kept.append(block)
        room -= block.height
    if not kept and is_first and blocks and room > 3:
        return [_shorter(blocks[0], room)]
    return kept


def _shorter(block: Block, height: int) -> Block:
    """Return the first lines of a block, and the number of the others."""
    kept = block.lines[: height - 2]
    left = len(block.lines) - len(kept)
    return Block(title=block.title, lines=(*kept, f"  ({left:,} more lines)"))


def _blocks(change: ObjectChange) -> Iterator[Block]:
    if change.kind == "JobSet" and not change.fields:
        # What happens to a whole set is said in its sentence.
        return

    name = short(object_name(change), LONGEST_NAME)
    if change.operation in _SIGNS:
        yield Block(title="", lines=(_line(_SIGNS[change.operation], name),))
    elif not change.fields:
        yield Block(title=name, lines=(f"  {_WORDS[change.operation]}",))
    else:
        yield from _fields(name, change.fields)


def _fields(name: str, fields: Iterable[FieldChange]) -> Iterator[Block]:
    for field in fields:
        title = f"{name}: {short(path_text(field.path), LONGEST_LINE)}"
        yield Block(title=title, lines=tuple(_lines(field)))


def _lines(field: FieldChange) -> Iterator[str]:
    if field.text:
        yield from map(_script_line, field.text)
        return
    if field.old is None and field.new is None:
        # The value of a Secret, or an item that has moved.
        yield f"  {_WORDS.get(field.operation, 'changed')}"
        return
    if field.old is not None:
        yield _line("-", _value(field.old))
    if field.new is not None:
        yield _line("+", _value(field.new))


def _line(sign: str, text: str) -> str:
    return f"{sign} {short(text, LONGEST_LINE)}"


def _script_line(line: str) -> str:
    """Return a line of a unified diff; one that is none becomes a line of its context."""
    content = line.rstrip("\r\n")[: LONGEST_LINE + 1]
    content = shortened(visible_content(content), LONGEST_LINE)
    return content if content[:1] in ("-", "+", " ", "@") else f" {content}"


def _value(value: Any) -> str:
    if isinstance(value, Slot):
        return f"<{value}>"
    if isinstance(value, str):
        return json.dumps(value) if _AMBIGUOUS.fullmatch(value) else value
    return json.dumps(_readable(value), ensure_ascii=False, default=str)


def _readable(value: Any) -> Any:
    """Return data with its slots as the text that stands for them."""
    if isinstance(value, Slot):
        return f"<{value}>"
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value
