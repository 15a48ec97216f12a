"""Every invalid fixture: the whole of what each format says, and nothing on standard output of a build."""

from __future__ import annotations

import pytest

from tests.cases import INVALID, arguments, without_release

CASES = [pytest.param(case, id=case.name) for case in INVALID]
FORMATS = {"json": "json.json", "github": "github.txt", "sarif": "sarif.json"}


@pytest.mark.parametrize("case", CASES)
def test_build_says_what_is_wrong(case, cli, golden):
    run = cli("build", *arguments(case), folder=case)
    assert run.status == 1
    assert run.out == ""
    golden(f"invalid/{case.name}/text.txt", run.err)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_validate_in_each_format(case, form, cli, golden):
    run = cli("validate", *arguments(case), "--format", form, folder=case)
    assert run.status == 1
    assert run.err == ""
    golden(f"invalid/{case.name}/{FORMATS[form]}", without_release(run.out))
