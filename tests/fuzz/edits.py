"""Changes of text and bytes, by which a file may cease to be YAML, or text."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz import odd
from tests.fuzz.chance import Chance

Lines = list[str]


def edited(chance: Chance, content: bytes) -> bytes:
    """Return content with a few changes."""
    for _ in range(chance.number(1, 3)):
        content = chance.pick(_EDITS)(chance, content)
    return content


def _lines(change: Callable[[Chance, Lines, int], None]) -> Callable[[Chance, bytes], bytes]:
    def edit(chance: Chance, content: bytes) -> bytes:
        lines = content.decode("utf-8", "surrogateescape").split("\n")
        change(chance, lines, chance.number(0, len(lines) - 1))
        return "\n".join(lines).encode("utf-8", "surrogateescape")

    return edit


def _drop(_chance: Chance, lines: Lines, at: int) -> None:
    del lines[at]


def _repeat(_chance: Chance, lines: Lines, at: int) -> None:
    lines.insert(at, lines[at])


def _swap(_chance: Chance, lines: Lines, at: int) -> None:
    lines[at], lines[at - 1] = lines[at - 1], lines[at]


def _indent(chance: Chance, lines: Lines, at: int) -> None:
    lines[at] = chance.pick((" ", "  ", "\t", "\u00a0")) + lines[at]


def _outdent(_chance: Chance, lines: Lines, at: int) -> None:
    lines[at] = lines[at].removeprefix("  ")


def _insert(chance: Chance, lines: Lines, at: int) -> None:
    lines.insert(at, chance.pick(odd.LINES))


def _anchor(chance: Chance, lines: Lines, at: int) -> None:
    """Put an anchor, an alias or a tag before a value."""
    key, colon, value = lines[at].partition(": ")
    mark = chance.pick(("&a", "*a", "!!str", "!!int", "!x", "&a *a", "!!binary", "!!set", "<<: *a #"))
    lines[at] = f"{key}{colon}{mark} {value}"


def _splice(chance: Chance, content: bytes) -> bytes:
    at = chance.number(0, len(content))
    return content[:at] + chance.pick(odd.BYTES) + content[at + chance.number(0, 3) :]


def _cut(chance: Chance, content: bytes) -> bytes:
    return content[: chance.number(0, len(content))]


def _wide(chance: Chance, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.pick(("utf-16", "utf-16-le", "latin-1")), "replace")


_EDITS: tuple[Callable[[Chance, bytes], bytes], ...] = (
    *map(_lines, (_drop, _repeat, _swap, _indent, _outdent, _insert, _insert, _anchor)), _splice, _splice, _cut, _wide,
)  # fmt: skip
