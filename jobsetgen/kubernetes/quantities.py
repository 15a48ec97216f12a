"""Quantities, parsed exactly as the API server does, without a library for fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jobsetgen.kubernetes.problem import Problem

# Like the API server's parser, accept unusual forms: `.5`, `1.`, and a suffix alone, which is 0.
_QUANTITY = re.compile(
    r"([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,18})?"
)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_LARGEST_BINARY = (2**63 - 1) * 1000
# Limits beyond which a number is only huge or nearly 0; truncating there saves time.
_DIGITS, _EXPONENT = 100, 200


def thousandths(value: Any) -> int | None:
    """Return a quantity in thousandths, rounded away from zero, or None if it is invalid.

    The API server rounds the same way before it compares requests with limits.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip()
    found = _QUANTITY.fullmatch(text)
    if not text or found is None:
        return None
    sign, whole, fraction, suffix = (part or "" for part in found.groups())
    fraction = fraction[:_DIGITS]
    digits = (whole.lstrip("0") + fraction)[: 2 * _DIGITS]
    number = _scaled(int(digits or "0"), len(fraction), suffix)
    return -number if sign == "-" else number


def _scaled(number: int, decimals: int, suffix: str) -> int:
    """Return thousandths of a number with `decimals` decimal places and a suffix."""
    is_binary = suffix in _BINARY
    exponent = 3 - decimals
    if is_binary:
        number <<= _BINARY[suffix]
    else:
        exponent += _exponent(suffix)

    raised: int = 10 ** max(exponent, 0)
    lowered: int = 10 ** max(-exponent, 0)
    rounded = -(-number * raised // lowered)
    return min(rounded, _LARGEST_BINARY) if is_binary else rounded


def _exponent(suffix: str) -> int:
    exponent = _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])
    return max(-_EXPONENT, min(exponent, _EXPONENT))


def written(resource: str, amount: int) -> str:
    """Format an amount of a resource, given in thousandths, as a quantity."""
    if amount % 1000:
        return f"{amount}m"
    number = amount // 1000
    unit = ""
    if number and _is_in_bytes(resource):
        for larger in ("Ki", "Mi", "Gi", "Ti", "Pi"):
            if number % 1024:
                break
            number //= 1024
            unit = larger
    return f"{number}{unit}"


def _is_in_bytes(resource: str) -> bool:
    return "memory" in resource or "storage" in resource or resource.startswith("hugepages-")


def quantity_problems(value: Any) -> Iterator[Problem]:
    """Yield the problems of a quantity that must not be negative.

    Wrong types are left to the schema.
    """
    yield from malformed_quantity(value)
    if (thousandths(value) or 0) < 0:
        yield Problem((), f"the quantity {value} is negative")


def malformed_quantity(value: Any) -> Iterator[Problem]:
    """Yield a problem if a string is not a quantity."""
    if isinstance(value, str) and thousandths(value) is None:
        yield Problem((), f"invalid quantity '{value}'", likely(value))


def likely(value: str) -> str:
    """Return a hint that suggests the intended quantity, or an empty string."""
    unit = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:([kmgtpe])(i?)b?)?", value.strip(), re.I)
    if unit is None:
        return ""
    number, letter = unit[1].replace(",", "."), (unit[2] or "").upper()
    if unit[3] or not letter:
        return f"Did you mean '{number}{letter}{'i' if letter else ''}'?"
    return (
        f"Did you mean '{number}{letter}i', or '{number}{letter.replace('K', 'k')}' (powers of"
        " 1000)?"
    )
