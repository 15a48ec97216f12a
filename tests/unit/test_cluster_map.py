"""tests/cluster/README.md is the map of its folder: it names what is there, and nothing else."""

from __future__ import annotations

import re

import pytest

from tests.cases import ROOT

FOLDER = ROOT / "tests" / "cluster"
MAP = (FOLDER / "README.md").read_text()


def rows_under(heading: str) -> list[str]:
    """Return the first columns of the table under a heading."""
    section = MAP.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    _, _, *rows = re.findall(r"^\| (.*?) \|", section, re.M)
    return rows


@pytest.mark.parametrize(
    ("heading", "name"), [("### harness/, from the bottom up", "harness"), ("### oracles/", "oracles")]
)
def test_each_module_is_on_the_map(heading, name):
    listed = [module for row in rows_under(heading) for module in row.split(", ")]
    assert sorted(listed) == sorted(path.stem for path in (FOLDER / name).glob("*.py"))


def test_each_test_file_is_on_the_map():
    named = set(re.findall(r"\btest_[a-z_]*[a-z]\b", MAP))
    files = {path.stem for path in FOLDER.glob("test_*.py")}
    functions = {
        name for path in FOLDER.glob("test_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    assert files <= named
    assert named - files <= functions | {"test_x"}


def test_each_story_on_the_map_exists():
    section = MAP.partition("### Where the CI tier shows what")[2].partition("\n## ")[0]
    starts = re.findall(r"\b([a-z]\w+_)…", section)
    source = "".join(path.read_text() for path in FOLDER.glob("test_*.py"))
    assert starts
    assert [start for start in starts if f"\ndef {start}" not in source] == []
