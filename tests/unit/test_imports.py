"""What is imported when: nothing dear for a build, nothing in a circle, nothing by a relative name but in the watcher."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from jobsetgen.cli.main import _COMMANDS
from tests.cases import FIXTURES, ROOT

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
    for path in sorted((ROOT / "jobsetgen").rglob("*.py"))
}
# Each takes longer to import than the whole of a small build.
DEAR = ["jsonschema", "jinja2", "difflib"]
BUILD = """
import sys
from jobsetgen.cli.build import command
command(["."], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The modules that a build of the multislice example has imported by its end."""
    folder = FIXTURES / "valid" / "multislice"
    done = subprocess.run([sys.executable, "-c", BUILD], cwd=folder, capture_output=True, text=True, check=True)
    assert "kind: Job\n" in done.stdout
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("module", DEAR)
def test_a_build_does_not_import(module, imported):
    assert module not in imported


def test_a_build_imports_no_other_command(imported):
    commands = {f"jobsetgen.cli.{name}" for name in _COMMANDS if name != "build"}
    assert imported & commands == set()


@pytest.mark.parametrize("module", ["pages", "code_list"])
def test_a_build_does_not_import_what_writes_the_pages_of_codes(module, imported):
    assert f"jobsetgen.review.{module}" not in imported


def test_the_page_of_a_code_needs_no_library_but_click_and_what_reads_yaml():
    code = "import sys; from jobsetgen.cli.rule import command; command(['JSG226'], standalone_mode=False); "
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(DEAR) & set(done.stderr.splitlines()[-1].split()) == set()


# In the cluster the watcher has no package around it, so its files name each other by relative names.
WATCHER = [module for module in MODULES if module.startswith("jobsetgen.runtime.watcher.")]


@pytest.mark.parametrize("module", [module for module in MODULES if module not in WATCHER])
def test_imports_name_their_module_in_full(module):
    relative = [node for node in ast.walk(MODULES[module]) if isinstance(node, ast.ImportFrom) and node.level]
    assert relative == []


def test_no_module_imports_itself_through_others():
    TopologicalSorter({module: set(imports_of(tree)) - {module} for module, tree in MODULES.items()}).prepare()


def imports_of(tree: ast.Module):
    """Yield the modules of ours that a module imports as it is imported itself."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in inner)
