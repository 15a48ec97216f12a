"""Write objects as canonical YAML text that YAML 1.1 and 1.2 readers read the same way.

The same data always gives the same text: block style, two spaces, lists at their key's column, no
anchors, no folding. A string is plain only if every reader reads it as that string; multi-line
strings are literal blocks, and all others are double-quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Protocol

from jobsetgen.expand.objects import Slot
from jobsetgen.field_order import fields

SEPARATOR = "---\n"

# A plain string begins with a character that starts nothing else in YAML (a dash or a colon only
# before a word) …
_PLAIN = re.compile(
    r"(?:[^\W\d]|[0-9./$(+^<=~;_\\]|[-:](?=[^\s-])|--?(?=[\w./$-]))"
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]*"
)
# … holds neither the start of a value nor of a comment, does not end in a space or a colon, and
# cannot be taken for a template that was not rendered …
_NOT_PLAIN = re.compile(r":(?:\s|$)|\s#|\s$|^---(?:\s|$)|\{\{")
# … and no reader, whatever its YAML version, reads it as a number or a date …
_NUMBER_LIKE = re.compile(
    r"[-+]?(?:0b[01]*|0o[0-7]*|0x[0-9a-f]*|\.?inf|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?"
    r"|[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?)"
    r"|\.nan|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t \t].*)?",
    re.I,
)
# … or for a boolean, a null, a merge or a default key.
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"])

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_TO_ESCAPE = re.compile('[\\x00-\\x1f\\x7f-\\x9f\\\\"\u2028\u2029\ufeff\ufffe\uffff]')
# What a literal block would not preserve: line breaks other than LF, control characters,
# lines of only spaces.
_NOT_BLOCK = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff\ufffe\uffff]|^[ \t]+$", re.M
)
_LONGEST_SIMPLE_KEY = 128
# Every watcher has the same files, which are most of the text of a small set.
_WATCHER_FILES = 64


def text(value: Mapping[str, Any]) -> str:
    """Return one document as YAML text without a separator. Slots become marks for `stamp`."""
    out: list[str] = []
    _mapping(value, "", "", out)
    return "".join(out)


def entry(value: Mapping[str, Any]) -> str:
    """Return an object as YAML text, as an entry of a list at the first column.

    Text cannot be indented afterwards, because only the emitter knows which lines belong to a
    string.
    """
    out: list[str] = []
    _mapping(value, "  ", "", out, first="- ")
    return "".join(out)


def size(value: Mapping[str, Any]) -> int:
    """Return the size of one document in bytes, without keeping its text."""
    counter = _Counter()
    _mapping(value, "", "", counter)
    return counter.size


class _Sink(Protocol):
    """What takes the parts of a text in order."""

    def append(self, part: str, /) -> None:
        """Take a part."""


class _Counter:
    """Counts the bytes of a text instead of keeping it."""

    def __init__(self) -> None:
        self.size = 0

    def append(self, part: str, /) -> None:
        """Count a part."""
        self.size += len(part) if part.isascii() else len(part.encode())


def stamp(marked: str, values: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Yield a text made by `text` once for each set of slot values.

    Each copy costs only one string formatting.
    """
    parts = marked.split("\0")
    form = "%s".join(part.replace("%", "%%") for part in parts[::2])
    slots = parts[1::2]
    names = tuple(dict.fromkeys(slots))
    for slot_values in values:
        written = {name: scalar(slot_values[name]) for name in names}
        yield form % tuple(map(written.__getitem__, slots))


def scalar(value: Any) -> str:
    """Return a scalar as YAML on one line."""
    if isinstance(value, str):
        if isinstance(value, Slot):
            return f"\0{value}\0"
        return value if is_plain(value) else _quoted(value)

    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"

    # Like the API server, treat 5.0 as the integer 5.
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))

    text = repr(value)
    # YAML 1.1 readers recognize a float by its decimal point.
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text


@lru_cache(maxsize=4096)  # keys and most values are repeated often
def is_plain(value: str) -> bool:
    """Whether a string can be written without quotes: every YAML reader reads it as a string."""
    return (
        _PLAIN.fullmatch(value) is not None
        and _NOT_PLAIN.search(value) is None
        and value.lower() not in _WORDS
        and not _is_number_like(value)
    )


def _is_number_like(value: str) -> bool:
    # YAML 1.1 readers ignore underscores in a number; some accept one without any digits.
    return _NUMBER_LIKE.fullmatch(value.replace("_", "")) is not None or (
        "_" in value and not value.strip("+-_.")
    )


def _quoted(value: str) -> str:
    return (
        '"' + _TO_ESCAPE.sub(lambda found: _ESCAPES.get(found[0]) or _escape(found[0]), value) + '"'
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _mapping(
    value: Mapping[str, Any], indent: str, parent: str, out: _Sink, first: str | None = None
) -> None:
    """Append a mapping's entries to `out`.

    `first` replaces the indent of the first line, for example with a list item's dash.
    """
    lead = indent if first is None else first
    for key, item in fields(value, parent):
        name = scalar(key)
        if len(name) > _LONGEST_SIMPLE_KEY:
            out.append(f"{lead}? {name}\n{indent}:")
        else:
            out.append(f"{lead}{name}:")
        lead = indent
        _value(item, indent, key, out)


def _value(item: Any, indent: str, key: str, out: _Sink) -> None:
    if isinstance(item, Mapping) and item:
        out.append("\n")
        _mapping(item, indent + "  ", key, out)
    elif isinstance(item, list) and item:
        out.append("\n")
        _sequence(item, indent, key, out)
    else:
        out.append(f" {_leaf(item, indent)}\n")


def _sequence(
    items: list[Any], indent: str, key: str, out: _Sink, first: str | None = None
) -> None:
    lead = indent if first is None else first
    for item in items:
        if isinstance(item, Mapping) and item:
            _mapping(item, indent + "  ", key, out, first=f"{lead}- ")
        elif isinstance(item, list) and item:
            _sequence(item, indent + "  ", key, out, first=f"{lead}- ")
        else:
            out.append(f"{lead}- {_leaf(item, indent)}\n")
        lead = indent


def _leaf(item: Any, indent: str) -> str:
    if isinstance(item, Mapping):
        return "{}"
    if isinstance(item, list):
        return "[]"
    if isinstance(item, str) and "\n" in item and _fits_block(item):
        return _block(item, indent + "  ")
    return scalar(item)


@lru_cache(maxsize=_WATCHER_FILES)
def _fits_block(value: str) -> bool:
    return _NOT_BLOCK.search(value) is None and value.strip("\n") != "" and value[0] != "\n"


@lru_cache(maxsize=_WATCHER_FILES)
def _block(value: str, indent: str) -> str:
    """Return a literal block without its last line break."""
    body = value.rstrip("\n")
    breaks = len(value) - len(body)
    chomp = "-" if breaks == 0 else "" if breaks == 1 else "+"
    # A first line that begins with a space would be taken for the block's indentation.
    width = "2" if body[0] in " \t" else ""
    lines = [f"{indent}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([f"|{width}{chomp}", *lines, *[""] * max(breaks - 1, 0)])
