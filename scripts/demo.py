"""Compile an example as a user would: what is written, what will run, and what a change does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = (
    Path(__file__).resolve().parent.parent / "fixtures" / "valid" / "multislice" / "jobset.yaml"
)
COMMANDS = Path(sys.executable).parent
NEXT = """\
4. What to do next
  .venv/bin/jobsetgen init jax > jobset.yaml   a first set of your own
  README.md                                    whether it is for you, and how to install it
  docs/README.md                               every page, by what you want to do
"""


def run(folder: Path, command: str) -> None:
    """Show a command, run it in a folder, and show what it prints."""
    print(f"$ {command}", flush=True)
    path = f"{COMMANDS}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stderr=subprocess.STDOUT,
        check=True,
    )


def main() -> None:
    """Build the example, explain it, and review a change of one line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(EXAMPLE, folder)

        print("1. What is written: plain objects, for Git")
        run(folder, "jobsetgen build --namespace training -o rendered jobset.yaml")
        run(folder, "ls -C -w 110 rendered/multislice")

        print("\n2. What will run")
        run(folder, "jobsetgen explain --namespace training jobset.yaml")

        print("\n3. What a change of one line does to running training, for the review")
        run(folder, "sed 's/python:3.8/python:3.9/' jobset.yaml > changed.yaml")
        run(folder, "jobsetgen diff --namespace training jobset.yaml changed.yaml")

    print(f"\n{NEXT}", end="")


if __name__ == "__main__":
    main()
