"""Every valid fixture: what build prints under the profile `any`, how every other mode differs, what explain prints.

The watcher's files are left out of it; another test holds that the output has them byte for byte.
"""

from __future__ import annotations

import pytest

from tests.cases import VALID, arguments
from tests.golden.groups import OTHERS, otherwise, whole

CASES = [pytest.param(case, id=case.name) for case in VALID]


@pytest.mark.parametrize("case", CASES)
def test_build(case, golden):
    for name, text in whole(case).items():
        golden(name, text)


@pytest.mark.parametrize("mode", OTHERS)
@pytest.mark.parametrize("case", CASES)
def test_build_in_another_mode(case, mode, golden):
    for name, text in otherwise(case, mode).items():
        golden(name, text)


@pytest.mark.parametrize("case", CASES)
def test_explain(case, cli, golden):
    run = cli("explain", *arguments(case), folder=case)
    assert run.status == 0, run.err
    golden(f"valid/{case.name}/explain.txt", run.out)
