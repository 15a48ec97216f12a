"""What the watcher's program may be: short files, of the standard library alone, for old Pythons."""

from __future__ import annotations

import ast
import graphlib
import json
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator

import pytest

from jobsetgen.assets import restart_watcher
from scripts.density import measured
from tests.cases import ROOT

RUNTIME = ROOT / "jobsetgen" / "runtime"
FILES = sorted((RUNTIME / "watcher").glob("*.py"))
TREES = {file.stem: ast.parse(file.read_text(), feature_version=(3, 9)) for file in FILES}
EACH = pytest.mark.parametrize("name", TREES)
# What a decision is made by; of the rest some talk to the API, tell the time or start threads.
PURE = [
    "carried", "contract", "decide", "decision", "ending", "failure", "formats", "generation", "generations", "matcher",
    "ownership", "pattern", "shape", "stamp", "startup", "view",
]  # fmt: skip


def test_the_output_carries_every_file_and_nothing_else():
    assert restart_watcher() == {
        file.name: file.read_bytes() for file in (RUNTIME / "watcher").iterdir() if file.is_file()
    }


def imports(name: str) -> Iterator[tuple[int, str]]:
    """Yield what a file imports: how many dots, and the module."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "__init__"
        elif isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)


@EACH
def test_it_needs_nothing_but_the_standard_library_and_itself(name):
    assert {module for level, module in imports(name) if level == 1} <= set(TREES)
    others = {module.partition(".")[0] for level, module in imports(name) if level != 1}
    assert others <= sys.stdlib_module_names


def test_the_readme_names_every_file_once():
    named = re.findall(r"`(\w+)\.py`", (RUNTIME / "README.md").read_text())
    assert sorted(named) == sorted(TREES)


def test_no_files_import_each_other_in_a_circle():
    graph = {name: {module for level, module in imports(name) if level == 1} for name in TREES}
    list(graphlib.TopologicalSorter(graph).static_order())


@EACH
def test_a_file_is_short_and_narrow(name):
    lines = (RUNTIME / "watcher" / f"{name}.py").read_text().splitlines()
    assert len(lines) <= 350
    assert [line for line in lines if len(line) > 100] == []


def test_it_has_one_decision_a_line():
    densities = sorted(function.density for function in measured(FILES).functions)
    assert statistics.median(densities) <= 0.35
    assert densities[int(0.9 * len(densities))] <= 0.6


@EACH
def test_every_part_says_what_it_does(name):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    parts = [node for node in ast.walk(TREES[name]) if isinstance(node, kinds)]
    assert [getattr(node, "name", name) for node in parts if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("name", PURE)
def test_what_decides_does_no_input_or_output(name):
    assert {module for level, module in imports(name) if level == 1} <= set(PURE)
    assert {module for level, module in imports(name)} & {"http", "os", "random", "ssl", "threading", "time"} == set()
    used = {node.id for node in ast.walk(TREES[name]) if isinstance(node, ast.Name)}
    assert used & {"open", "print"} == set()


def test_the_urls_and_verbs_stand_in_one_file():
    for name in set(TREES) - {"api"}:
        texts = {node.value for node in ast.walk(TREES[name]) if isinstance(node, ast.Constant)}
        assert texts & {"POST", "PUT", "PATCH", "DELETE"} == set(), name
        assert [text for text in texts if isinstance(text, str) and text.startswith(("/api", "namespaces"))] == [], name


def interpreters() -> Iterator[str]:
    """Yield the Pythons that are here, of those that images have."""
    yield sys.executable
    for minor in range(9, 15):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            yield found


def test_it_runs_as_the_kubelet_mounts_it(tmp_path):
    """The folder is a link through a link to a folder of its moment."""
    moment = tmp_path / "..2026_01_01" / "watcher"
    moment.mkdir(parents=True)
    for file, content in restart_watcher().items():
        (moment / file).write_bytes(content)
    (tmp_path / "..data").symlink_to("..2026_01_01")
    (tmp_path / "watcher").symlink_to("..data/watcher")
    for python in interpreters():
        command = [python, "-B", "-u", "-m", "watcher", "--help"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "--plan PLAN" in done.stdout, python


def test_it_can_be_used_apart_from_the_rest():
    code = "import sys, json, watcher.decide; print(json.dumps([n for n in sys.modules if n.startswith('jobsetgen')]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=RUNTIME, env={}, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


READS = """
import json, pathlib, sys
from watcher import formats, run
for file in sorted(pathlib.Path(sys.argv[1]).glob("format-*/*.json")):
    for plural, name, item in json.loads(file.read_text())["cluster"]:
        if name == "train-restart-state":
            print(file.stem, formats.state_of(item) is not None)
        if name == "train-restart-plan":
            formats.parsed_plan(item["data"]["plan.json"])
"""


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_python_that_an_image_may_have_reads_what_earlier_watchers_wrote(version):
    python = shutil.which(f"python{version}")
    command = [python or "", "-c", READS, str(ROOT / "tests" / "compat")]
    if not python or subprocess.run([python, "--version"], capture_output=True, check=False).returncode:
        pytest.skip(f"there is no python{version} on this machine")
    done = subprocess.run(command, cwd=RUNTIME, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) > 50
    assert all(line.endswith(" True") for line in lines)
