"""Lives of sets in bad weather: whatever goes wrong, the counters, the Jobs and the end are those of the reference."""

from __future__ import annotations

from scripts.play_faults import FIGURES, PAGE, page, play_all, read
from tests.simulation.faulty_lives import kinds_of_faults

SEEDS = 1000


def test_lives_in_bad_weather():
    figures = play_all(SEEDS)  # on every core
    assert figures["wrong"] == []
    assert kinds_of_faults() <= figures["faults"].keys()


def test_the_page_shows_the_figures():
    assert page(read(FIGURES)) == PAGE.read_text(encoding="utf-8")


def test_the_figures_are_of_every_kind_of_fault():
    assert kinds_of_faults() <= read(FIGURES)["faults"].keys()
