"""The installed program, run as a user runs it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("jobsetgen")
# Commits of tests depend on nobody's configuration.
IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "tests@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def run(*arguments: str, folder: Path, stdin: bytes | None = None, **variables: str):
    """Run jobsetgen in a folder, with some more environment variables."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARGOCD_")}
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        input=stdin,
        env={**environment, **variables},
        capture_output=True,
        check=False,
    )


def run_tool(command: list[str], folder: Path, **variables: str):
    """Run another program in a folder, with jobsetgen on its PATH."""
    # In a hook of git its variables name the repository that is committed to; no test may write there.
    own = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    environment = {**own, "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}", **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def make_environment(folder: Path) -> None:
    """Make a virtual environment with pip in it, in a tenth of the time that venv takes."""
    subprocess.run([sys.executable, "-m", "virtualenv", "--quiet", str(folder)], check=True)


def seconds_of_children() -> float:
    """Return the processor time of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
