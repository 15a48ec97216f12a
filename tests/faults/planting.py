"""A process that has imported the watcher and its simulation once, and in a fork of it plants one fault at a time.

Each line of standard input is JSON: a test, and the index of a fault or null for none. Standard output gets what pytest
prints of that test, as JSON on one line.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from importlib import import_module
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest

import tests.conftest
import tests.simulation.bursts
import tests.simulation.training  # noqa: F401 what the tests import: in each fork it is there already
from tests.faults.faults import FAULTS, Fault

# Plain assertions and few plugins: only which test has failed is looked at.
OPTIONS = ("-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:syrupy", "-p", "no:xdist")


class Place(NamedTuple):
    """The function that a fault is planted in, and the text of its file with the fault."""

    function: FunctionType
    name: str
    text: str


def place(fault: Fault) -> Place:
    """Return where a fault is planted; what it replaces must stand there once, below the signature."""
    file, _, name = fault.function.partition(".")
    module = import_module(f"jobsetgen.runtime.watcher.{file}")
    text = inspect.getsource(module)
    lines = text.splitlines(keepends=True)
    node = _definition(ast.parse(text), name)
    start, end = node.body[0].lineno - 1, node.end_lineno
    body = "".join(lines[start:end])
    assert body.count(fault.right) == 1, body
    wrong = "".join([*lines[:start], body.replace(fault.right, fault.wrong), *lines[end:]])
    return Place(_function(module, name), name, wrong)


def _definition(tree: ast.AST, name: str) -> ast.FunctionDef:
    """Return the definition of a function, or of a method as `Class.method`."""
    node = tree
    for part in name.split("."):
        node = next(each for each in ast.iter_child_nodes(node) if getattr(each, "name", "") == part)
    assert isinstance(node, ast.FunctionDef)
    return node


def _function(module: Any, name: str) -> FunctionType:
    """Return a function as it is defined, below its decorators."""
    *owners, last = name.split(".")
    owner = module
    for part in owners:
        owner = getattr(owner, part)
    found = inspect.getattr_static(owner, last)
    found = getattr(found, "fget", None) or getattr(found, "__func__", found)
    function = inspect.unwrap(found)
    assert isinstance(function, FunctionType)
    return function


def plant(fault: Fault) -> None:
    """Replace the code of a function, for everything that has imported it."""
    function, name, text = place(fault)
    (code,) = (each for each in _codes(compile(text, "faulty", "exec")) if each.co_qualname == name)
    function.__code__ = code


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield what is compiled within some code, at every depth."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def tested(test: str, fault: Fault | None) -> str:
    """Return what pytest prints of a test that is run in a fork, with a fault planted there."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.dup2(writing, sys.stdout.fileno())
        os.dup2(writing, sys.stderr.fileno())
        os._exit(_run(test, fault))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as printed:
        text = printed.read()
    os.wait()
    return text


def _run(test: str, fault: Fault | None) -> int:
    """Run a test in this process, and return its status."""
    try:
        if fault:
            plant(fault)
        # A folder of its own: pytest would look for old ones among those of the processes beside it.
        with tempfile.TemporaryDirectory() as folder:
            return int(pytest.main([*OPTIONS, f"--basetemp={folder}/pytest", test]))
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def main() -> None:
    """Answer each line until there is no more."""
    for line in sys.stdin:
        test, index = json.loads(line)
        print(json.dumps(tested(test, None if index is None else FAULTS[index])), flush=True)


if __name__ == "__main__":
    main()
