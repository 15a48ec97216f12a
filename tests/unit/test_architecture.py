"""The shape of the package: which room may import which, and through which modules."""

from __future__ import annotations

import ast
import graphlib
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cases import ROOT

# The rooms in their order: each imports only from those before it. A room is a module or a package; of a package the
# others import only what is named here, which is what the room promises them: `.` is the package itself, `*` all of it.
ROOMS: dict[str, str] = {
    "stop": "",
    "progress": "",
    "diagnostics": "",
    "upstream": "",
    "assets": "",
    "release": "",
    "words": "",
    "plain": "",
    "git": "",
    "kubernetes": "*",
    "source": "allowance codes documents embedded lists loader scalars templates text",
    "naming": "",
    "field_order": "",
    "re2": ".",
    "schema": ". codes mending",
    "options": "images project reading row schema table values watcher writing",
    "overlays": "assignments budget changed editing field_changes filling metadata metadata_codes objects old_names patch_codes patch_entries patch_error patches renaming unused_values value_codes values values_schema",
    "project": "addresses base_codes changed_files changing checks codes dependencies discovery domains file files folder_codes foreign git_objects given inputs kustomize_codes layer override_findings overriding reading replicas_codes revisions templates",
    "model": "codes core_objects duties jobset keys kin priorities reading sync_options template treatment unit",
    "target": "codes reading writing",
    "rules": "ignored input.duplicate_object registry rename_hints repeats run unmatched",
    "expand": "attempts expand jobs objects plan set_metadata watcher",
    "gitops": "",
    "arrange": "",
    "emit": "",
    "templating": "",
    "pipeline": "",
    "review": "code_list explain left_out on_terminal pages paint picture policies readme reporters source_lines sources sources_report summary terminal textdiff",
    "output": "folder git layout ownership places rendered stale transformers",
    "diff": "as_json as_markdown as_text changes comparison compiled consequences delivery folding overview prices scripts sides words",
    "frontends": "argocd.application argocd.discovery argocd.environment argocd.limits argocd.report krm.function",
    "cli": "program",
    # Runs in the cluster: it imports nothing of ours, and nothing of ours imports it.
    "runtime": "",
}
LAST = "cli"
# What reads and writes files, and asks the system; everything else is given what it needs.
AT_THE_EDGE = {
    *("assets", "cli", "git", "output", "release", "stop"),
    "overlays.child",
    *("project.discovery", "project.files", "project.git_objects", "project.kustomize"),
}
LONGEST = 350

ORDER = list(ROOMS)
PATHS = sorted((ROOT / "jobsetgen").rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a module's name within the package: `source.loader`, or `re2` for a package itself."""
    parts = path.relative_to(ROOT / "jobsetgen").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in PATHS if name_of(path)}


def room_of(module: str) -> str:
    return module.partition(".")[0]


@cache
def tree(path: Path) -> ast.Module:
    """Return a file of ours as Python reads it."""
    return ast.parse(path.read_text())


def imported(path: Path) -> set[str]:
    """Return the modules of ours that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "jobsetgen":
            found |= {_target(str(node.module), alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {_target(alias.name, "") for alias in node.names if alias.name.startswith("jobsetgen")}
    return found


def _target(module: str, name: str) -> str:
    """Return the module that `from MODULE import NAME` needs: a module of that name, or the one that has it."""
    inside = f"{module}.{name}".partition(".")[2]
    return inside if inside in MODULES else module.partition(".")[2]


class Import(NamedTuple):
    """One module that imports another."""

    module: str
    target: str


@cache
def imports() -> list[Import]:
    """Return every import of the package from itself."""
    return [Import(module, target) for module, path in MODULES.items() for target in sorted(imported(path))]


def between_rooms() -> list[Import]:
    return [each for each in imports() if room_of(each.module) != room_of(each.target)]


def is_promised(target: str) -> bool:
    """Whether a room lets others import one of its modules."""
    room, _, inside = target.partition(".")
    promised = ROOMS[room].split()
    return promised == ["*"] or (inside or ".") in (promised or ["."])


def test_every_room_stands_in_the_order():
    assert {room_of(module) for module in MODULES} == set(ROOMS)


def test_a_room_imports_only_from_those_before_it():
    assert [
        each for each in between_rooms() if ORDER.index(room_of(each.target)) > ORDER.index(room_of(each.module))
    ] == []


def test_a_room_is_entered_only_by_what_it_promises():
    assert [each for each in between_rooms() if not is_promised(each.target)] == []


def test_what_a_room_promises_is_used():
    used = {each.target for each in between_rooms()}
    promised = {f"{room}.{inside}".removesuffix("..") for room in ROOMS for inside in ROOMS[room].split()}
    # The entry point of the installed program.
    assert promised - used - {"kubernetes.*", "cli.program"} == set()


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: {each.target for each in imports() if each.module == module} for module in MODULES}
    list(graphlib.TopologicalSorter(graph).static_order())


def test_facts_about_kubernetes_need_nothing_of_ours_but_plain_helpers():
    needed = {room_of(each.target) for each in imports() if room_of(each.module) == "kubernetes"}
    assert needed == {"kubernetes", "plain", "words"}


def test_what_runs_in_the_cluster_stands_alone():
    assert [each for each in imports() if "runtime" in (room_of(each.module), room_of(each.target))] == []


def foreign(path: Path) -> set[str]:
    """Return the modules of others that a file imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.partition(".")[0]} - ({"pathlib"} if _is_pure(node) else set())
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
    return found


def _is_pure(node: ast.ImportFrom) -> bool:
    return {alias.name for alias in node.names} == {"PurePosixPath"}


OURS = [module for module in MODULES if room_of(module) not in (LAST, "runtime")]


def test_only_the_command_line_prints_exits_or_parses_arguments():
    for module in OURS:
        assert foreign(MODULES[module]) & {"click", "sys"} == set(), module
        assert called_in(module) & {"print", "exit", "quit", "input"} == set(), module


def test_one_module_prints():
    # The program's entry prepares the streams, and flushes them at the end.
    allowed = {"cli.printing", "cli.main", "cli.program"}
    streams = re.compile(r"\bsys\.(stdout|stderr)\b|\bclick\.echo\b|\bprint\(")
    outside = {
        each for each, path in MODULES.items() if room_of(each) != "runtime" and streams.search(path.read_text())
    }
    assert outside == allowed
    assert not re.search(r"\.write(lines)?\(", MODULES["cli.main"].read_text())


def called_in(module: str) -> set[str]:
    """Return the functions that a module calls by a plain name."""
    calls = (node.func for node in ast.walk(tree(MODULES[module])) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def test_only_the_edge_touches_files_and_the_system():
    for module in OURS:
        if not {module, room_of(module)} & AT_THE_EDGE:
            assert foreign(MODULES[module]) & {"os", "pathlib", "shutil", "subprocess", "tempfile"} == set(), module
            assert "open" not in called_in(module), module


def test_a_module_describes_itself_and_keeps_short():
    for module, path in MODULES.items():
        assert ast.get_docstring(tree(path)), module
        assert len(path.read_text().splitlines()) <= LONGEST, module


PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_page_lists_every_room_in_the_order():
    rows = PAGE.partition("## Modules")[2].partition("\n## ")[0].splitlines()
    assert [row.split("`")[1] for row in rows if row.startswith("| `")] == ORDER


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([a-z_]+/[\w./]*)`", PAGE))))
def test_the_files_that_the_page_names_are_there(named):
    candidates = [ROOT / named, ROOT / "jobsetgen" / named, ROOT / "jobsetgen" / f"{named}.py"]
    assert any(path.exists() for path in candidates)


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`((?:\w+\.)+\w+)`", PAGE))))
def test_the_functions_that_the_page_names_are_there(named):
    module, _, name = named.rpartition(".")
    assert re.search(rf"^(?:def|class) {name}\b", MODULES[module].read_text(encoding="utf-8"), re.M)
