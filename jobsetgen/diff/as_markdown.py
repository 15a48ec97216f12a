"""Comparisons as one comment in Markdown, for GitHub and GitLab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jobsetgen.diff import delivery_words, markdown_section, words
from jobsetgen.diff.changes import Comparison
from jobsetgen.diff.cut import first_parts, rows_that_leave_room
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.entry import Entry
from jobsetgen.diff.markdown_section import MEDIUM
from jobsetgen.diff.markup import code, prose
from jobsetgen.diff.overview import Overview, overview, sets_of
from jobsetgen.diff.prices import Prices, rate
from jobsetgen.diff.verdicts import VERDICTS
from jobsetgen.words import plural

MARKER = "<!-- jobsetgen diff -->"
"""The first line of a comment, by which it is found again."""

_MARKER_LINE = f"{MARKER}\n"
_ROWS = 50
# The characters of the notes and of the reasons why a side does not compile.
_REMARKS = 4_000
_DIAGNOSTICS = 3
_TABLE_HEAD = (
    "| Set | When applied | Jobs | Pods | Accelerators |\n| --- | --- | ---: | ---: | --- |\n"
)
# The characters of the line that counts the sections that are left out.
_LEFT = 100
# The headings and the punctuation around the names of the sets that have no row.
_AROUND_NAMES = 120


def as_markdown(
    comparisons: Sequence[Comparison],
    *,
    max_chars: int = 65_000,
    command: str,
    prices: Prices | None = None,
    deliveries: Sequence[DeliveryChange] = (),
) -> str:
    """Return one comment for all comparisons, of at most `max_chars` code points.

    It begins with a marker, the verdict, what that means, and the totals. A table and a section
    for each set follow, the worst first. Whole sections, then rows, are left out if there is no
    room, the least severe first; every set that loses data or fails to sync keeps its name.
    `command` prints the comparison again.
    """
    whole = overview(comparisons, deliveries)
    foot = f"Reproduce with: {code(command)}\n"
    paragraphs = [f"{each}\n\n" for each in _head(comparisons, whole, prices)]
    room = max_chars - len(_MARKER_LINE) - len(foot)
    head = first_parts(paragraphs, len(paragraphs), room, lambda _: "")
    room -= len(head)
    remarks = _remarks(whole, min(room // 2, _REMARKS))
    room -= len(remarks)
    table = _table(whole, room)
    sections = _sections(whole, command, room - len(table))
    return f"{_MARKER_LINE}{head}{remarks}{table}{sections}{foot}"


def _head(
    comparisons: Sequence[Comparison], whole: Overview, prices: Prices | None
) -> Iterator[str]:
    """Yield the verdict and its meaning, the totals and the prices, each a paragraph."""
    if whole.broken:
        yield f"**{words.unknown(whole.broken, MEDIUM)}**"
    if whole.kustomized:
        yield f"**{words.kustomized(whole, MEDIUM)}**"
    if whole.deliveries:
        yield f"**{delivery_words.not_compared(whole.deliveries, MEDIUM)}**"
    if whole.has_verdict:
        yield f"**{words.headline(whole)}.**"
        yield "\n".join(f"- {each}" for each in words.facts(whole, MEDIUM))
    elif whole.has_partial_verdict:
        yield f"**By the manifests alone: {words.headline(whole)}.**"
        facts = [f"- {each}" for each in delivery_words.partial_facts(whole, MEDIUM)]
        if facts:
            yield "\n".join(facts)
    if whole.has_changes:
        yield words.totals(whole, MEDIUM)
    if whole.has_changes and prices is not None:
        old, new = sets_of(comparisons)
        yield words.price(rate(old, prices), rate(new, prices), MEDIUM)


def _remarks(whole: Overview, room: int) -> str:
    """Return the notes, and the reasons why sides do not compile, as a list."""
    items = [f"- {prose(each)}\n" for each in whole.notes]
    for side in whole.broken:
        errors = [each for each in side.diagnostics if each.is_error]
        items += [f"- {words.diagnostic(each, MEDIUM)}\n" for each in errors[:_DIAGNOSTICS]]
    text = first_parts(items, len(items), room, lambda left: f"- {left:,} more\n")
    return f"{text}\n" if text else ""


def _table(whole: Overview, room: int) -> str:
    """Return the table of verdicts, then the sets that must be named and have no row."""
    if not whole.entries:
        return ""
    spare = room - len(_TABLE_HEAD) - len(_rest(whole.entries)) - _LEFT
    if spare < 0:
        return ""

    rows = list(map(_row, whole.entries[:_ROWS]))
    names = [f"{_set_name(each)}, " for each in whole.critical]
    count = rows_that_leave_room(rows, names, spare, _around_names)
    spare -= sum(map(len, rows[:count]))

    table = "".join([_TABLE_HEAD, *rows[:count], "\n"]) if count else ""
    rest = _rest(whole.entries[count:])
    return f"{table}{rest}{_named(whole.critical[count:], spare)}"


def _around_names(count: int) -> int:
    return _AROUND_NAMES if count else 0


def _row(entry: Entry) -> str:
    resources = words.accelerators(entry) or "-"
    jobs, pods = (words.pair(each) for each in (entry.jobs, entry.pods))
    return f"| {_set_name(entry)} | {words.label(entry)} | {jobs} | {pods} | {resources} |\n"


def _set_name(entry: Entry) -> str:
    project = f"{code(entry.project)} " if entry.project else ""
    return f"{project}{words.set_name(entry.change, code)}"


def _rest(entries: Sequence[Entry]) -> str:
    """Return the number of the sets that have no row, by verdict."""
    if not entries:
        return ""
    counts = Counter(each.change.verdict for each in entries)
    kinds = [f"{VERDICTS[each].label} ({count:,})" for each, count in counts.items()]
    return f"And {plural(len(entries), 'more set')}: {', '.join(kinds)}.\n\n"


def _named(entries: Sequence[Entry], room: int) -> str:
    """Return the names of sets by verdict, as many as fit."""
    count = len(entries)
    return first_parts(_names(entries), count, room, lambda left: f"and {left:,} more.\n\n")


def _names(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the name of each set, with what begins and ends the list of a verdict."""
    verdicts = [each.change.verdict for each in entries]
    for index, entry in enumerate(entries):
        verdict = verdicts[index]
        is_first = index == 0 or verdicts[index - 1] != verdict
        is_last = index + 1 == len(entries) or verdicts[index + 1] != verdict
        begin = f"{VERDICTS[verdict].label}, not in the table: " if is_first else ""
        end = ".\n\n" if is_last else ", "
        yield f"{begin}{_set_name(entry)}{end}"


def _sections(whole: Overview, command: str, room: int) -> str:
    """Return the sections of the worst sets, and that of other objects, as they fit."""
    count = len(whole.entries) + bool(whole.pass_through)
    return first_parts(_each_section(whole, command), count, room, _left)


def _each_section(whole: Overview, command: str) -> Iterator[str]:
    for index, entry in enumerate(whole.entries):
        yield markdown_section.section(entry, command, is_open=index == 0)
    if whole.pass_through:
        yield markdown_section.others(whole.pass_through, command)


def _left(count: int) -> str:
    return f"{plural(count, 'more section')} of the least severe changes left out for length.\n\n"
