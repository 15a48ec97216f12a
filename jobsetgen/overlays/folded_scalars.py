"""Insert values into a folded block scalar, where most line breaks of the template are spaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from jobsetgen.overlays.template_lines import MARK

_MARK = re.compile(f"{MARK}([0-9]+){MARK}")
_FIRST = re.compile(rf"^[ \t]*{MARK}([0-9]+){MARK}", re.M)
_LAST = re.compile(rf"{MARK}([0-9]+){MARK}[ \t]*$", re.M)
_SPACES = " \t"


class Edges(NamedTuple):
    """The numbers of the marks that begin a line of a text, and of those that end one."""

    first: frozenset[str]
    last: frozenset[str]


def edges_of(text: str) -> Edges:
    """Return the marks at the edges of the lines of a rendered text."""
    return Edges(frozenset(_FIRST.findall(text)), frozenset(_LAST.findall(text)))


def fold_line(line: str, edges: Edges, text_of: Callable[[str], str]) -> str:
    """Return a line of a folded scalar with the values in it; `text_of` returns that of a number.

    A value alone on its line in the template does not break the line at its end. Where another line
    break of a value meets a fold, the fold adds no space, which would indent the next line.
    """
    pieces = _MARK.split(line)
    for index in range(1, len(pieces), 2):
        number = pieces[index]
        value = text_of(number)
        is_first, is_last = number in edges.first, number in edges.last
        if is_first and is_last:
            value = value.removesuffix("\n")
        if is_first and value.startswith("\n"):
            pieces[index - 1] = pieces[index - 1].rstrip(_SPACES)
        if is_last and value.endswith("\n"):
            pieces[index + 1] = pieces[index + 1].lstrip(_SPACES)
        pieces[index] = value
    return "".join(pieces)
