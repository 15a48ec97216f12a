"""Arguments that end up in YAML: bytes that are not UTF-8 are no text."""

from __future__ import annotations

import json
from typing import Any

import click


def is_text(value: Any) -> bool:
    """Whether a value is without bytes of the command line that could not be decoded."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def utf8(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Return the value of an option, or refuse it: a callback of click."""
    if not is_text(value):
        raise click.BadParameter("the value is not UTF-8")
    return value
