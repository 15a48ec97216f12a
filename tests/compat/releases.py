"""Releases as programs that render sets: an earlier one, from its wheel, and this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.cases import ROOT

WHEEL = Path(__file__).resolve().parent / "jobsetgen-0.1.0-292d20a-py3-none-any.whl"
# What would make a run depend on who runs it: Argo CD's build environment, and the coverage of this checkout.
_NOT_INHERITED = ("ARGOCD_", "COVERAGE_")


class Release(NamedTuple):
    """One release: its executable, and the folder that has its package."""

    program: Path
    packages: Path

    def run(self, *arguments: str, folder: Path) -> str:
        """Run a command in a folder and return what it prints."""
        environment = {name: text for name, text in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        environment["PYTHONPATH"] = str(self.packages)
        command = [sys.executable, str(self.program), *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def earlier_release(folder: Path) -> Release:
    """Install the wheel in a folder, without dependencies: those of this checkout are there."""
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
    subprocess.run([*install, "--no-deps", "--target", str(folder), str(WHEEL)], check=True, capture_output=True)
    return Release(folder / "bin" / "jobsetgen", folder)


def this_release() -> Release:
    """Return what is in this checkout."""
    return Release(Path(sys.executable).with_name("jobsetgen"), ROOT)
