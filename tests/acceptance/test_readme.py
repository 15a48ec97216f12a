"""The README answers a newcomer's questions in their order, is short, and is fair to the other tools."""

from __future__ import annotations

import re

from tests.acceptance.pages import README, read

TEXT = read(README)
MOST_LINES = 210
FIRST_SCREEN = 55
OTHERS = ("JobSet", "Trainer", "kustomize", "Helm")


def section(title: str) -> str:
    """Return the text below a heading of the README."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str, beginning: str) -> list[list[str]]:
    """Return the rows of the first table below a line, without its head, each as its cells."""
    table = text.partition(f"{beginning}\n\n")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_first_screen_says_what_it_is_and_when_to_use_which():
    screen = "\n".join(TEXT.splitlines()[:FIRST_SCREEN])
    order = [
        "`jobsetgen` runs [JobSets]",
        "**Use jobsetgen when**",
        "**Use [JobSet](https://jobset.sigs.k8s.io) when**",
        "**What you give up with jobsetgen**",
        "](docs/pictures/overview.svg)",
        "make demo",
    ]
    places = [screen.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)


def test_what_a_reader_gives_up_is_named():
    given_up = TEXT.partition("**What you give up with jobsetgen**")[2].partition("![")[0]
    for each in ("kubectl get jobset", "watcher pod", "may create Jobs", "Kueue", "JSG503"):
        assert each in given_up


def test_at_least_four_rows_say_where_others_are_better_each_with_a_source_of_theirs():
    worse = rows(section("Compared with other tools"), "Where another tool is better:")
    assert len(worse) >= 4
    assert all(re.search(r"\]\(https://\S+\)$", cells[-1]) for cells in worse)
    named = " ".join(f"{cells[1]} {cells[-1]}" for cells in worse)
    assert [each for each in OTHERS if each not in named] == []


def test_it_is_short():
    assert len(TEXT.splitlines()) <= MOST_LINES


def test_reference_is_on_its_own_page():
    assert "## Exit statuses" in read("docs/commands.md")
    assert "exit status" not in TEXT
