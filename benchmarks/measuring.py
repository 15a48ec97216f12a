"""What the parts of the benchmark share: the example, a process and what it took, a row of the report."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "fixtures" / "valid" / "multislice" / "jobset.yaml"
FLAGS = ("--namespace", "training", "--max-jobs", "200000")
# An installed program has its byte code beside it; a machine that forbids that would measure the compiler of Python.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


class Cost(NamedTuple):
    """What a process took: wall-clock seconds, its peak of memory in MB, and seconds of the processor."""

    seconds: float
    megabytes: float
    processor: float


class Row(NamedTuple):
    """A figure with its target, for the report."""

    what: str
    figure: str
    target: str
    met: bool | None


def cost(
    command: Sequence[str | Path],
    folder: Path,
    output: Path | None = None,
    *,
    source: Path | None = None,
    statuses: Sequence[int] = (0,),
) -> Cost:
    """Run a process to its end and return what it took. It may end with one of several statuses."""
    with open(output or os.devnull, "wb") as stdout, open(source or os.devnull, "rb") as stdin:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def median(command: Sequence[str | Path], folder: Path, times: int) -> float:
    """Return the median of the wall-clock seconds of several runs; where several, after one that warms the caches."""
    if times > 1:
        cost(command, folder)
    return statistics.median(cost(command, folder).seconds for _ in range(times))


def processor_by_turns(
    commands: Sequence[Sequence[str | Path]], folder: Path, times: int
) -> list[float]:
    """Return the median of the seconds of the processor that each of several commands takes.

    They run by turns, so that whatever else the machine does meets all of them.
    """
    for command in commands:
        cost(command, folder)
    rounds = [[cost(command, folder).processor for command in commands] for _ in range(times)]
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def example(folder: Path, jobs: int) -> Path:
    """Write the example with so many Jobs."""
    path = folder / f"{jobs}.yaml"
    path.write_text(re.sub(r"replicas: 4\b", f"replicas: {jobs}", EXAMPLE.read_text()))
    return path
