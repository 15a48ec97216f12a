"""The filters and functions of templates that differ from those of Jinja2."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2.filters import do_float, do_int

from jobsetgen.overlays.template_data import ShellWord, TemplateError, joined, json_data, text_of

MOST_OF_RANGE = 100_000
"""The most numbers of a `range`."""

_NO_DEFAULT = object()


def numbers(*arguments: int) -> range:
    """Return the numbers of a `range`. Raises TemplateError for too many."""
    found = range(*arguments)
    # Its own length may be beyond what Python can tell.
    if found and (found[-1] - found[0]) // found.step >= MOST_OF_RANGE:
        message = f"the range has more than {MOST_OF_RANGE:,} numbers"
        raise TemplateError(message)
    return found


def _join(values: Iterable[Any], separator: Any = "") -> str:
    return joined(values, separator)


def _shell_word(value: Any) -> ShellWord:
    """Return a value in the quotes that a shell needs; of a list, every item."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return ShellWord(" ".join(shlex.quote(text_of(each)) for each in items))


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(json_data(value), ensure_ascii=False, indent=indent)


def _int(value: Any, default: Any = _NO_DEFAULT, base: int = 10) -> Any:
    """Return a value as a whole number; Jinja2 would make 0 of any other text."""
    number = do_int(value, _NO_DEFAULT, base)  # type: ignore[arg-type]
    return _number_or(number, value, default)


def _float(value: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return a value as a number; Jinja2 would make 0 of any other text."""
    number = do_float(value, _NO_DEFAULT)  # type: ignore[arg-type]
    return _number_or(number, value, default)


def _number_or(number: Any, value: Any, default: Any) -> Any:
    """Return a number, or the default if a value is none; without one, raises TemplateError."""
    if number is not _NO_DEFAULT:
        return number
    if default is not _NO_DEFAULT:
        return default
    raise TemplateError(f"{_to_json(value)} is not a number")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "float": _float,
    "int": _int,
    "join": _join,
    "sh": _shell_word,
    "string": text_of,
    "to_json": _to_json,
    "tojson": _to_json,
}
"""The filters by their names in templates."""
