"""Locate the files that ship with the package: templates, schemas, the watcher's program."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """Return the path of a shipped file, such as `asset("schemas", "jobset.json")`.

    In a wheel, the folders are inside the package; in a checkout, next to it.
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / parts[0]).is_dir():
            return root.joinpath(*parts)
    raise FileNotFoundError(f"jobsetgen is installed without its {parts[0]}/ folder")


@functools.cache
def restart_watcher() -> Mapping[str, bytes]:
    """Return the contents of the restart-watcher's source files, by name."""
    files = sorted(asset("runtime", "watcher").glob("*.py"))
    return MappingProxyType({file.name: file.read_bytes() for file in files})
