"""The list of all codes by group, as Markdown, text and data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Code
from jobsetgen.review.pages import summary

# By the first digit of a code.
_GROUPS = {
    "0": "Reading YAML",
    "1": "The shape of a document",
    "2": "JobSet's own rules",
    "3": "Kubernetes' own rules",
    "4": "The input as a whole",
    "5": "Lints",
    "6": "Notices",
    "7": "The project file, and other options",
}
_INTRODUCTION = """\
# Codes

What a diagnostic's code means. Examples show only the fields that matter. `jobsetgen rule CODE` prints a page in a
terminal, without a network; `jobsetgen rule` lists all codes.

"""


class Group(NamedTuple):
    """A group of codes with its title."""

    title: str
    codes: Sequence[Code]


def groups(codes: Iterable[Code]) -> Iterator[Group]:
    """Yield the groups of sorted codes."""
    for digit, members in groupby(codes, key=lambda code: code.id[len("JSG")]):
        yield Group(_GROUPS[digit], tuple(members))


def list_as_markdown(codes: Iterable[Code]) -> str:
    """Return the list as in docs/rules/README.md, with links to the pages."""
    lines = []
    for group in groups(codes):
        lines += ["", f"## {group.title}", ""]
        lines += ["| code | name | severity | what is wrong |", "| --- | --- | --- | --- |"]
        lines += [_row(code) for code in group.codes]
    return _INTRODUCTION + "\n".join([*lines, ""])


def _row(code: Code) -> str:
    wrong = summary(code).replace("|", "\\|")
    return f"| [{code.id}]({code.id}.md) | {code.name} | {code.severity} | {wrong} |"


def list_as_text(codes: Iterable[Code]) -> str:
    """Return the list for a terminal, a line for each code."""
    blocks = []
    for group in groups(codes):
        lines = [f"  {code.id}  {code.severity:7}  {code.name}" for code in group.codes]
        blocks.append("\n".join([group.title, *lines]))
    return "\n\n".join(blocks) + "\n"


def list_as_data(codes: Iterable[Code]) -> list[dict[str, Any]]:
    """Return the list for programs. New releases only add fields."""
    return [
        {
            "code": code.id,
            "name": code.name,
            "severity": code.severity,
            "group": group.title,
            "summary": summary(code),
        }
        for group in groups(codes)
        for code in group.codes
    ]
