"""Compile JobSets into plain Kubernetes objects.

`compile` compiles the contents of files, `compile_project` a folder with its jobsetgen.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jobsetgen.diagnostics import Diagnostic
    from jobsetgen.options.table import Settings
    from jobsetgen.pipeline import Compilation, compile, compile_project
    from jobsetgen.project.files import Disk, Memory
    from jobsetgen.source.text import Source
    from jobsetgen.stop import StopError

__all__ = [
    "Compilation",
    "Diagnostic",
    "Disk",
    "Memory",
    "Settings",
    "Source",
    "StopError",
    "compile",
    "compile_project",
]

_HOMES = {
    "Compilation": "jobsetgen.pipeline",
    "Diagnostic": "jobsetgen.diagnostics",
    "Disk": "jobsetgen.project.files",
    "Memory": "jobsetgen.project.files",
    "Settings": "jobsetgen.options.table",
    "Source": "jobsetgen.source.text",
    "StopError": "jobsetgen.stop",
    "compile": "jobsetgen.pipeline",
    "compile_project": "jobsetgen.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import public names on first use, so that `jobsetgen --help` starts fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'jobsetgen' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
