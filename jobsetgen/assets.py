"""Find the files that ship with the package: templates, schemas, and the watcher's program."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """Return the path of a shipped file, such as `asset("schemas", "jobset.json")`.

    A wheel carries the folders inside the package; in a checkout they lie beside it.
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / parts[0]).is_dir():
            return root.joinpath(*parts)
    raise FileNotFoundError(f"jobsetgen is installed without its {parts[0]}/ folder")


@functools.cache
def restart_watcher() -> Mapping[str, bytes]:
    """Return the files of the restart-watcher's package by name, byte for byte."""
    files = sorted(asset("runtime", "watcher").glob("*.py"))
    return MappingProxyType({file.name: file.read_bytes() for file in files})
