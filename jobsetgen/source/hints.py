"""How to mend text that is not YAML: advice for the mistake that an error of the parser stands for.

A hint names lines and columns, never what is written there: it may be the value of a Secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from ruamel.yaml.error import MarkedYAMLError, StringMark

from jobsetgen.source.templates import start_of_template
from jobsetgen.source.text import lines_of, place_after

_COLON = "Quote the value: it contains ': '."
_KEY = re.compile(r"(?:^|[\s{,])[^\s:][^:]*:(?=\s|$)")
_CLOSED_UP_KEY = re.compile(r"^[\s-]*[\w./-]+:\S")
# Quoted text and comments, in which brackets do not count, and brackets.
_TOKENS = re.compile(
    r"""(?<![^\s\[\]{},:])(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')|(?<!\S)\#[^\n]*|[\[\]{}]""",
    re.DOTALL,
)
_FORBIDDEN_START = re.compile(r"found character '(.)' that cannot start any token")


def syntax_hint(error: MarkedYAMLError, text: str, first_line: int) -> str:
    """Return advice for an error in the text of a document, or an empty string.

    `first_line` is the number of the document's first line in its file.
    """
    return _Advisor(error, text, first_line).hint()


def place_of_template(error: MarkedYAMLError, text: str) -> tuple[int, int] | None:
    """Return the line and the column, from 0, of the template that is no YAML, or None."""
    lines = lines_of(text)
    marks = (error.context_mark, error.problem_mark)
    for line in sorted({mark.line for mark in marks if mark and mark.line < len(lines)}):
        column = start_of_template(lines[line])
        if column is not None:
            return line, column
    return None


class _Advisor:
    """What is known about one error."""

    def __init__(self, error: MarkedYAMLError, text: str, first_line: int) -> None:
        self.context = str(error.context or "")
        self.problem = str(error.problem or "")
        self.mark: StringMark | None = error.problem_mark
        self.start: StringMark | None = error.context_mark
        self.text = text
        self.lines = lines_of(text)
        self.first_line = first_line

    def hint(self) -> str:
        """Return advice, or an empty string."""
        if self.mark is None:
            return ""
        said = f"{self.context}, {self.problem}"
        advise = next((method for words, method in self._METHODS.items() if words in said), None)
        return advise(self) if advise else ""

    def _forbidden_start(self) -> str:
        if "'\\t'" in self.problem:
            return "Indent with spaces; YAML does not allow tabs in indentation."
        found = _FORBIDDEN_START.search(self.problem)
        return f"Quote the value: it begins with '{found[1]}'." if found else ""

    def _quoted(self) -> str:
        if "unknown escape" in self.problem:
            return r"Write the backslash twice, or put the value in single quotes."
        return f"Close the quote that opens on {self._at(self.start)}." if self.start else ""

    def _bracket(self) -> str:
        """Return advice for text inside of brackets that does not belong there."""
        assert self.mark is not None
        is_colon = self.problem.endswith("but got ':'")
        if is_colon and _KEY.search(self._before_mark()):
            return _COLON
        position = _open_bracket(self.text[: self.mark.index])
        if position is None:
            return ""
        bracket = self.text[position]
        place = place_after("", self.text[:position])
        where = f"line {place.line - 1 + self.first_line}, column {place.column}"
        return f"Close the '{bracket}' that opens on {where}, or separate its items with commas."

    def _second_colon(self) -> str:
        """Return advice for a ':' in what is already a value."""
        assert self.mark is not None
        if _KEY.search(self._before_mark()):
            return _COLON
        above = self._content_above(self.mark.line)
        if above is None:
            return ""
        line = self._line(above)
        if _CLOSED_UP_KEY.search(line):
            return f"Write a space after the ':' on line {above + self.first_line}."
        if not _KEY.search(line):
            return f"Write a ':' after the key on line {above + self.first_line}."
        return self._align([above])

    def _block_end(self) -> str:
        """Return advice for a line that belongs to none of the open mappings and lists."""
        assert self.mark is not None
        if self._before_mark().strip(" -"):
            return "Quote the whole value, and check that each quote before it is closed."
        above = self._content_above(self.mark.line)
        siblings = [self.start.line] if self.start else []
        return self._align([*siblings, *([] if above is None else [above])])

    def _first_indent(self) -> str:
        assert self.mark is not None
        return self._align([self._content_above(self.mark.line) or 0])

    def _no_colon(self) -> str:
        if self.start is None:
            return ""
        line = self.start.line + self.first_line
        return f"Write a ':' after the key on line {line}, or remove the line."

    def _list_beside_key(self) -> str:
        return "Begin the list on the line below its key."

    def _align(self, siblings: Sequence[int]) -> str:
        """Return the indents that would fit: those of lines that may be siblings."""
        lines = {_indent(self._line(each)): each + self.first_line for each in siblings}
        choices = [
            f"by {_spaces(indent)}, like line {line}" for indent, line in sorted(lines.items())
        ]
        return f"Indent this line {', or '.join(choices)}."

    def _content_above(self, line: int) -> int | None:
        """Return the index of the nearest line above that is not blank and no comment."""
        above = range(line - 1, -1, -1)
        return next((each for each in above if _has_content(self._line(each))), None)

    def _before_mark(self) -> str:
        """Return what stands before the error on its line."""
        assert self.mark is not None
        return self._line(self.mark.line)[: self.mark.column]

    def _line(self, index: int) -> str:
        return self.lines[index] if index < len(self.lines) else ""

    def _at(self, mark: StringMark) -> str:
        return f"line {mark.line + self.first_line}, column {mark.column + 1}"

    # By what the parser says.
    _METHODS: ClassVar[dict[str, Callable[[_Advisor], str]]] = {
        "cannot start any token": _forbidden_start,
        "quoted scalar": _quoted,
        "flow": _bracket,
        "mapping values are not allowed": _second_colon,
        "expected <block end>": _block_end,
        "expected '<document start>'": _first_indent,
        "could not find expected ':'": _no_colon,
        "sequence entries are not allowed": _list_beside_key,
    }


def _open_bracket(text: str) -> int | None:
    """Return the position of the last bracket that is not closed, or None."""
    opened: list[int] = []
    for found in _TOKENS.finditer(text):
        if found[0] in "[{":
            opened.append(found.start())
        elif found[0] in "]}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _has_content(line: str) -> bool:
    return line.strip() != "" and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
