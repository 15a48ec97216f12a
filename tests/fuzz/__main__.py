"""Compile random inputs on every core for some time, and say what was found: `make fuzz SECONDS=N SEED=S`."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fuzz import case, rounds
from tests.fuzz.rounds import Failure
from tests.fuzz.tally import Tally

FAILURES = Path("fuzz-failures")


def main() -> int:
    """Run, print the summary, and return the exit status: 1 if anything was found, or a process died."""
    options = _options()
    start = time.monotonic()
    # The same inputs are the same in every run.
    os.environ["PYTHONHASHSEED"] = "1"
    FAILURES.mkdir(exist_ok=True)
    results, is_whole = _played(options, start + options.seconds)
    tally = Tally()
    failures: dict[str, Failure] = {}
    for one, found in results:
        tally.add(one)
        failures.update(found)
    figures = {"seed": options.seed, "seconds": options.seconds, "processes": options.processes, **tally.figures()}
    _print_summary(figures)
    for failure in failures.values():
        _save(failure)
    if options.figures:
        measured = {"measured": datetime.now(UTC).date().isoformat(), **figures, "failures": sorted(failures)}
        Path(options.figures).write_text(json.dumps(measured, indent=2) + "\n")
    if not any(FAILURES.iterdir()):
        FAILURES.rmdir()
    return 1 if failures or not is_whole else 0


_Results = list[tuple[Tally, dict[str, Failure]]]


def _played(options: argparse.Namespace, end: float) -> tuple[_Results, bool]:
    """Return what each process has found, and whether all came to their end.

    One that dies, or is stopped, leaves the input that it examined last.
    """
    context = multiprocessing.get_context("spawn")
    paths = [FAILURES / f"last-{number}.yaml" for number in range(options.processes)]
    for path in paths:
        rounds.kept(path)  # of an earlier run
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    jobs: list[Future[tuple[Tally, dict[str, Failure]]]] = []
    pool = ProcessPoolExecutor(options.processes, mp_context=context)
    try:
        jobs = [pool.submit(rounds.play, options.seed, number, end, path) for number, path in enumerate(paths)]
        wait(jobs)
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.terminate()
            process.join()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    ended = [job for job in jobs if job.done() and not job.cancelled() and job.exception() is None]
    is_whole = len(ended) == len(paths)
    if not is_whole:
        print(f"{_reason(jobs)}; what was examined last is in {FAILURES}/last-*.yaml", file=sys.stderr)
    return [*(job.result() for job in ended), *filter(None, map(rounds.kept, paths))], is_whole


def _reason(jobs: Sequence[Future[Any]]) -> str:
    """Return why a process has not come to its end."""
    errors = [job.exception() for job in jobs if job.done() and not job.cancelled()]
    known = [error for error in errors if error is not None]
    if not known:
        return "stopped"
    if isinstance(known[0], BrokenProcessPool):
        return "a process died"
    return "".join(traceback.format_exception(known[0]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--figures", help="a JSON file to write the summary to")
    return parser.parse_args()


def _print_summary(figures: dict[str, Any]) -> None:
    for name, value in figures.items():
        print(f"{name}: {_shown(value)}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return ", ".join(value) or "none" if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _save(failure: Failure) -> None:
    """Print a failure, and save its input."""
    path = FAILURES / f"{failure.case.digest}.yaml"
    path.write_text(case.written(failure.case, failure.key), encoding="utf-8")
    print(f"\n--- {failure.key}\n{failure.text}\nInput: {path}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
