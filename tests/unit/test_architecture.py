"""The shape of the package: which module may import which, what a small build costs, how long a file may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import FIXTURES, ROOT

# One direction, no way back: a module imports only what stands before it, or what is of its own entry.
ORDER = [
    "stop",
    "diagnostics",
    "assets",
    "words",
    "plain",
    "kubernetes",
    "source",
    "naming",
    "field_order",
    "re2",
    "schema",
    "options",
    "project",
    "model",
    "rules",
    "expand",
    "gitops",
    "arrange",
    "emit",
    "starting",
    "pipeline",
    "review",
    "output",
    "frontends",
    "cli",
    # Runs in the cluster: it imports nothing of ours, and nothing of ours imports it.
    "runtime",
]
MODULES = sorted((ROOT / "jobsetgen").rglob("*.py"))
LONGEST = 350


def entry(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path):
    """Yield the modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "jobsetgen":
            # `from jobsetgen import emit` names an entry; `from jobsetgen.x import y` has it in the module.
            yield from [node.module] if "." in node.module else [f"jobsetgen.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "jobsetgen")


def name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.parent.parent != ROOT or path.name != "__init__.py"], ids=name
)
def test_a_module_imports_only_what_stands_before_it(path):
    own = ORDER.index(entry(name(path)))
    later = [module for module in imports(path) if ORDER.index(entry(module)) > own]
    assert later == []


def test_every_module_stands_in_the_order():
    assert {entry(name(path)) for path in MODULES} - {"__init__"} == set(ORDER)


def test_facts_about_kubernetes_need_nothing_of_ours_but_plain_helpers():
    own = [path for path in MODULES if entry(name(path)) == "kubernetes"]
    assert {entry(module) for path in own for module in imports(path)} == {"kubernetes", "plain", "words"}


def test_what_runs_in_the_cluster_stands_alone():
    own = [path for path in MODULES if entry(name(path)) == "runtime"]
    assert [module for path in own for module in imports(path)] == []
    assert [name(path) for path in MODULES if any(entry(module) == "runtime" for module in imports(path))] == []


@pytest.mark.parametrize("path", [path for path in MODULES if entry(name(path)) != "runtime"], ids=name)
def test_a_module_says_what_it_is_for_and_keeps_short(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST


def test_a_small_build_imports_no_library_that_it_does_not_need():
    code = "import sys, jobsetgen.cli.build as b; b.command(['jobset.yaml', '-n', 'x'], standalone_mode=False); "
    code += "print([n for n in ('jsonschema', 'jinja2', 'fractions') if n in sys.modules], file=sys.stderr)"
    folder = FIXTURES / "valid" / "minimal"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
