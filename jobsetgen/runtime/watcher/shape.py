"""What does not fit in data that was read: each value is held to its type in `contract`."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from .contract import Json, Least

_NAMES = {
    type(None): "null",
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def misfits(value: Any, kind: Any, path: str = "") -> Iterator[str]:
    """Yield what does not fit a type, each with its path, such as `.replicas is missing`."""
    check = _CHECKS.get(get_origin(kind))
    if check:
        yield from check(value, kind, path)
    elif hasattr(kind, "__required_keys__"):
        yield from _in_fields(value, kind, path)
    elif kind is not Any and type(value) is not kind:
        yield _wrong(value, kind, path)


def _wrong(value: Any, kind: Any, path: str) -> str:
    """Return what is said of a value that is of another type."""
    return f"{path or 'it'} is {_NAMES[type(value)]} and not {_NAMES[kind]}"


# --- By the kind of type --------------------------------------------------------------------------
def _in_fields(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what does not fit in an object of certain fields; it may have more."""
    if type(value) is not dict:
        yield _wrong(value, dict, path)
        return
    for field, each in _fields(kind).items():
        if field in value:
            yield from misfits(value[field], each, f"{path}.{field}")
        elif field in kind.__required_keys__:
            yield f"{path}.{field} is missing"


@functools.cache
def _fields(kind: Any) -> Json:
    """Return the types of an object's fields by name."""
    return get_type_hints(kind, include_extras=True)


def _in_items(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what does not fit in an array."""
    if type(value) is not list:
        yield _wrong(value, list, path)
        return
    (each,) = get_args(kind)
    for place, item in enumerate(value):
        yield from misfits(item, each, f"{path}[{place}]")


def _in_tuple(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what does not fit in an array of a certain length."""
    kinds = get_args(kind)
    if type(value) is not list:
        yield _wrong(value, list, path)
    elif len(value) != len(kinds):
        yield f"{path} has {len(value)} items and not {len(kinds)}"
    else:
        for place, each in enumerate(kinds):
            yield from misfits(value[place], each, f"{path}[{place}]")


def _in_values(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what does not fit in an object of any fields."""
    if type(value) is not dict:
        yield _wrong(value, dict, path)
        return
    _, each = get_args(kind)
    if each is not Any:
        for key, item in value.items():
            yield from misfits(item, each, f"{path}.{key}")


def _in_option(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what does not fit where null may stand, too."""
    if value is not None:
        yield from misfits(value, get_args(kind)[0], path)


def _in_choice(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what is none of certain texts."""
    known = get_args(kind)
    if type(value) is not str:
        yield _wrong(value, str, path)
    elif value not in known:
        yield f"{path} is {_shown(value)} and none of {', '.join(known)}"


def _in_rule(value: Any, kind: Any, path: str) -> Iterator[str]:
    """Yield what is of a type and not as it must be beyond that."""
    wrong = list(misfits(value, kind.__origin__, path))
    if wrong:
        yield from wrong
        return
    for rule in kind.__metadata__:
        if not _follows(value, rule):
            yield f"{path} is {_shown(value)}, which it cannot be"


def _follows(value: Any, rule: Any) -> bool:
    """Whether a value is as a rule has it: a least number, a pattern, or what must take it."""
    if isinstance(rule, Least):
        return bool(value >= rule.number)
    if isinstance(rule, re.Pattern):
        return rule.fullmatch(value) is not None
    try:
        rule(value)
    except (re.error, ValueError, OverflowError, RecursionError):
        return False
    return True


def _shown(value: Any) -> str:
    """Return a value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


_CHECKS: dict[Any, Callable[[Any, Any, str], Iterator[str]]] = {
    Annotated: _in_rule,
    Literal: _in_choice,
    Union: _in_option,
    dict: _in_values,
    list: _in_items,
    tuple: _in_tuple,
}
