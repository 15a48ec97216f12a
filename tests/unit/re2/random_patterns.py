"""Random patterns in RE2's syntax, and texts in which they are often found, also of bytes that are not UTF-8."""

from __future__ import annotations

import codecs
from random import Random

_ITEMS = (
    *"aaabbbckKsé中 x1_",
    *(".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[a-c]", "[^a]", r"[^\n]", "[k-s]", "[[:alpha:]]", "[[:^word:]]"),
    *(r"\pL", r"\PL", r"\p{Greek}", r"\p{^Lu}", r"\x{1F600}", r"\x{FFFD}", "\ufffd", r"\n", r"\x00", r"\Qa.b\E", r"\."),
    *("(?:)", "()", r"\x7f", "[^\\x00-\\x{10FFFF}]", "[é-ü]"),
)
_PLACES = ("^", "$", r"\b", r"\B", r"\A", r"\z")
_REPEATS = ("*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{2,3}", "{3,}", "{0}", "{0,}?")
_FLAGS = ("i", "m", "s", "U", "im", "is", "ms", "-i", "i-s", "-ms")
# Of texts: pieces that the items match, and what is no character: cut sequences, half a surrogate pair, a stray byte.
_PIECES = tuple(
    text.encode()
    for text in [*"aaabbbckKsS\u017f\u212aéÉ中 x1_.\n\n\0Ωω😀\ufffdü", "a.b", "ab", "abab", "aaaa", "\r\n", "\t\v"]
)
_BROKEN = (b"\xff", b"\xc3", b"\xe4\xb8", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\xaf", b"\x80", b"\xf4\x90\x80\x80")


def pattern(chance: Random, depth: int = 3) -> str:
    """Return a pattern; a few are invalid."""
    branches = [_sequence(chance, depth) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    return "|".join(branches)


def text(chance: Random) -> bytes:
    """Return a text; a third have bytes in them that are not UTF-8."""
    pieces = _PIECES + _BROKEN if chance.random() < 0.33 else _PIECES
    return b"".join(chance.choices(pieces, k=chance.randrange(12)))


def as_go_has_it(content: bytes) -> str:
    """Return the characters of bytes; each byte that belongs to none is one U+FFFD."""
    return content.decode("utf-8", "one byte each")


def _one_byte_each(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd", error.start + 1


codecs.register_error("one byte each", _one_byte_each)


def _sequence(chance: Random, depth: int) -> str:
    return "".join(_repeated(chance, depth) for _ in range(chance.randrange(5)))


def _repeated(chance: Random, depth: int) -> str:
    item = _item(chance, depth)
    return item + chance.choice(_REPEATS) if chance.random() < 0.4 else item


def _item(chance: Random, depth: int) -> str:
    kind = chance.random()
    if kind < 0.12:
        return chance.choice(_PLACES)
    if depth and kind < 0.35:
        return f"({pattern(chance, depth - 1)})"
    if depth and kind < 0.42:
        return f"(?{chance.choice(_FLAGS)}:{pattern(chance, depth - 1)})"
    if kind < 0.45:
        return f"(?{chance.choice(_FLAGS)})"
    return chance.choice(_ITEMS)
