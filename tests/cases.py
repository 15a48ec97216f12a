"""The fixtures, found by themselves: a folder is a case, its options stand in args.txt."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

from jobsetgen.assets import restart_watcher
from jobsetgen.cli.build import command
from jobsetgen.cli.main import jobsetgen
from jobsetgen.naming import script_digest
from jobsetgen.source.loader import load

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"


def cases(kind: str) -> list[Path]:
    """Return the folders of the valid or the invalid cases, by name."""
    return sorted(path for path in (FIXTURES / kind).iterdir() if path.is_dir())


VALID = cases("valid")
INVALID = cases("invalid")


def arguments(case: Path) -> list[str]:
    """Return the options that a case is compiled with."""
    options = case / "args.txt"
    return shlex.split(options.read_text()) if options.exists() else []


def yaml(path: str) -> Any:
    """Return the first document of a file of this repository."""
    loaded = load(path, (ROOT / path).read_bytes())
    assert loaded.diagnostics == []
    return loaded.documents[0].data


def parsed(*words: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return the paths and the flags of a `build` command line, as its function gets them."""
    # A command keeps the first help option that it was asked for: it is asked as the program asks it.
    flags = command.make_context("build", list(words), **jobsetgen.context_settings).params
    of_the_command = ("paths", "output", "target", "preview", "each", "fail_on_change")
    return flags["paths"], {name: flags[name] for name in flags if name not in of_the_command}


_FILES = re.compile(r"^( +)__init__\.py: \|\n(?:\1 .*\n|\n|\1\w+\.py: \|\n)*", re.M)
_ITEMS = re.compile(r"^( +)- key: __init__\.py\n(?:\1[- ] (?:key|path): .*\n)*", re.M)


def without_script(text: str) -> str:
    """Return output with one line for the watcher's files and ten x for their digest, which change with every edit."""
    digest = re.escape(script_digest(restart_watcher()))
    text = _FILES.sub(r"\1__init__.py: the files of the restart-watcher\n", text)
    text = _ITEMS.sub(r"\1- key: __init__.py\n\1  path: watcher/each of the files\n", text)
    return re.sub(rf'"{digest}"|{digest}', "x" * 10, text)


_VERSION = re.compile(r'^( {10}"version": )".*"', re.M)
_ADDRESS = re.compile(r'^ +"(?:informationUri|helpUri)": .*\n', re.M)


def without_release(sarif: str) -> str:
    """Return a SARIF log without what it says of the release that is installed."""
    return _ADDRESS.sub("", _VERSION.sub(r'\1"of the release"', sarif))
