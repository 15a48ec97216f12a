"""What an earlier release wrote for an unchanged input is what this one writes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from jobsetgen import Source, compile
from jobsetgen.cli.main import jobsetgen
from jobsetgen.options.table import Settings
from jobsetgen.options.values import COMPAT_LEVELS
from scripts.record_compat import COMPAT, VARIANTS, digests, recorded, recorded_alone
from tests.cases import VALID

RECORDS = {level: recorded(level) for level in COMPAT_LEVELS}
CASES = {case.name: case for case in VALID}
NAMES = {f"{case.name}/{variant}" for case in VALID for variant in VARIANTS}


def test_the_record_is_of_the_default():
    assert Settings().compat == COMPAT


def recorded_names():
    """Yield each variant of a level's record, and one for each fixture that it takes from the level below."""
    first, *_ = VARIANTS
    for level in COMPAT_LEVELS:
        # That of the lowest level has all names.
        alone = recorded_alone(level).promise
        for name in sorted(NAMES):
            if name in alone or name.endswith(f"/{first}"):
                yield level, name


@pytest.mark.parametrize(("level", "name"), list(recorded_names()))
def test_an_upgrade_restarts_nothing(level, name):
    folder, _, variant = name.partition("/")
    case = CASES[folder]
    record = RECORDS[level]
    assert name in record.promise, "run: python -m scripts.record_compat"
    promise, plans = digests(case, variant, level)
    assert promise == record.promise[name], "this change restarts every running set; it needs a new compat"
    assert plans == record.plans[name], (
        "this change makes every committed plan out of date; watchers that run already must understand it. "
        "If that is meant: python -m scripts.record_compat --plans, and a line in the CHANGELOG"
    )


@pytest.mark.parametrize("level", COMPAT_LEVELS)
def test_nothing_recorded_is_gone(level):
    assert set(RECORDS[level].promise) == NAMES
    assert set(RECORDS[level].plans) == NAMES


@pytest.mark.parametrize("framework", ["driver-worker", "jax"])
def test_what_init_prints_needs_no_level(framework):
    spec = Source(name="jobset.yaml", content=CliRunner().invoke(jobsetgen, ["init", framework]).stdout.encode())
    first, *others = [compile([spec], Settings(compat=level)).text() for level in COMPAT_LEVELS]
    assert first
    assert others == [first]


def test_level_2_changes_only_labels_from_priority_classes_of_the_input():
    changed = {name.partition("/")[0] for name in recorded_alone(2).promise}
    assert changed == {"priority-class-in-input", "default-class-in-input"}
