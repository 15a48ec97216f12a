"""What the script may be: one file, of the standard library alone, for old Pythons."""

from __future__ import annotations

import ast
import sys

from jobsetgen.assets import restart_watcher
from tests.cases import ROOT

SCRIPT = ROOT / "jobsetgen" / "runtime" / "restart_watcher.py"
TREE = ast.parse(SCRIPT.read_text(), feature_version=(3, 9))


def test_it_needs_nothing_but_the_standard_library():
    imported = [alias.name for node in ast.walk(TREE) if isinstance(node, ast.Import) for alias in node.names]
    imported += [node.module or "" for node in ast.walk(TREE) if isinstance(node, ast.ImportFrom)]
    assert imported
    assert [name for name in imported if name.split(".")[0] not in sys.stdlib_module_names] == []


def test_it_is_what_the_output_carries():
    assert restart_watcher() == SCRIPT.read_bytes()


def test_what_decides_does_no_input_or_output():
    (decision,) = [node for node in TREE.body if isinstance(node, ast.ClassDef) and node.name == "_Decision"]
    names = {node.id for node in ast.walk(decision) if isinstance(node, ast.Name)}
    assert names & {"open", "print", "os", "time", "random", "http", "ssl", "log", "Api", "Https", "threading"} == set()
