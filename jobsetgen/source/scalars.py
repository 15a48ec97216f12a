"""Resolve YAML scalars as kubectl does: YAML 1.1 as in sigs.k8s.io/yaml, converted to JSON.

`yes` and `n` are booleans, `0644` is 420, `1_000` is 1000, `1:30` and dates are strings.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
_TYPED_TAGS = {
    f"{_TAG}int": int,
    f"{_TAG}float": float,
    f"{_TAG}bool": bool,
    f"{_TAG}null": type(None),
}

MERGE, MERGE_TAG = "<<", f"{_TAG}merge"
KNOWN_TAGS = frozenset(
    ["!", f"{_TAG}str", f"{_TAG}binary", f"{_TAG}timestamp", MERGE_TAG, *_TYPED_TAGS]
)
"""The tags that a scalar can have, in their long form."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(
        ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True
    ),
    **dict.fromkeys(
        ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False
    ),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
}
TEXTS_OF_KYAML = frozenset(
    word
    for word, value in _WORDS.items()
    if isinstance(value, bool) and word.lower() not in ("true", "false")
)
"""Words that are booleans to kubectl, and strings to the newer library of kustomize and kpt."""
_NOT_FINITE = frozenset(
    f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")
) | {
    ".nan",
    ".NaN",
    ".NAN",
}
SURROGATE = re.compile("[\ud800-\udfff]")
# The characters that a number can begin with.
_NUMBER_START = frozenset("0123456789+-.")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# As in Go, after a leading point, underscores are allowed only between digits.
_FRACTION = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_RADIX = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:.*)?")
_INT64 = 2**63
_LARGEST_SINGLE = 3.4028235677973362e38
# Go's %g uses an exponent from this power of ten.
_G_EXPONENT = 6


def paired(value: Scalar) -> Scalar:
    """Return a string with its surrogate pairs (from JSON escapes) joined to characters."""
    if not isinstance(value, str) or not SURROGATE.search(value):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def resolve(text: str) -> Scalar:
    """Return the value of a plain (unquoted, untagged) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if text in _NOT_FINITE:
        return float(text.replace(".", ""))
    number = _number(text)
    return text if number is None else number


def _number(text: str) -> int | float | None:
    """Return the number that a text represents, or None. Underscores are ignored."""
    plain = text.replace("_", "")
    if text[0] == ".":
        return _float(plain) if _FRACTION.fullmatch(text) else None
    if found := _RADIX.fullmatch(plain):
        return _integer(found)
    return _float(plain)


def _integer(found: re.Match[str]) -> int | float | None:
    sign, hexadecimal, binary, octal, decimal = found.groups()
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits is not None:
            value = int(sign + digits, base) if len(digits) < 1000 else _INT64 * 2
            break
    if -_INT64 <= value < _INT64:
        return value
    if not sign and value < 2 * _INT64:
        return float(value)
    # Too large for any integer type; in decimal digits it is still a float.
    return _float(found[0])


def _float(plain: str) -> int | float | None:
    if not _FLOAT.fullmatch(plain):
        return None
    value = float(plain)
    if value in (float("inf"), float("-inf")):
        return None
    return value


def as_json(value: Scalar) -> Scalar:
    """Return a value as JSON represents it.

    JSON does not distinguish whole floats from integers. Raises ValueError for infinity and
    not-a-number, which JSON cannot represent.
    """
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        raise ValueError(
            f"{_float_key(value)} cannot be represented in JSON or Kubernetes;"
            " quote it if it is a string"
        )
    return int(value) if value.is_integer() and abs(value) < _INT64 else value


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Return the value of a scalar with one of the `KNOWN_TAGS`, quoted or not.

    Raises ValueError for a value that is invalid for its tag.
    """
    if tag in ("!", f"{_TAG}str"):
        return text
    if tag == f"{_TAG}binary":
        return _binary(text)
    if tag == f"{_TAG}timestamp":
        if not _TIMESTAMP.fullmatch(text):
            raise ValueError("the value is not a valid !!timestamp")
        return text
    if tag == MERGE_TAG and text == MERGE:  # as a value: kustomize writes the string this way
        return text
    value = resolve(text)
    expected = _TYPED_TAGS.get(tag)
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        # It may be that of a Secret: it is not shown.
        raise ValueError(f"the value is not a valid !!{tag.removeprefix(_TAG)}")
    return value


def _binary(text: str) -> str:
    import base64

    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError as error:
        raise ValueError("the value is not a valid !!binary: base64 of UTF-8 text") from error


def key_text(value: Scalar) -> str:
    """Return a mapping's key as a JSON string: `yes` becomes "true", `1` becomes "1".

    Raises ValueError for a key that JSON cannot represent.
    """
    if isinstance(value, str):
        return value
    if value is None:
        raise ValueError("null cannot be a key; quote it if it is a string")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _float_key(value)


def _float_key(value: float) -> str:
    """Return a float in Go's shortest %g of single precision, which kubectl uses for keys."""
    import struct

    if not abs(value) <= _LARGEST_SINGLE:
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"

    def single(number: float) -> float:
        return float(struct.unpack("f", struct.pack("f", number))[0])

    digits = next(
        text
        for text in (f"{single(value):.{n}e}" for n in range(17))
        if single(float(text)) == single(value)
    )
    mantissa, _, exponent = digits.partition("e")
    if -4 <= int(exponent) < _G_EXPONENT:
        return f"{float(digits):.12f}".rstrip("0").rstrip(".")
    return f"{mantissa}e{exponent}"
