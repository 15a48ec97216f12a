"""Label selectors, as kubectl and kustomize write them: a=b,c!=d,e in (x,y),f notin (x),g,!h."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_TOKEN = re.compile(r"[ \t\n\r]*(==|!=|[=!(),<>]|[^ \t\n\r=!(),<>]+)")
_SPACES = " \t\n\r"
_SIGNS = frozenset(["==", "!=", "=", "!", "(", ")", ",", "<", ">"])
_SETS = {"in": True, "notin": False}
_EQUALITIES = {"=": True, "==": True, "!=": False}


class SelectorError(ValueError):
    """A selector is invalid; the text says why."""


class Requirement(NamedTuple):
    """What a label must be.

    Its value must be one of `values`, or exist if they are None; without `is_met_by_these` it must
    be none of them, or not exist.
    """

    key: str
    values: frozenset[str] | None
    is_met_by_these: bool

    def is_met(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it."""
        if self.values is None:
            return (self.key in labels) == self.is_met_by_these
        is_among = self.key in labels and labels[self.key] in self.values
        return is_among == self.is_met_by_these


class Selector(NamedTuple):
    """What labels must be, all of it."""

    requirements: tuple[Requirement, ...]

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet every requirement."""
        return all(each.is_met(labels) for each in self.requirements)


def parsed(text: str) -> Selector:
    """Return the selector that a text is. Raises SelectorError if it is none."""
    # Every space is before a token now, so none is looked at twice.
    tokens = _TOKEN.findall(text.strip(_SPACES))
    requirements = []
    begin = 0
    while begin < len(tokens):
        requirement, end = _requirement(tokens, begin)
        requirements.append(requirement)
        if end < len(tokens):
            _expect(tokens, end, ",")
            if end + 1 == len(tokens):
                raise SelectorError("the selector ends with ','")
        begin = end + 1
    if not requirements:
        raise SelectorError("the selector is empty")
    return Selector(tuple(requirements))


def _requirement(tokens: Sequence[str], begin: int) -> tuple[Requirement, int]:
    """Return the requirement that begins at a token, and the index behind it."""
    if tokens[begin] == "!":
        return Requirement(_word(tokens, begin + 1, "a key"), None, False), begin + 2
    key = _word(tokens, begin, "a key")
    operator = tokens[begin + 1] if begin + 1 < len(tokens) else ","
    if operator == ",":
        return Requirement(key, None, True), begin + 1
    if operator in _EQUALITIES:
        value, end = _value(tokens, begin + 2)
        return Requirement(key, frozenset([value]), _EQUALITIES[operator]), end
    if operator in _SETS:
        values, end = _values(tokens, begin + 2)
        return Requirement(key, values, _SETS[operator]), end
    raise SelectorError(f"'{operator}' after '{key}'; it must be one of =, ==, !=, in, notin")


def _value(tokens: Sequence[str], index: int) -> tuple[str, int]:
    """Return a value, which may be empty, and the index behind it."""
    if index == len(tokens) or tokens[index] == ",":
        return "", index
    return _word(tokens, index, "a value"), index + 1


def _values(tokens: Sequence[str], begin: int) -> tuple[frozenset[str], int]:
    """Return the values in parentheses, and the index behind them."""
    _expect(tokens, begin, "(")
    values = []
    index = begin + 1
    while True:
        values.append(_word(tokens, index, "a value"))
        index += 1
        if index < len(tokens) and tokens[index] == ")":
            return frozenset(values), index + 1
        _expect(tokens, index, ",")
        index += 1


def _word(tokens: Sequence[str], index: int, expected: str) -> str:
    """Return the key or the value at an index."""
    if index >= len(tokens):
        raise SelectorError(f"the selector ends before {expected}")
    if tokens[index] in _SIGNS:
        raise SelectorError(f"expected {expected}, but found '{tokens[index]}'")
    return tokens[index]


def _expect(tokens: Sequence[str], index: int, sign: str) -> None:
    if index >= len(tokens):
        raise SelectorError(f"the selector ends before '{sign}'")
    if tokens[index] != sign:
        raise SelectorError(f"expected '{sign}', but found '{tokens[index]}'")
