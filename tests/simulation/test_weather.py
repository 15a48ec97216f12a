"""Lives of sets in bad weather: whatever goes wrong, the counters, the Jobs and the end are those of the reference."""

from __future__ import annotations

from collections import Counter

import pytest

from scripts.play_faults import FIGURES, PAGE, page, read
from tests.simulation.faulty_lives import FaultyLife, kinds_of_faults

SEEDS, AT_ONCE = 1000, 50
STRUCK: Counter[str] = Counter()


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_lives_in_bad_weather(first, capsys):
    for seed in range(first, first + AT_ONCE):
        life = FaultyLife(seed)
        try:
            life.live()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        STRUCK.update(life.weather.struck)
    capsys.readouterr()  # what the watchers have logged


def test_every_kind_of_fault_has_struck():
    if STRUCK:  # unless this test runs alone
        assert kinds_of_faults() <= STRUCK.keys()


def test_the_page_shows_the_figures():
    assert page(read(FIGURES)) == PAGE.read_text(encoding="utf-8")


def test_the_figures_are_of_every_kind_of_fault():
    assert kinds_of_faults() <= read(FIGURES)["faults"].keys()
