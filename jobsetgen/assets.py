"""Find the files that ship with the package: templates, schemas, and the watcher's script."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset(*parts: str) -> Path:
    """Return the path of a shipped file, such as `asset("schemas", "jobset.json")`.

    A wheel carries the folders inside the package; in a checkout they lie beside it.
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / parts[0]).is_dir():
            return root.joinpath(*parts)
    raise FileNotFoundError(f"jobsetgen is installed without its {parts[0]}/ folder")


def restart_watcher() -> bytes:
    """Return the script of the restart-watcher, byte for byte."""
    return asset("runtime", "restart_watcher.py").read_bytes()
