"""The tests beside real components that CI leaves out say why, and a run of CI lists them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import ROOT
from tests.cluster.harness.tiers import AMOUNTS

SETTINGS = """\
[pytest]
markers =
    full_only(reason): left out of CI
addopts = -p tests.cluster.harness.tiers -p no:cacheprovider
"""
TESTS = """\
import pytest

def test_shown():
    assert {shown}

@pytest.mark.full_only("as test_shown, with another tool")
def test_other_tool():
    pass

@pytest.mark.parametrize("size", [
    1,
    pytest.param(2, marks=pytest.mark.full_only("as test_size[1], but larger")),
    pytest.param(3, marks=pytest.mark.full_only("as test_size[1], but larger")),
])
def test_size(size):
    pass
"""
LISTED = [
    "3 tests are left to `make cluster-all`:",
    "    2 of test_some: as test_size[1], but larger",
    "    1 of test_some: as test_shown, with another tool",
]
FULL = {"JOBSETGEN_CLUSTER_FIGURES": "figures.json"}


def run(folder: Path, text: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a test file in a folder, with the plugin of the tiers."""
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "test_some.py").write_text(text)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("JOBSETGEN_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, str(folder)],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "marker", ["full_only", "full_only()", "full_only('  ')", "full_only(3)", "full_only('a', 'b')"]
)
def test_a_marker_without_a_reason_stops_the_collection(tmp_path, marker):
    done = run(tmp_path, f"import pytest\n\n@pytest.mark.{marker}\ndef test_one():\n    pass\n")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "full_only needs one reason, as a text: test_some.py::test_one" in done.stderr


def test_what_ci_leaves_out_is_listed_with_its_reasons_and_counts(tmp_path):
    done = run(tmp_path, TESTS.format(shown=True), "-m", "not full_only")
    assert "2 passed, 3 deselected" in done.stdout
    assert "\n".join(LISTED) in done.stdout


def test_the_list_is_in_the_file_that_ci_names_even_when_a_test_fails(tmp_path):
    path = tmp_path / "left-out"
    done = run(tmp_path, TESTS.format(shown=False), "-m", "not full_only", JOBSETGEN_CLUSTER_LEFT_OUT=str(path))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert path.read_text().splitlines()[:3] == LISTED


def test_a_second_try_leaves_the_list_as_it_is(tmp_path):
    path = tmp_path / "left-out"
    path.write_text("of the first try")
    run(tmp_path, TESTS.format(shown=True), JOBSETGEN_CLUSTER_LEFT_OUT=str(path))
    assert path.read_text() == "of the first try"


def test_a_run_that_does_not_choose_by_tier_has_every_test_and_no_list(tmp_path):
    done = run(tmp_path, TESTS.format(shown=True))
    assert "5 passed" in done.stdout
    assert "cluster-all" not in done.stdout


def test_ci_says_what_it_tries_less_often_and_the_full_tier_does_not(tmp_path):
    ci = run(tmp_path, TESTS.format(shown=True), "-m", "not full_only").stdout
    full = run(tmp_path, TESTS.format(shown=True), "-m", "not full_only", **FULL).stdout
    for amount in AMOUNTS.values():
        assert f"{amount.ci:5} of {amount.full} {amount.of}" in ci
    assert "less often" not in full


def test_every_amount_is_larger_in_the_full_tier():
    assert [amount for amount in AMOUNTS.values() if amount.ci >= amount.full] == []
