"""Every valid fixture, under every profile and with either owner of the Jobs: what build and explain print.

The watcher's script is left out of it; another test holds that the output has it byte for byte.
"""

from __future__ import annotations

import pytest

from jobsetgen.options.values import PROFILES
from tests.cases import VALID, arguments, without_script

CASES = [pytest.param(case, id=case.name) for case in VALID]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", CASES)
def test_build(case, profile, cli, golden):
    run = cli("build", *arguments(case), "--gitops", profile, folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/{profile}.yaml", without_script(run.out))
    golden(f"valid/{case.name}/{profile}.txt", run.err)


@pytest.mark.parametrize("case", CASES)
def test_build_of_what_the_watcher_creates(case, cli, golden):
    run = cli("build", *arguments(case), "--jobs", "watcher", "--preview", folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/watcher.yaml", without_script(run.out))
    golden(f"valid/{case.name}/watcher.txt", run.err)


@pytest.mark.parametrize("case", CASES)
def test_explain(case, cli, golden):
    run = cli("explain", *arguments(case), folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/explain.txt", run.out)
