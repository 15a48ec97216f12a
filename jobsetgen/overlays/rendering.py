"""Render templates in a child process: which pieces of a template follow each other, with values.

The child sends no text. For each template it sends the pieces, their order, and what each
`{{ … }}` has yielded: the number of a value, or data that the template has computed.
"""

from __future__ import annotations

import codecs
import difflib
import json
import re
import textwrap
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

import jinja2.debug
from jinja2 import nodes, pass_context
from jinja2.environment import Environment, Template
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context

from jobsetgen.overlays.child import TimeUpError, Write
from jobsetgen.overlays.template_data import (
    ShellWord,
    TemplateError,
    Tracker,
    json_data,
    number_of,
)
from jobsetgen.overlays.template_errors import in_plain_words
from jobsetgen.overlays.template_habits import habit_hint
from jobsetgen.overlays.template_language import (
    TEXT_FILTER,
    VALUE_FILTER,
    Marked,
    RefusedError,
    hint_for,
    language,
)
from jobsetgen.overlays.template_limits import LimitError, end, frames_of, line_of_limit
from jobsetgen.overlays.template_lines import Piece
from jobsetgen.source.documents import Node

# What the child uses and could not import by itself.
_LOADED = (difflib, jinja2.debug, codecs.lookup("unicode-escape"), textwrap)

_BEGINS = ("block_begin", "variable_begin", "comment_begin", "raw_begin")
_UNDEFINED = re.compile(r"undefined value '([^.\[]*)'")
_SET = "Set it under values, or write a default: {{ NAME | default(0) }}."
_MARK_CHARACTERS = 8


class _Start(NamedTuple):
    """Where a `{{`, `{%` or `{#` is."""

    line: int
    offset: int


class _FailedError(Exception):
    """An error at an offset of the template."""

    def __init__(self, offset: int, error: TemplateError) -> None:
        super().__init__(error.message)
        self.offset = offset
        self.error = error


def render_all(
    templates: Sequence[str], root: Node, characters: int, failures: int, write: Write
) -> None:
    """Write a line of JSON for each template: what it renders to, or its error.

    Lines end with a line feed. `characters` is how many all rendered texts may have. After so many
    `failures`, no more templates are rendered. A limit of time or memory ends the process; where
    the template was is then written instead of a line.
    """
    try:
        _render_all(templates, root, characters, failures, write)
    except (LimitError, TimeUpError) as error:
        end(error, write)


def _render_all(
    templates: Sequence[str], root: Node, characters: int, failures: int, write: Write
) -> None:
    tracker = Tracker(root)
    for template in templates:
        if not failures:
            return
        try:
            recorder = _rendered(template, tracker, characters)
        except _FailedError as failed:
            failures -= 1
            found: dict[str, Any] = {
                "offset": failed.offset,
                "message": failed.error.message,
                "hint": failed.error.hint,
            }
        else:
            characters -= recorder.characters
            found = {"pieces": recorder.pieces, "order": recorder.order, "values": recorder.values}
        write(json.dumps(found).encode() + b"\n")


class _Recorder:
    """Records the pieces of one template as they are rendered."""

    def __init__(self, pieces: list[Piece], most: int) -> None:
        self.pieces = pieces
        self.order: list[int] = []
        self.values: list[Any] = []
        self.characters = 0
        self.failed: Piece | None = None
        """The piece that could not be recorded, if that is why the rendering ended."""

        self._most = most

    @property
    def offset(self) -> int:
        """Where the piece that was recorded last is; -1 before the first."""
        return self.pieces[self.order[-1]].start if self.order else -1

    @pass_context
    def text(self, _context: Context, _value: None, index: int) -> str:
        """Record a text."""
        piece = self.pieces[index]
        self._add(index, piece.end - piece.start)
        return ""

    @pass_context
    def value(self, _context: Context, value: Any, index: int) -> str:
        """Record a value."""
        self.failed = self.pieces[index]
        self.values.append(_sent(value))
        self._add(index, _MARK_CHARACTERS)
        self.failed = None
        return ""

    def _add(self, index: int, characters: int) -> None:
        self.order.append(index)
        self.characters += characters
        if self.characters > self._most:
            message = "the rendered text is far longer than the templates"
            raise TemplateError(message, "Render less in loops.")


def _sent(value: Any) -> Any:
    """Return how a value is sent: by its number, as the word of a shell, or as data."""
    number = number_of(value)
    if number is not None:
        return ["number", number]
    data = json_data(value)
    return ["word" if isinstance(value, ShellWord) else "data", data]


def _rendered(template: str, tracker: Tracker, characters: int) -> _Recorder:
    """Return a template as it is rendered. Raises _FailedError."""
    environment = language()
    starts: list[_Start] = []
    pieces: list[Piece] = []
    recorder = _Recorder(pieces, characters)
    environment.filters[TEXT_FILTER] = recorder.text
    environment.filters[VALUE_FILTER] = recorder.value
    try:
        _read_pieces(environment, template, pieces, starts)
        tree = environment.parse(template)
        Marked(environment).mark(tree)
        _run(environment, tree, tracker.variables)
    except (MemoryError, TimeUpError) as error:
        line = getattr(error, "jobsetgen_line", None)
        offset_of_line = (each.offset for each in starts if each.line == line)
        raise LimitError(next(offset_of_line, None), error) from None
    except Exception as error:
        offset = _offset_of(error, starts, recorder)
        plain = in_plain_words(error)
        names = [*tracker.variables, *environment.globals]
        hint = plain.hint or _hint(plain.message, names, habit_hint(template, offset))
        raise _FailedError(offset, TemplateError(plain.message, hint)) from error
    return recorder


def _read_pieces(
    environment: Environment, template: str, pieces: list[Piece], starts: list[_Start]
) -> None:
    """Add the pieces of a template, and where its statements and expressions begin."""
    cursor = 0
    for line, kind, text in environment.lex(template):
        # White space that is trimmed belongs to no token.
        start = template.index(text, cursor)
        cursor = start + len(text)
        if kind == "data":
            pieces.append(Piece(start, cursor))
        elif kind == "variable_begin":
            pieces.append(Piece(start, cursor, is_value=True))
        elif kind == "variable_end":
            end = start + len(text.rstrip())
            pieces[-1] = pieces[-1]._replace(end=end)
        if kind in _BEGINS:
            starts.append(_Start(line + text[: len(text) - len(text.lstrip())].count("\n"), start))


def _run(environment: Environment, tree: nodes.Template, variables: dict[str, Any]) -> None:
    """Render a tree; its pieces are recorded, and nothing else remains."""
    template = environment.from_string(tree)
    context = template.new_context(variables)
    try:
        for _ in template.root_render_func(context):
            pass
    except (MemoryError, TimeUpError) as error:
        error.jobsetgen_line = line_of_limit(tree, _lines(error, template))  # type: ignore[union-attr]
        raise
    except Exception as error:
        line = _lines(error, template)[-1:] or [1]
        error.jobsetgen_line = line[0]  # type: ignore[attr-defined]
        raise


def _lines(error: BaseException, template: Template) -> list[int]:
    """Return the lines of a template in the traceback of an error, the outermost first."""
    frames = frames_of(error.__traceback__)
    return [template.get_corresponding_lineno(frame.tb_lineno) for frame in frames]


def _line_of(error: Exception) -> int:
    """Return the line of the template that an error is on."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    if isinstance(error, RefusedError):
        return error.line
    return getattr(error, "jobsetgen_line", 1)


def _offset_of(error: Exception, starts: Sequence[_Start], recorder: _Recorder) -> int:
    """Return where the statement or the expression of an error begins.

    Of most errors only the line is known. Of several on a line, it is then the first after the
    piece that was recorded last; if there is none, it is in a loop, and the first of all.
    """
    if recorder.failed is not None:
        return recorder.failed.start
    if not starts:
        return 0
    last = bisect_right(starts, _line_of(error), key=lambda each: each.line) - 1
    line = starts[max(last, 0)].line
    on_line = [each.offset for each in starts if each.line == line]
    return next((offset for offset in on_line if offset > recorder.offset), on_line[0])


def _hint(message: str, names: Sequence[str], habit: str) -> str:
    """Return a hint for an error: a similar name, what is written by habit, or nothing."""
    undefined = _UNDEFINED.fullmatch(message)
    if undefined is None:
        return habit
    return hint_for(undefined[1], names) or habit or _SET
