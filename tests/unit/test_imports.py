"""What is imported when: nothing dear for a build, nothing in a circle, nothing by a relative name but in the watcher."""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.cases import FIXTURES, ROOT

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
    for path in sorted((ROOT / "jobsetgen").rglob("*.py"))
}
# What a build of one JobSet may import of ours, by package: `*` is all of it, `.` the package itself. A module without a
# package stands for itself.
SMALL_BUILD: dict[str, str] = {
    **dict.fromkeys(("arrange", "assets", "diagnostics", "emit", "field_order", "gitops", "naming", "pipeline"), ""),
    **dict.fromkeys(("plain", "progress", "release", "stop", "upstream", "words"), ""),
    **dict.fromkeys(("expand", "kubernetes", "model", "rules", "source"), "*"),
    "cli": ". build compiling exits flags given main operands printing program reports texts",
    "frontends": ". argocd argocd.environment",
    "overlays": ". metadata_codes patch_codes value_codes",
    "options": ". images kinds project reading row table texts values watcher",
    "project": ". base_codes checks codes file files folder_codes foreign hierarchy ignored_kustomization images inputs jobsets kustomize_codes layer limits members override_findings reading replicas replicas_codes template_filling watcher_options",
    "re2": ". error",
    "review": ". terminal",
    "schema": ". codes conforms files mending",
    "target": ". codes keys reading",
}
VERSION: dict[str, str] = {
    **dict.fromkeys(("release", "stop"), ""),
    "cli": ". exits main printing program",
    "review": ". terminal",
}
# The modules of others that each may import, with whatever these import themselves.
FOREIGN_OF_BUILD = (
    *("click", "ruamel.yaml"),
    *("dataclasses", "gc", "hashlib", "json", "locale", "pathlib", "pkgutil", "uuid", "zlib"),
)
FOREIGN_OF_VERSION = ("click", "gc", "locale")

RUN = """
import sys
import jobsetgen.cli.program
from jobsetgen.cli.main import jobsetgen
jobsetgen({arguments!r}, standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""
WHY = (
    "{} imported by `jobsetgen {}`, and so at the cost of everybody's every run (see Startup time in docs/architecture.md): "
    "import it in the function that needs it or, if every such run needs it, add it to the table of this test"
)


@functools.cache
def modules_after(code: str) -> set[str]:
    """Return the modules that a process has imported when its code has run, whether coverage is measured or not."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
    folder = FIXTURES / "valid" / "multislice"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def is_allowed(module: str, table: dict[str, str]) -> bool:
    """Whether a table lists a module of ours."""
    package, _, inside = module.partition(".")
    listed = table.get(package)
    if listed is None:
        return False
    return listed == "*" or (inside or ".") in (listed.split() or ["."])


@pytest.mark.parametrize(
    ("arguments", "table", "foreign"),
    [(["build", "."], SMALL_BUILD, FOREIGN_OF_BUILD), (["--version"], VERSION, FOREIGN_OF_VERSION)],
    ids=["build", "version"],
)
class TestStart:
    def test_it_imports_nothing_of_ours_that_is_not_listed(self, arguments, table, foreign):
        ours = {name.partition(".")[2] for name in modules_after(RUN.format(arguments=arguments)) if is_ours(name)}
        new = sorted(name for name in ours if name and not is_allowed(name, table))
        assert not new, WHY.format(", ".join(new), arguments[0])

    def test_what_is_listed_is_imported(self, arguments, table, foreign):
        ours = {name.partition(".")[2] for name in modules_after(RUN.format(arguments=arguments)) if is_ours(name)}
        listed = {
            f"{room}.{each}".removesuffix("..") for room, names in table.items() for each in names.split() or ["."]
        }
        assert {name.removesuffix(".*") for name in listed} - ours == set()

    def test_it_imports_nothing_of_others_that_is_not_listed(self, arguments, table, foreign):
        names = {name.partition(".")[0] for name in modules_after(RUN.format(arguments=arguments)) if not is_ours(name)}
        modules = modules_after(f"import sys, {', '.join(foreign)}; print(*sys.modules, file=sys.stderr)")
        new = sorted(names - {name.partition(".")[0] for name in modules})
        assert not new, WHY.format(", ".join(new), arguments[0])


def is_ours(module: str) -> bool:
    return module.partition(".")[0] == "jobsetgen"


def test_the_page_of_a_code_needs_no_library_but_click_and_what_reads_yaml():
    code = "import sys; from jobsetgen.cli.rule import command; command(['JSG226'], standalone_mode=False); "
    code += "print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"jsonschema", "jinja2", "difflib"} & set(done.stderr.splitlines()[-1].split()) == set()


# In the cluster the watcher has no package around it, so its files name each other by relative names.
WATCHER = [module for module in MODULES if module.startswith("jobsetgen.runtime.watcher.")]


def test_imports_name_their_module_in_full():
    for module in MODULES.keys() - set(WATCHER):
        imported = [node for node in ast.walk(MODULES[module]) if isinstance(node, ast.ImportFrom)]
        assert [ast.unparse(node) for node in imported if node.level] == [], module


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
