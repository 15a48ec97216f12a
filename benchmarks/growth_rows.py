"""How much more time of the processor an input of twice the size takes, for every command."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from measuring import ROOT, Row, cost

sys.path.insert(0, str(ROOT))

from tests.growth import COMPILED, INPUTS, listed

_MOST = 2.5
# What a process takes for the smallest input is not what grows.
_MULTIPLES = (8, 16, 32)
_STATUSES = (0, 1)


class _Growth(NamedTuple):
    """How many times as long twice the input takes, and what the largest of three takes."""

    ratio: float
    seconds: float
    name: str


def growth_rows(program: Path, folder: Path) -> list[Row]:
    """Measure all inputs with `validate`, and those that compile with the other commands."""
    commands: dict[str, tuple[Sequence[str], Iterable[str]]] = {
        "validate": (("validate", "new"), INPUTS),
        "build": (("build", "new"), COMPILED),
        "build -o": (("build", "-o", "out", "new"), COMPILED),
        "check": (("check", "-o", "out", "old"), COMPILED),
        "explain": (("explain", "new"), COMPILED),
        "graph": (("graph", "new"), COMPILED),
        "diff": (("diff", "old", "new"), COMPILED),
        "krm": (("krm",), COMPILED),
        "argocd generate": (("argocd", "generate"), COMPILED),
    }
    return [
        _row(title, [_growth(program, folder / "growth", words, name) for name in names])
        for title, (words, names) in commands.items()
    ]


def _row(title: str, found: list[_Growth]) -> Row:
    worst = max(found)
    slowest = max(found, key=lambda each: each.seconds)
    return Row(
        f"`{title}` of {len(found)} inputs that grow",
        f"twice the input takes at most {worst.ratio:.1f} times the CPU time ({worst.name}); the"
        f" longest took {slowest.seconds:.1f} s ({slowest.name})",
        f"at most {_MOST} times",
        worst.ratio <= _MOST,
    )


def _growth(program: Path, folder: Path, words: Sequence[str], name: str) -> _Growth:
    size, make = INPUTS[name]
    least = _seconds(program, folder, words, make(1))
    seconds = []
    for multiple in _MULTIPLES:
        text = make(size * multiple)
        taken = min(_seconds(program, folder, words, text) for _ in range(2))
        # Below a tenth of a second there is nothing to compare.
        seconds.append(max(taken - least, 0.1))
    ratios = [large / small for small, large in pairwise(seconds)]
    return _Growth(max(ratios), seconds[-1], name)


def _seconds(program: Path, folder: Path, words: Sequence[str], text: str) -> float:
    """Return the seconds of the processor that a command takes for an input."""
    shutil.rmtree(folder, ignore_errors=True)
    for side in ("old", "new"):
        (folder / side).mkdir(parents=True)
    (folder / "new" / "jobset.yaml").write_text(text)
    (folder / "old" / "jobset.yaml").write_text(text.replace("a:1", "a:2"))
    items = folder / "list.yaml"
    items.write_text(listed(text))
    if words[0] == "check":
        cost([program, "build", "-o", "out", "new"], folder, statuses=_STATUSES)
    where = folder / "new" if words[0] == "argocd" else folder
    return cost([program, *words], where, source=items, statuses=_STATUSES).processor
