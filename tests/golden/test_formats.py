"""The formats of diagnostics: a few cases whole, and in every fixture the same findings in all of them."""

from __future__ import annotations

import pytest

from jobsetgen.review.reporters import REPORTERS
from tests.cases import INVALID, VALID
from tests.golden.findings import READERS, from_values
from tests.golden.groups import FORMAT_CASES, FORMATS, in_format
from tests.outputs import diagnosed


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", FORMAT_CASES, ids=lambda case: case.name)
def test_validate_in_each_format(case, form, golden):
    for name, text in in_format(case, form).items():
        golden(name, text)


@pytest.mark.parametrize("case", [*INVALID, *VALID, *FORMAT_CASES], ids=lambda case: case.name)
def test_all_formats_carry_the_same_findings_in_the_same_order(case):
    diagnostics = diagnosed(case)
    for form, report in REPORTERS.items():
        assert READERS[form](report(diagnostics)) == from_values(diagnostics), form


def test_the_cases_shown_have_what_formats_differ_in():
    several, wide, flag = map(diagnosed, FORMAT_CASES)
    assert {item.severity for item in several} == {"error", "warning", "notice"}
    assert len({item.file for item in several}) > 1
    assert len({bool(item.hint) for item in several}) == 2
    lines = (FORMAT_CASES[1] / "jobset.yaml").read_text().splitlines()
    assert [item for item in wide if max(lines[item.line - 1][: item.column]) > "\uffff"]
    assert [item.file for item in flag] == ["--watcher-image"]
