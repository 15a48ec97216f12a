"""What the watcher takes to search messages for patterns that Python's re could search for too long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from measuring import Row, cost

_MOST_SECONDS = 10
# Some are found by their literal, some have none, and some keep many states at once.
_PATTERNS = (
    "(foo|bar)+$",
    "(a+)+$",
    r"^(\w+\s?)+$",
    r"(\w+ )*failed!",
    ".*.*.*.*x=",
    r"(exit|code|\d+| )+;",
    "(a?){28}a{28}",
    r"(?i)(out of|memory|\W)+!",
    r"(\pL|\pN)+§",
    r"(a|b)*a(a|b){20}z?c",
)
_SCRIPT = """
import random, sys
from jobsetgen.re2 import program
from jobsetgen.runtime.watcher.matcher import is_found
chance = random.Random(1)
programs = [program(each + more) for each in {patterns!r} for more in ("", "(?:)", "|(q#)+", "|(#+)+1")]
assert len(programs) == 40
words = "exit code 137 container main failed a b aab abba out of memory pod ns/demo-workers-0".split()
for _ in range({messages}):
    text = ""
    while len(text) < {length}:
        text += chance.choice(words) + chance.choice((" ", ", ", "-", ""))
    text = text[:{length} - 1] + "\\n"
    for each in programs:
        is_found(each, text)
"""


def pattern_rows(program: Path, folder: Path) -> list[Row]:
    """Measure 40 such patterns over many short messages, and over the longest that there can be."""
    python = program.with_name("python")
    return [
        _row("the messages of 1,000 failed Jobs, 200 bytes each", [python], folder, 1000, 200),
        _row("one message of 32 KB", [python], folder, 1, 32_768),
    ]


def _row(what: str, python: Sequence[str | Path], folder: Path, messages: int, length: int) -> Row:
    script = _SCRIPT.format(patterns=_PATTERNS, messages=messages, length=length)
    seconds = cost([*python, "-c", script], folder).processor
    return Row(
        f"40 patterns that run as programs, over {what}",
        f"{seconds:.2f} s of CPU time",
        f"less than {_MOST_SECONDS} s of CPU time",
        seconds < _MOST_SECONDS,
    )
