"""Comparisons as text for terminals."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from jobsetgen.diagnostics import Diagnostic
from jobsetgen.diff import delivery_words, words
from jobsetgen.diff.blocks import Part, left_out, parts, policy_lines, within
from jobsetgen.diff.changes import Comparison, SetChange
from jobsetgen.diff.color import Paint, colored, plain
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.entry import Entry
from jobsetgen.diff.markup import LONGEST_NAME, LONGEST_SENTENCE, short
from jobsetgen.diff.overview import Overview, overview, sets_of
from jobsetgen.diff.prices import Prices, rate
from jobsetgen.review.terminal import harmless
from jobsetgen.words import plural

_LINES = 40
"""The lines of a set, before they are wrapped."""

_ROWS = 50
_NOTES, _DIAGNOSTICS = 5, 5
_LEAST_WIDTH = 40
_NAME_WIDTH = 40

_AT_DOTS = re.compile(r"(\s+)|(?<=\.)(?=[A-Za-z])")

_Line = tuple[str, str]
"""A style (see `color`) and a line of visible text."""


def _name(text: str) -> str:
    return short(text, LONGEST_NAME)


def _prose(text: str) -> str:
    return short(text, LONGEST_SENTENCE)


_MEDIUM = words.Medium(name=_name, prose=_prose, strong=str)


def as_text(
    comparisons: Sequence[Comparison],
    *,
    width: int,
    color: bool,
    prices: Prices | None = None,
    deliveries: Sequence[DeliveryChange] = (),
) -> str:
    """Return all comparisons as lines of at most `width` characters, the worst set first.

    The content and its order are those of the comment. Untrusted text is escaped already, since
    the escape codes of colors must reach the terminal.
    """
    whole = overview(comparisons, deliveries)
    paint = colored if color else plain
    lines = [*_head(comparisons, whole, prices), *_table(whole)]
    for entry in whole.entries:
        lines += _section(entry)
    lines += _others(whole)
    return "".join(_wrapped(lines, max(width, _LEAST_WIDTH), paint))


def _head(
    comparisons: Sequence[Comparison], whole: Overview, prices: Prices | None
) -> Iterator[_Line]:
    """Yield the verdict and its meaning, the notes and the totals."""
    if whole.broken:
        yield "sync-fails", words.unknown(whole.broken, _MEDIUM)
    if whole.kustomized:
        yield "sync-fails", words.kustomized(whole, _MEDIUM)
    if whole.deliveries:
        yield "sync-fails", delivery_words.not_compared(whole.deliveries, _MEDIUM)
    if whole.has_verdict:
        yield whole.verdict, f"{words.headline(whole)}."
        yield from (("", each) for each in words.facts(whole, _MEDIUM))
    elif whole.has_partial_verdict:
        # What is not known to be safe is not green.
        style = whole.verdict if whole.has_changes else ""
        yield style, f"By the manifests alone: {words.headline(whole)}."
        yield from (("", each) for each in delivery_words.partial_facts(whole, _MEDIUM))
    if whole.has_changes:
        yield "", words.totals(whole, _MEDIUM)
        if prices is not None:
            old, new = sets_of(comparisons)
            yield "", words.price(rate(old, prices), rate(new, prices), _MEDIUM)
    yield from _remarks(whole)


def _remarks(whole: Overview) -> Iterator[_Line]:
    for note in whole.notes[:_NOTES]:
        yield "", f"- {_prose(note)}"
    for side in whole.broken:
        errors = [each for each in side.diagnostics if each.is_error]
        for each in errors[:_DIAGNOSTICS]:
            yield "", f"- {words.diagnostic(each, _MEDIUM)}"


def _table(whole: Overview) -> Iterator[_Line]:
    """Yield a line for each set; none if there is one set, whose section says it all."""
    if len(whole.entries) < 2:
        return
    shown = whole.entries[:_ROWS]
    names = list(map(_set_name, shown))
    labels = list(map(words.label, shown))
    name_width = min(max(map(len, names)), _NAME_WIDTH)
    label_width = max(map(len, labels))

    yield "", ""
    for entry, name, label in zip(shown, names, labels, strict=True):
        text = f"  {name:{name_width}}  {label:{label_width}}  {words.size(entry)}"
        yield entry.change.verdict, text

    left = len(whole.entries) - _ROWS
    if left > 0:
        yield "", f"  and {plural(left, 'more set')}"


def _section(entry: Entry) -> Iterator[_Line]:
    """Yield the lines of a set: the cause, what changes, policies and diagnostics."""
    change = entry.change
    yield "", ""
    yield change.verdict, f"{_set_name(entry)}: {words.label(entry)} ({words.size(entry)})"
    yield "", f"  {_prose(words.sentence(change.sentence))}"
    if change.causes:
        yield "", f"  Cause: {words.cause(change, _MEDIUM)}"
    end = list(_end(change))
    yield from _parts(parts(change.changes), _LINES - 4 - len(end), change.sentence)
    yield from end


def _others(whole: Overview) -> Iterator[_Line]:
    if whole.pass_through:
        yield "", ""
        count = plural(len(whole.pass_through), "object")
        yield "pass-through", f"{count} that jobsetgen passes through"
        yield from _parts(parts(whole.pass_through), _LINES - 2, None)


def _set_name(entry: Entry) -> str:
    project = f"{_name(entry.project)}: " if entry.project else ""
    return f"{project}{words.set_name(entry.change, _name)}"


def _parts(every: Sequence[Part], room: int, known: str | None) -> Iterator[_Line]:
    shown = within(every, room - 1, frame=1)
    for part in shown:
        if part.sentence != known:
            yield "", f"  {_prose(words.sentence(part.sentence))}"
        for block in part.blocks:
            if block.title:
                yield "@", f"    {block.title}"
            yield from ((line[:1], f"    {line}") for line in block.lines)
    left = left_out(every, shown)
    if left:
        yield "", f"  {plural(left, 'more change')}"


def _end(change: SetChange) -> Iterator[_Line]:
    """Yield the policies, the notes and the diagnostics of a set."""
    policy = policy_lines(change)
    if policy:
        yield "", "  Failure policy:"
        yield from ((line[:1], f"    {line}") for line in policy)
    for note in change.notes[:_NOTES]:
        yield "", f"  - {_prose(note)}"
    yield from _diagnostics("New", change.added_diagnostics)
    yield from _diagnostics("Gone", change.gone_diagnostics)


def _diagnostics(word: str, items: Sequence[Diagnostic]) -> Iterator[_Line]:
    for item in items[:_DIAGNOSTICS]:
        yield "", f"  - {word}: {words.diagnostic(item, _MEDIUM)}"
    left = len(items) - _DIAGNOSTICS
    if left > 0:
        yield "", f"  - {word}: {plural(left, 'more diagnostic')}"


def _wrapped(lines: Iterable[_Line], width: int, paint: Paint) -> Iterator[str]:
    """Yield lines of at most a width, each painted on its own."""
    for style, line in lines:
        for piece in _pieces(line, width):
            yield f"{paint(style, harmless(piece))}\n"


class _Wrapper(textwrap.TextWrapper):
    """Also wraps at the dots of a path."""

    wordsep_simple_re = _AT_DOTS


def _pieces(line: str, width: int) -> list[str]:
    """Return a line in pieces, the later ones indented under its text.

    Words are kept whole unless one of them is longer than a line.
    """
    if len(line) <= width:
        return [line]
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text) + 2)
    is_long = any(len(word) > width - len(indent) for word in text.split())
    wrapper = (_Wrapper if is_long else textwrap.TextWrapper)(
        width=width,
        subsequent_indent=indent,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )
    return wrapper.wrap(line) or [""]
