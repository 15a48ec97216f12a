"""What an earlier release wrote for an unchanged input is what this one writes."""

from __future__ import annotations

import pytest

from jobsetgen.options.table import Settings
from scripts.record_compat import COMPAT, VARIANTS, digests, recorded
from tests.cases import VALID

RECORD = recorded(COMPAT)


def test_the_record_is_of_the_default():
    assert Settings().compat == COMPAT


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_an_upgrade_restarts_nothing(case, variant):
    name = f"{case.name}/{variant}"
    assert name in RECORD.promise, "run: python -m scripts.record_compat"
    promise, plans = digests(case, variant)
    assert promise == RECORD.promise[name], "this change restarts every running set; it needs a new compat"
    assert plans == RECORD.plans[name], (
        "this change makes every committed plan out of date; watchers that run already must understand it. "
        "If that is meant: python -m scripts.record_compat --plans, and a line in the CHANGELOG"
    )


def test_nothing_recorded_is_gone():
    names = {f"{case.name}/{variant}" for case in VALID for variant in VARIANTS}
    assert set(RECORD.promise) == names
    assert set(RECORD.plans) == names
