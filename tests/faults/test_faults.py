"""The tests are tested: each planted fault is seen by the test that is named for it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import ROOT
from tests.faults.faults import FAULTS, Fault

WATCHER = Path("jobsetgen/runtime/watcher")


def test_there_are_enough_of_them_and_each_is_another():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
    assert len({(fault.function, fault.right, fault.wrong) for fault in FAULTS}) == len(FAULTS)


def planted(fault: Fault, text: str) -> str:
    """Return the text of a file with a fault in the function that it names."""
    _, *names = fault.function.split(".")
    node: ast.AST = ast.parse(text)
    for name in names:
        node = next(each for each in ast.iter_child_nodes(node) if getattr(each, "name", "") == name)
    assert isinstance(node, ast.FunctionDef)
    lines = text.splitlines(keepends=True)
    before, body, after = lines[: node.lineno - 1], lines[node.lineno - 1 : node.end_lineno], lines[node.end_lineno :]
    function = "".join(body)
    assert function.count(fault.right) == 1, function
    wrong = "".join([*before, function.replace(fault.right, fault.wrong), *after])
    ast.parse(wrong)
    return wrong


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A copy of the watcher and its tests, compiled once: ninety copies of it start faster."""
    folder = tmp_path_factory.mktemp("sound")
    for part in ("jobsetgen", "schemas", "fixtures/valid", "tests/unit/runtime", "tests/simulation", "tests/compat"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.whl"))
    for name in ("pyproject.toml", "tests/cases.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "fixtures" / "invalid").mkdir()
    subprocess.run([sys.executable, "-m", "compileall", "-q", "jobsetgen", "tests"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: re.sub(r"\W+", "-", fault.name))
def test_a_planted_fault_is_seen(fault: Fault, sound, tmp_path):
    file = WATCHER / f"{fault.function.partition('.')[0]}.py"
    wrong = planted(fault, (ROOT / file).read_text())
    shutil.copytree(sound, tmp_path / "faulty")
    (tmp_path / "faulty" / file).write_text(wrong)
    # Plain assertions and few plugins: only which test has failed is looked at.
    options = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:syrupy", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", *options, fault.seen_by]
    done = subprocess.run(command, cwd=tmp_path / "faulty", capture_output=True, text=True, check=False)
    assert f"FAILED {fault.seen_by}" in done.stdout, done.stdout[-2000:] + done.stderr[-500:]
