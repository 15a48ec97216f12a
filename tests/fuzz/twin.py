"""A second process that runs commands under another hash seed, for as long as the first one lives."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from tests.fuzz import running
from tests.fuzz.case import Case
from tests.fuzz.running import Done


class Twin:
    """Another process. Closing it ends the process."""

    def __init__(self, seed: int) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.twin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    def run(self, case: Case) -> Sequence[Done]:
        """Run the commands of a case there."""
        assert self._process.stdin
        assert self._process.stdout
        _send(self._process.stdin, case)
        found: Sequence[Done] = pickle.load(self._process.stdout)
        return found

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _send(stream: IO[bytes], value: Any) -> None:
    pickle.dump(value, stream)
    stream.flush()


def _main() -> None:
    running.limit_memory()
    commands, answers = sys.stdin.buffer, sys.stdout.buffer
    with tempfile.TemporaryDirectory(dir=folder_of_files()) as name:
        while True:
            try:
                case: Case = pickle.load(commands)
            except EOFError:
                return
            with running.in_folder(Path(name), case):
                found = [running.run(command, case.stdin) for command in case.commands]
            _send(answers, found)


def folder_of_files() -> str | None:
    """Return where files are cheap: in memory, where there is such a folder."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


if __name__ == "__main__":
    _main()
