"""`jobsetgen rule`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import click

from jobsetgen.cli.exits import Command
from jobsetgen.cli.printing import give, show
from jobsetgen.cli.texts import utf8
from jobsetgen.diagnostics import Code
from jobsetgen.review.code_list import list_as_data, list_as_markdown, list_as_text
from jobsetgen.review.pages import page_as_data, page_as_markdown, page_as_text
from jobsetgen.rules.registry import CODES
from jobsetgen.stop import StopError
from jobsetgen.words import listed

_BY_ID = {code.id: code for code in CODES}
_PAGES: dict[str, Callable[[Code], str]] = {
    "text": page_as_text,
    "markdown": page_as_markdown,
    "json": lambda code: _json({"version": 1, **page_as_data(code)}),
}
_LISTS: dict[str, Callable[[Iterable[Code]], str]] = {
    "text": list_as_text,
    "markdown": list_as_markdown,
    "json": lambda codes: _json({"version": 1, "codes": list_as_data(codes)}),
}


_EXAMPLES = {
    "Read why a code is reported": "jobsetgen rule JSG504",
    "List all codes for a program": "jobsetgen rule --format json",
}


@click.command("rule", cls=Command, examples=_EXAMPLES)
@click.argument("code", required=False, callback=utf8)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(tuple(_PAGES)),
    default="text",
    show_default=True,
    help="text for a terminal, markdown as in the documentation, json for programs.",
)
def command(code: str | None, form: str) -> None:
    """Print the documentation of a code, such as JSG504: the problem, the reason, and examples.

    Without CODE, list all codes. Works offline.
    """
    text = _LISTS[form](CODES) if code is None else _PAGES[form](_known(code))
    if form == "text":
        show(text)
    else:
        give([text])


def _known(name: str) -> Code:
    """Return the code with an id, ignoring case; raise StopError if it is unknown."""
    code = _BY_ID.get(name.upper())
    if code is None:
        raise StopError("usage", " ".join([f"unknown code '{name}'.", *_advice(name)]))
    return code


def _advice(name: str) -> list[str]:
    """Return sentences that suggest known codes for an unknown one."""
    nearest = _nearest(name)
    meant = [f"Did you mean {listed(nearest, 'or')}?"] if nearest else []
    return [*meant, "To list all codes, run: jobsetgen rule"]


def _nearest(name: str) -> list[str]:
    """Return the codes of the same group with the closest numbers, closest first."""
    digits = "".join(re.findall("[0-9]", name))
    number = f"{digits:0<3}"[:3]
    group = [code for code in _BY_ID if digits and _number(code)[0] == number[0]]
    return sorted(group, key=lambda code: abs(int(_number(code)) - int(number)))[:3]


def _number(code: str) -> str:
    return code.removeprefix("JSG")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
