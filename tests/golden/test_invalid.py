"""Every invalid fixture: the whole of what a build says, and nothing on standard output."""

from __future__ import annotations

import pytest

from tests.cases import INVALID, arguments


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.name)
def test_build_says_what_is_wrong(case, cli, golden):
    run = cli("build", *arguments(case), folder=case)
    assert run.status == 1
    assert run.out == ""
    golden(f"invalid/{case.name}/text.txt", run.err)
