"""The snapshots stay as few as somebody can review: CONTRIBUTING.md says how many lines each group may have."""

from __future__ import annotations

import re
from pathlib import PurePath

from tests.cases import ROOT
from tests.conftest import SNAPSHOTS

_ROW = re.compile(r"^\| `(\S+)`[^|]* \| ([\d,]+) \|", re.M)


def limits() -> dict[str, int]:
    """Return the most lines of each group, by the pattern of its files."""
    rows = _ROW.findall((ROOT / "CONTRIBUTING.md").read_text())
    return {pattern: int(lines.replace(",", "")) for pattern, lines in rows}


def lines_by_group() -> dict[str, int]:
    """Return how many lines each group has; every snapshot is in one of them."""
    counts = dict.fromkeys(limits(), 0)
    for path in sorted(SNAPSHOTS.rglob("*")):
        if path.is_file():
            name = PurePath(path.relative_to(SNAPSHOTS).as_posix())
            (pattern,) = [each for each in counts if name.match(each)]
            counts[pattern] += len(path.read_bytes().splitlines())
    return counts


def test_no_group_has_more_lines_than_the_table_says():
    counts = lines_by_group()
    assert {pattern: count for pattern, count in counts.items() if count > limits()[pattern]} == {}


def test_all_snapshots_together_can_be_reviewed():
    counts = lines_by_group()
    assert sum(counts.values()) <= 42_000
    profiles = [f"valid/*/{profile}.diff" for profile in ("argocd", "flux", "none")]
    formats = [f"formats/*/{name}" for name in ("json.json", "sarif.json")]
    assert sum(counts[pattern] for pattern in (*profiles, *formats)) <= 5_000
    assert counts["valid/*/watcher.diff"] <= 9_500
