"""Compare two strings by line: scripts, and JSON inside a string.

No byte of a string is ignored: a container that reads it may depend on each. Unlike `difflib`,
this takes nearly linear time for every text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jobsetgen.diff.alignment import Gap, equal_blocks, gaps

SAME_JSON = "only the formatting of the JSON differs"
"""The text of a change of JSON that means the same; a Job restarts all the same."""

_CONTEXT = 3
_LONGEST_HUNK = 20
# JSON of this length is easier to read over several lines.
_LONG_LINE = 80
_NO_NEWLINE = "\\ No newline at end of file"


def text_diff(old: str, new: str) -> tuple[str, ...]:
    """Return the lines of a unified diff of two strings, without line breaks and file names.

    Empty for strings of one line, which are shown as a whole. JSON is compared in its indented
    form with sorted keys.
    """
    is_multiline = "\n" in old or "\n" in new
    if not is_multiline and max(len(old), len(new)) <= _LONG_LINE:
        return ()
    before, after = _indented(old), _indented(new)
    if before is None or after is None:
        return tuple(_unified(old, new)) if is_multiline else ()
    return tuple(_unified(before, after)) or (SAME_JSON,)


def _indented(text: str) -> str | None:
    """Return JSON in its indented form, or None if a string is not an object or a list of JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_float=_finite,
            parse_constant=_refused,
        )
        indented = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
        # A lone surrogate cannot be printed.
        indented.encode()
    except (ValueError, RecursionError):
        return None
    return f"{indented}\n"


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one with a duplicate key would lose a value."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("duplicate key")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("number out of range")
    return number


def _refused(name: str) -> Any:
    raise ValueError(name)


def _unified(old: str, new: str) -> Iterator[str]:
    before, after = _lines(old), _lines(new)
    changed = gaps(equal_blocks(before, after), len(before), len(after))
    for group in _groups(changed):
        yield from _hunk(before, after, group)


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line breaks; no other character breaks a line here."""
    *lines, last = text.split("\n")
    whole = [f"{line}\n" for line in lines]
    return [*whole, last] if last else whole


def _groups(changed: Iterable[Gap]) -> Iterator[list[Gap]]:
    """Yield the changes that stand so close that their context overlaps."""
    group: list[Gap] = []
    for gap in changed:
        if group and gap.old_begin - group[-1].old_end > 2 * _CONTEXT:
            yield group
            group = []
        group.append(gap)
    if group:
        yield group


def _hunk(old: Sequence[str], new: Sequence[str], group: Sequence[Gap]) -> Iterator[str]:
    first, last = group[0], group[-1]
    lead = min(_CONTEXT, first.old_begin)
    trail = min(_CONTEXT, len(old) - last.old_end)
    before = _range(first.old_begin - lead, last.old_end + trail)
    after = _range(first.new_begin - lead, last.new_end + trail)
    yield f"@@ -{before} +{after} @@"

    shown_until = first.old_begin - lead
    body: list[str] = []
    for gap in group:
        body += _marked(" ", old[shown_until : gap.old_begin])
        body += _marked("-", old[gap.old_begin : gap.old_end])
        body += _marked("+", new[gap.new_begin : gap.new_end])
        shown_until = gap.old_end
    body += _marked(" ", old[shown_until : last.old_end + trail])
    yield from _cut(body)


def _range(begin: int, end: int) -> str:
    """Return a range of lines as `diff -u` writes it."""
    size = end - begin
    if size == 1:
        return str(begin + 1)
    return f"{begin + 1 if size else begin},{size}"


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _cut(body: list[str]) -> list[str]:
    """Return the lines of a hunk; in the middle of a long one is only how many are left out."""
    left_out = len(body) - _LONGEST_HUNK + 1
    if left_out <= 1:
        return body
    head = _LONGEST_HUNK // 2
    tail = _LONGEST_HUNK - head - 1
    return [*body[:head], f"… {left_out} lines left out", *body[-tail:]]
