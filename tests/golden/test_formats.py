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


def test_fixtures_have_findings_of_each_severity():
    severities = {item.severity for case in FORMAT_CASES for item in diagnosed(case)}
    assert severities == {"error", "warning", "notice"}
