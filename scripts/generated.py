"""Write the files that are made from code and measurements, or tell which are out of date.

A script that makes such files ends with: run(__doc__, and the files by path).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(
    description: str | None,
    make_files: Callable[[], Mapping[Path, str]],
    existing: Iterable[Path] = (),
) -> None:
    """Write files and remove those of `existing` that are not made; with --check only compare.

    Exits with 1 and names each file that differs, if --check is on the command line.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a file differs"
    )
    check = parser.parse_args().check

    files = make_files()
    changed = [path for path, text in files.items() if _text_of(path) != text]
    gone = sorted(set(existing) - set(files))
    if check and (changed or gone):
        names = ", ".join(str(path.relative_to(ROOT)) for path in [*changed, *gone])
        sys.exit(f"out of date; regenerate with: make docs: {names}")

    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    for path in gone:
        path.unlink()


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
