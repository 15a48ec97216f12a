"""YAML scalars as kubectl reads them: YAML 1.1 as in sigs.k8s.io/yaml, passed through JSON.

`yes` and `n` are booleans, `0644` is 420, `1_000` is 1000, `1:30` and dates are text.
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
"""The tags that a scalar may have, in their long form."""

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
"""Words that are booleans to kubectl, and texts to the later YAML library of kustomize and kpt."""
_NOT_FINITE = frozenset(
    f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")
) | {
    ".nan",
    ".NaN",
    ".NAN",
}
# What a number can begin with; anything else is a word or text.
_NUMBER_START = frozenset("0123456789+-.")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# Behind a leading point underscores have to stand between digits, as in Go.
_FRACTION = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_RADIX = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:.*)?")
_INT64 = 2**63
_LARGEST_SINGLE = 3.4028235677973362e38
# From this power of ten on, Go's %g writes an exponent.
_G_EXPONENT = 6


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
    """Return the number that a text is, or None. Underscores between digits do not count."""
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
    # Too long for any integer type; written in decimal digits it still is a float.
    return _float(found[0])


def _float(plain: str) -> int | float | None:
    if not _FLOAT.fullmatch(plain):
        return None
    value = float(plain)
    if value in (float("inf"), float("-inf")):
        return None
    return value


def as_json(value: Scalar) -> Scalar:
    """Return what is left of a value in JSON.

    JSON does not tell a float with a whole value from a whole number. Raises ValueError for an
    infinity or not-a-number, which JSON has no form for.
    """
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        raise ValueError(
            f"JSON, and so Kubernetes, has no form for {_float_key(value)};"
            " quote it if it is meant as text"
        )
    return int(value) if value.is_integer() and abs(value) < _INT64 else value


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Return the value of a scalar with one of the `KNOWN_TAGS`, quoted or not.

    Raises ValueError for a value that does not fit its tag.
    """
    if tag in ("!", f"{_TAG}str"):
        return text
    if tag == f"{_TAG}binary":
        return _binary(text)
    if tag == f"{_TAG}timestamp":
        if not _TIMESTAMP.fullmatch(text):
            raise ValueError(f"{text!r} is not a timestamp, as its tag says")
        return text
    if tag == MERGE_TAG and text == MERGE:  # not as a key: kustomize writes the text so
        return text
    value = resolve(text)
    expected = _TYPED_TAGS.get(tag)
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        raise ValueError(f"{text!r} does not fit its tag !!{tag.removeprefix(_TAG)}")
    return value


def _binary(text: str) -> str:
    import base64

    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError as error:
        raise ValueError("the value of a !!binary is not base64 of UTF-8 text") from error


def key_text(value: Scalar) -> str:
    """Return what a mapping's key becomes in JSON: `yes` the text true, `1` the text 1.

    Raises ValueError for a key that JSON has no form for.
    """
    if isinstance(value, str):
        return value
    if value is None:
        raise ValueError("null cannot be a key; quote it if it is meant as text")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _float_key(value)


def _float_key(value: float) -> str:
    """Return a float as Go's shortest %g of single precision, through which such a key goes."""
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
