"""Checks of the text of arguments."""

from __future__ import annotations

import json
from typing import Any

import click


def is_text(value: Any) -> bool:
    """Whether all text in a value of the command line could be decoded as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def folder_name(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    """Return the name of a folder; reject an empty one, which an unset variable would produce."""
    if value == "":
        raise click.BadParameter("the folder name is empty; for the current folder, pass .")
    return value


def utf8(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return the value of an option; raise BadParameter if it is not UTF-8 (click callback)."""
    if not is_text(value):
        raise click.BadParameter("the value is not UTF-8")
    return value
