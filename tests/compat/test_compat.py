"""What an earlier release wrote for an unchanged input is what this one writes."""

from __future__ import annotations

import pytest

from jobsetgen.model.settings import PROFILES, Settings
from scripts.record_compat import COMPAT, digests, recorded
from tests.cases import VALID

RECORD = recorded(COMPAT)


def test_the_record_is_of_the_default():
    assert Settings().compat == COMPAT


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_no_job_spec_has_changed(case, profile):
    name = f"{case.name}/{profile}"
    assert name in RECORD, "run: python -m scripts.record_compat"
    assert digests(case, profile) == RECORD[name], "this change would restart every running set; it needs a new compat"


def test_nothing_recorded_is_gone():
    assert set(RECORD) == {f"{case.name}/{profile}" for case in VALID for profile in PROFILES}
