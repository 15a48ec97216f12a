"""The table of consequences, row by row: the comparison of its scenario finds what it says."""

from __future__ import annotations

import pytest

from jobsetgen.diff.comparison import compare
from jobsetgen.diff.consequences import TABLE, consequence
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.rows import Row
from tests.diff_scenarios import TRIGGERS, scenario


def test_every_trigger_of_the_table_has_a_scenario() -> None:
    assert {row.trigger for row in TABLE} == TRIGGERS


def shown(row: Row) -> list[Context]:
    """Return contexts of a row with each mode and policy, and each profile: all pairs of them take three times as long."""
    by_mode = {(each.mode, each.policy): each for each in row.contexts}
    by_profile = {each.profile: each for each in row.contexts}
    return list(dict.fromkeys([*by_mode.values(), *by_profile.values()]))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.trigger}-{row.id}-{'-'.join(row.contexts[0])}")
def test_a_scenario_has_the_consequence_of_its_row(row: Row) -> None:
    for context in shown(row):
        made = scenario(row.trigger, context)
        found = compare(*made.sides())
        judged = [each for change in found.sets for each in change.changes] + list(found.pass_through)
        assert {each.trigger for each in judged} == {row.trigger, *made.beside}
        (change,) = (each for each in judged if each.trigger == row.trigger)
        assert (change.consequence, change.source) == (row.id, consequence(row.trigger, context).source)
