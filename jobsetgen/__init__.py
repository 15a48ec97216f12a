"""Compile JobSets into plain Kubernetes objects: `compile` is the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobsetgen.diagnostics import Diagnostic
    from jobsetgen.options.table import Settings
    from jobsetgen.pipeline import Compilation, compile
    from jobsetgen.source.text import Source

__all__ = ["Compilation", "Diagnostic", "Settings", "Source", "compile"]

_HOMES = {
    "Compilation": "jobsetgen.pipeline",
    "Diagnostic": "jobsetgen.diagnostics",
    "Settings": "jobsetgen.options.table",
    "Source": "jobsetgen.source.text",
    "compile": "jobsetgen.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import the public names on their first use, so that `jobsetgen --help` need not wait for them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'jobsetgen' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
