"""The tests are tested: each planted fault is seen by the test that is named for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.cases import ROOT
from tests.faults.faults import FAULTS, Fault

SCRIPT = "jobsetgen/runtime/restart_watcher.py"
TEXT = (ROOT / SCRIPT).read_text()


def test_there_are_enough_of_them_and_each_is_another():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
    assert len({(fault.right, fault.wrong) for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: re.sub(r"\W+", "-", fault.name))
def test_a_planted_fault_is_seen(fault: Fault, tmp_path):
    assert TEXT.count(fault.right) == 1
    for folder in ("jobsetgen", "schemas", "fixtures/valid", "tests/unit/runtime", "tests/simulation", "tests/compat"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "tests/cases.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "fixtures" / "invalid").mkdir()
    (tmp_path / SCRIPT).write_text(TEXT.replace(fault.right, fault.wrong))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", fault.seen_by]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert f"FAILED {fault.seen_by}" in done.stdout, done.stdout[-2000:] + done.stderr[-500:]
