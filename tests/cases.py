"""The fixtures, found by themselves: a folder is a case, its options stand in args.txt."""

from __future__ import annotations

import shlex
from pathlib import Path

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
