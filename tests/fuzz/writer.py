"""Data as YAML in the forms that people and programs write it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from tests.fuzz import odd
from tests.fuzz.chance import Chance

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9/._-]*")
_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "null", "y", "n"])
_COMMENTS = (
    "# a comment",
    "# jobsetgen: ignore[JSG504] as it is",
    "# jobsetgen: ignore[JSG501, JSG508] a reason",
    "# \u00e9\u4e2d",
)


def written(chance: Chance, documents: Sequence[Any]) -> str:
    """Return documents as the text of a file."""
    form = chance.weighted({"block": 6, "flow": 2, "json": 1, "list": 1})
    if form == "list":
        documents = [{"apiVersion": "v1", "kind": "List", "items": list(documents)}]
    if form == "json":
        return "\n---\n".join(json.dumps(each, indent=chance.pick((None, 2))) for each in documents) + "\n"
    if form == "flow":
        return "---\n".join(_flow(each) + "\n" for each in documents)
    text = "---\n".join(_block(each, 0) for each in documents)
    return _decorated(chance, text)


def one(chance: Chance, data: Any) -> str:
    """Return data as a document of its own: YAML, or the JSON that is YAML too."""
    return _block(data, 0) if chance.hit(2) else json.dumps(data) + "\n"


def _decorated(chance: Chance, text: str) -> str:
    """Return text with what leaves the data as it is: comments, other line breaks, a byte order mark, an anchor."""
    change = chance.weighted({"nothing": 6, "comment": 3, "crlf": 1, "bom": 1, "marks": 1, "merge": 1, "end": 1})
    if change == "comment":
        lines = text.split("\n")
        at = chance.number(0, len(lines) - 1)
        lines[at] += f"  {chance.pick(_COMMENTS)}"
        return "\n".join(lines)
    if change == "crlf":
        return text.replace("\n", "\r\n")
    if change == "bom":
        return "\ufeff" + text
    if change == "marks":
        return f"---\n{text}---\n"
    if change == "merge":
        return re.sub(r"^metadata:\n", "metadata:\n  <<: &m {labels: {app: a}}\n", text, count=1, flags=re.M)
    return text.rstrip("\n") if change == "end" else text


def _block(value: Any, depth: int) -> str:
    indent = "  " * depth
    if isinstance(value, dict) and value:
        return "".join(f"{indent}{_key(key)}:{_nested(inner, depth + 1)}" for key, inner in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{indent}-{_nested(inner, depth + 1)}" for inner in value)
    return f"{indent}{_flow(value)}\n"


def _nested(value: Any, depth: int) -> str:
    if isinstance(value, (dict, list)) and value:
        return "\n" + _block(value, depth)
    if isinstance(value, str) and re.fullmatch(r"(?:[ -~]*[!-~]\n)+", value) and not value.startswith(" "):
        return " |\n" + "".join(f"{'  ' * depth}{line}\n" for line in value.splitlines())
    return f" {_flow(value)}\n"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if is_plain else _escaped(json.dumps(text, ensure_ascii=len(text) % 2 == 0))


def _escaped(quoted: str) -> str:
    """Return text in quotes in which no character is one that YAML has no place for, nor half of one."""
    paired = re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)", _whole, quoted)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", paired)


def _whole(found: re.Match[str]) -> str:
    code = 0x10000 + ((int(found[1], 16) & 0x3FF) << 10) + (int(found[2], 16) & 0x3FF)
    return f"\\U{code:08x}"


def _key(key: Any) -> str:
    text = _text(key)
    return f"? {text}\n" if len(text) > 120 else text


def odd_line(chance: Chance) -> str:
    """Return a line that changes what those around it mean."""
    return chance.pick(odd.LINES)
