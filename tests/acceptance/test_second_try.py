"""The second try of CI: few failures run again and are named, many fail the run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cases import ROOT

FLAKY = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("name", {names})
def test_fails_at_first(name):
    mark = Path(name)
    is_first = not mark.exists()
    mark.touch()
    assert not is_first
"""


def tried(folder, source, most=2):
    """Run the tests of a source through the second try; return its status and what it recorded."""
    (folder / "test_it.py").write_text(source)
    record = folder / "record"
    record.touch()
    command = [sys.executable, "-m", "pytest", "-q", "test_it.py"]
    words = [sys.executable, str(ROOT / ".ci" / "second_try.py"), str(record), str(most), "-q", "--", *command]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    return done.returncode, record.read_text().splitlines()


def test_tests_that_pass_need_no_second_try(tmp_path):
    assert tried(tmp_path, "def test_passes(): pass\n") == (0, [])


@pytest.mark.parametrize("names", [["a"], ["a", "b"]])
def test_what_passes_at_the_second_try_is_recorded(tmp_path, names):
    expected = [f"test_it.py::test_fails_at_first[{name}]" for name in names]
    assert tried(tmp_path, FLAKY.format(names=names)) == (0, expected)


def test_more_failures_than_may_be_bad_luck_fail_the_run(tmp_path):
    status, recorded = tried(tmp_path, FLAKY.format(names=["a", "b", "c"]))
    assert (status, recorded) == (1, [])


def test_what_fails_again_fails_the_run(tmp_path):
    status, recorded = tried(tmp_path, "def test_fails(): assert False\n")
    assert (status, recorded) == (1, [])


def test_a_suite_that_does_not_start_fails_the_run(tmp_path):
    status, recorded = tried(tmp_path, "import nothing_of_that_name\n")
    assert (status, recorded) == (2, [])
