"""The README has the figures that were measured, and no others."""

from __future__ import annotations

import copy
import json

import pytest

from scripts import make_figures

FIGURES = json.loads(make_figures.FIGURES.read_text())
SPEED = make_figures.SPEED.read_text()


def test_the_readme_has_what_was_measured():
    assert make_figures.PAGE.read_text(encoding="utf-8") == make_figures.text()


def test_the_figures_are_between_their_comments():
    assert make_figures.block(FIGURES, SPEED) in make_figures.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        ("measured", "on"),
        ("measured", "versions", "Argo CD"),
        ("expansion of fixtures", "equal"),
        ("expansion of the corpus", "inputs"),
        ("behaviour", "named", "events"),
        ("behaviour", "random", "agree"),
        ("bursts", "scenarios"),
        ("survival", "a_watcher_that_is_killed_at_random_moments_counts_each_failure_once-git", "kills"),
        ("gitops", "replicas_that_are_taken_away_go-git-flux", "held"),
        ("speed of 100 Jobs", "controller", "medians", "all_made"),
    ],
    ids=" ".join,
)
def test_another_figure_makes_another_text(path):
    other = copy.deepcopy(FIGURES)
    *parents, last = path
    part = other
    for key in parents:
        part = part[key]
    part[last] = part[last] + "1" if isinstance(part[last], str) else part[last] - 1
    assert make_figures.block(other, SPEED) != make_figures.block(FIGURES, SPEED)


def test_the_times_of_builds_are_those_of_the_page_about_speed():
    (row,) = [line for line in SPEED.splitlines() if line.startswith("| 10,000 Jobs |")]
    measured = row.split("|")[2]
    assert measured.strip() in make_figures.block(FIGURES, SPEED)
    other = SPEED.replace(measured, " 99 s ")
    assert "| `jobsetgen build` of 10,000 Jobs | 99 s |" in make_figures.block(FIGURES, other)


def test_the_day_of_small_builds_is_named_if_it_is_another_one():
    head = "Measured by `make bench` on 2026-01-02{}: a machine\n"
    rows = "".join(f"| {what} | 1 s | at most 2 s | yes |\n" for what in make_figures._TIMED)
    same, other = head.format(""), head.format(" (the first two rows on 2026-03-04)")
    assert "`make bench` on 2026-01-02." in " ".join(make_figures.block(FIGURES, same + rows).split())
    assert "on 2026-01-02, except for 4 Jobs, on 2026-03-04." in " ".join(
        make_figures.block(FIGURES, other + rows).split()
    )
