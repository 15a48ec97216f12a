"""The sections of a comment: one set each, folded, of at most 40 lines."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.diff import words
from jobsetgen.diff.blocks import Part, left_out, parts, policy_lines, within
from jobsetgen.diff.changes import ObjectChange, SetChange
from jobsetgen.diff.entry import Entry
from jobsetgen.diff.markup import code, fence, html_code, prose, strong
from jobsetgen.words import plural

LONGEST = 40
"""The lines of a section."""

MEDIUM = words.Medium(name=code, prose=prose, strong=strong)

# A sentence and a fence, each with a blank line after it, and the fence's two lines.
_FRAME = 5
_NOTES, _DIAGNOSTICS, _POLICY = 2, 4, 6


def section(entry: Entry, command: str, *, is_open: bool) -> str:
    """Return the section of a set: the cause, what changes, policies and diagnostics."""
    change = entry.change
    begin = [_open(is_open), _summary(entry), "", prose(words.sentence(change.sentence)), ""]
    if change.causes:
        begin += [f"Cause: {words.cause(change, MEDIUM)}", ""]
    end = [*_policy(change), *_remarks(change), "</details>", ""]
    room = LONGEST - len(begin) - len(end)
    body = _body(parts(change.changes), room, change.sentence, command)
    return "".join(f"{line}\n" for line in [*begin, *body, *end])


def others(changes: Sequence[ObjectChange], command: str) -> str:
    """Return the section of the objects that are not ours."""
    title = f"{plural(len(changes), 'object')} that jobsetgen passes through"
    begin = [_open(False), f"<summary><b>Not a set</b> {title}</summary>", ""]
    end = ["</details>", ""]
    every = parts(changes)
    body = _body(every, LONGEST - len(begin) - len(end), None, command)
    return "".join(f"{line}\n" for line in [*begin, *body, *end])


def _open(is_open: bool) -> str:
    return "<details open>" if is_open else "<details>"


def _summary(entry: Entry) -> str:
    project = f"{html_code(entry.project)} " if entry.project else ""
    name = words.set_name(entry.change, html_code)
    size = html.escape(words.size(entry))
    return f"<summary><b>{words.label(entry)}</b> {project}{name}: {size}</summary>"


def _body(every: Sequence[Part], room: int, known: str | None, command: str) -> list[str]:
    """Return the changes that fit, and the number of the others."""
    # One line and a blank for that number.
    shown = within(every, room - 2, _FRAME)
    lines = [line for part in shown for line in _part(part, known)]
    left = left_out(every, shown)
    return [*lines, f"{plural(left, 'more change')}: {code(command)}", ""] if left else lines


def _part(part: Part, known: str | None) -> list[str]:
    """Return the lines of a part; its sentence only if it is not the set's own."""
    lines = []
    if part.sentence != known:
        lines += [prose(words.sentence(part.sentence)), ""]
    body: list[str] = []
    for block in part.blocks:
        body += [f"@@ {block.title} @@"] if block.title else []
        body += block.lines
    return [*lines, *fence(body, "diff"), ""] if body else lines


def _policy(change: SetChange) -> list[str]:
    lines = policy_lines(change)
    if not lines:
        return []
    left = len(lines) - _POLICY
    rest = [f"  ({left:,} more)"] if left > 0 else []
    return ["Failure policy:", "", *fence([*lines[:_POLICY], *rest], "diff"), ""]


def _remarks(change: SetChange) -> list[str]:
    """Return the notes and the diagnostics as a list."""
    lines = [f"- {prose(each)}" for each in change.notes[:_NOTES]]
    lines += _diagnostics("New", change.added_diagnostics)
    lines += _diagnostics("Gone", change.gone_diagnostics)
    return [*lines, ""] if lines else []


def _diagnostics(word: str, items: Sequence[Diagnostic]) -> Iterator[str]:
    for item in items[:_DIAGNOSTICS]:
        yield f"- {word}: {words.diagnostic(item, MEDIUM)}"
    left = len(items) - _DIAGNOSTICS
    if left > 0:
        yield f"- {word}: {plural(left, 'more diagnostic')}"
