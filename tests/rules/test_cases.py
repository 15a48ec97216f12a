"""Every case of a rule: exactly the diagnostics that its comments expect, and no other on any line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Run
from tests.rules.expectations import Case, Said, cases

CASES = cases()


def said(case: Case, cli: Callable[..., Run]) -> list[Said]:
    """Return what `validate` says of a case, sorted."""
    run = cli("validate", *case.arguments, "--allow-empty", "--format", "json", folder=case.folder)
    assert run.err == ""
    found = [Said(**{field: item[field] for field in Said._fields}) for item in json.loads(run.out)["diagnostics"]]
    return sorted(found)


def as_open(found: Said, expected: Said) -> Said:
    """Return a diagnostic without what the expectation leaves open."""
    return found if expected.message else found._replace(column=0, message="", hint="")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gets_the_diagnostics_that_it_expects_and_no_other(case, cli, monkeypatch):
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    expected = case.expected()
    found = said(case, cli)
    compared = [as_open(*pair) for pair in zip(found, expected, strict=False)]
    assert [*compared, *found[len(compared) :]] == expected
