"""Format diagnostics for people at a terminal: each with its line of source, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobsetgen.diagnostics import Diagnostic, Severity, shown
from jobsetgen.review.excerpts import excerpt
from jobsetgen.review.left_out import left_out
from jobsetgen.review.paint import BLUE, BOLD, CYAN, DIM, GREEN, RED, YELLOW, painted
from jobsetgen.review.reporters import page_command
from jobsetgen.review.source_lines import SourceLines
from jobsetgen.review.terminal import harmless
from jobsetgen.words import plural

_COLORS: dict[Severity, str] = {"error": RED, "warning": YELLOW, "notice": BLUE}
_HINT = f"{BOLD};{CYAN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a terminal can show: its width in columns, and whether it has colors."""

    width: int
    is_colored: bool

    def paint(self, style: str, text: str) -> str:
        """Return text in a style, if there are colors."""
        return painted(style, text) if self.is_colored else text


def as_blocks(diagnostics: Iterable[Diagnostic], lines: SourceLines, screen: Screen) -> str:
    """Return diagnostics as `as_text` does, each with its line of source and a mark below.

    An empty line separates them. The first of each code has the command that prints its page.
    """
    report = shown(diagnostics)
    blocks: list[str] = []
    explained: set[str] = set()
    for item in report.items:
        block = [_head(item, screen), *_source(item, lines, screen)]
        if item.hint:
            block.append(f"  {screen.paint(_HINT, 'hint:')} {harmless(item.hint)}")
        if item.code not in explained:
            block.append(screen.paint(DIM, f"  more: {page_command(item)}"))
        explained.add(item.code)
        blocks.append("\n".join(block) + "\n\n")
    blocks += [f"{screen.paint(BOLD, line)}\n\n" for line in left_out(report)]
    return "".join(blocks)


def _head(item: Diagnostic, screen: Screen) -> str:
    place = screen.paint(BOLD, harmless(f"{item.file}:{item.line}:{item.column}:"))
    style = f"{BOLD};{_COLORS[item.severity]}"
    severity = screen.paint(style, f"{item.severity}[{item.code}]:")
    return f"{place} {severity} {harmless(item.message)}"


def _source(item: Diagnostic, lines: SourceLines, screen: Screen) -> Iterator[str]:
    """Yield the line of a diagnostic and the line with its mark, if there is such a line."""
    line = lines.at(item.place)
    if line is None:
        return
    number = f"{item.line:>5} | "
    margin = f"{'':>5} | "
    # A mark that ends in the last column must not break the line.
    found = excerpt(line, item.place, screen.width - len(number) - 1)
    mark = screen.paint(f"{BOLD};{_COLORS[item.severity]}", "^" * found.marked)
    yield f"{screen.paint(DIM, number)}{found.text}".rstrip()
    yield f"{screen.paint(DIM, margin)}{' ' * found.before}{mark}"


def summary_line(
    diagnostics: Sequence[Diagnostic], files: int, jobsets: int | None, screen: Screen
) -> str:
    """Return how many problems there are, and in how much input: `1 error in 2 files; 4 JobSets`.

    The number of JobSets is left out if it is None.
    """
    counts = Counter(item.severity for item in diagnostics)
    problems = [
        screen.paint(f"{BOLD};{color}", plural(counts[severity], severity))
        for severity, color in _COLORS.items()
        if counts[severity]
    ]
    found = ", ".join(problems) or screen.paint(f"{BOLD};{GREEN}", "no problems")
    scope = f" in {plural(files, 'file')}" if files else ""
    read = "" if jobsets is None else f"; {plural(jobsets, 'JobSet') if jobsets else 'no JobSets'}"
    return f"{found}{scope}{read}\n"
