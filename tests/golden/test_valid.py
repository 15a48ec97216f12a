"""Every valid fixture, under every profile: the whole of what build and explain print."""

from __future__ import annotations

import pytest

from jobsetgen.model.settings import PROFILES
from tests.cases import VALID, arguments

CASES = [pytest.param(case, id=case.name) for case in VALID]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", CASES)
def test_build(case, profile, cli, golden):
    run = cli("build", *arguments(case), "--gitops", profile, folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/{profile}.yaml", run.out)
    golden(f"valid/{case.name}/{profile}.txt", run.err)


@pytest.mark.parametrize("case", CASES)
def test_explain(case, cli, golden):
    run = cli("explain", *arguments(case), folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/explain.txt", run.out)
