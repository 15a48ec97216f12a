"""The inputs of a seed, in rounds: hypothesis makes those of a round, and makes the first that fails smaller."""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity

from tests.fuzz import case as case_file
from tests.fuzz import kubectl, running, stories
from tests.fuzz.case import Case
from tests.fuzz.oracles import Bench, FoundError, examine
from tests.fuzz.tally import Tally
from tests.fuzz.twin import Twin, folder_of_files

EXAMPLES = 200
"""The inputs of a round."""
SHRINKING_SECONDS = 60
"""The processor time in which a failing input is made smaller."""
_TWIN = 4242
"""The hash seed of the second process."""


class Failure(NamedTuple):
    """A finding with its smallest input."""

    key: str
    text: str
    case: Case


class Session:
    """Plays rounds, one after another, in one process."""

    def __init__(self, bench: Bench, beside: Path, last: Path | None = None) -> None:
        self.tally = Tally()
        self.failures: dict[str, Failure] = {}
        self._bench = bench
        self._beside = beside
        self._last = last
        self._outputs: list[str] = []
        self._examined: Case | None = None
        self._failed: Failure | None = None
        self._first_failed_at = 0.0
        self._reads_at_once = False

    def play(self, seed: str, examples: int = EXAMPLES) -> None:
        """Examine the inputs of a round. What fails is added to the failures."""
        start = time.process_time()
        self._play(seed, examples)
        try:
            is_read_alike = kubectl.is_read_alike(self._outputs, self._beside)
        except Exception as error:
            self._keep_own_mistake(error)
            is_read_alike = True
        if not is_read_alike:
            self._reads_at_once = True
            self._play(seed, examples)
            self._reads_at_once = False
        self._outputs.clear()
        self.tally.processor_seconds += time.process_time() - start

    def _play(self, seed: str, examples: int) -> None:
        inputs = hypothesis.given(stories.cases())(self._examine)
        settings = hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
        try:
            hypothesis.seed(number)(settings(inputs))()
        except (FoundError, hypothesis.errors.Flaky) as error:
            # Flaky: it was not made smaller to the end, or it depends on what is not part of the input.
            if self._failed is None:
                self._keep_own_mistake(error)
                return
            self.failures.setdefault(self._failed.key, self._failed)
            self._failed = None
        except Exception as error:
            # The fuzzer's own mistake ends this round, and not the hour, whose counts would be lost.
            self._keep_own_mistake(error)

    def _keep_own_mistake(self, error: Exception) -> None:
        self.tally.own_mistakes += 1
        key = f"the fuzzer: {type(error).__name__}"
        text = "".join(traceback.format_exception(error))
        self.failures.setdefault(key, Failure(key, text, self._examined or Case((), {})))

    def _examine(self, case: Case) -> None:
        """Examine an input; a finding of a known kind is none."""
        self._examined = case
        if self._last is not None:
            self._last.write_text(case_file.written(case), encoding="utf-8")
        try:
            found = examine(case, self._bench)
            output = found[0].out.decode() if found[0].command[0] == "build" and not found[0].status else ""
            if "kubectl" in case.checks and output and kubectl.PROGRAM:
                self._read(output)
        except FoundError as error:
            if error.key in self.failures or self._is_small_enough():
                return
            self._first_failed_at = self._first_failed_at if self._failed else time.process_time()
            self._failed = Failure(error.key, str(error), case)
            raise
        self.tally.count(case, found)

    def _is_small_enough(self) -> bool:
        """Whether a failing input was made smaller for as long as that is worth it."""
        return self._failed is not None and time.process_time() > self._first_failed_at + SHRINKING_SECONDS

    def _read(self, output: str) -> None:
        if self._reads_at_once:
            kubectl.refuse_other_readings(output, self._beside)
        self._outputs.append(output)


@contextmanager
def session(last: Path | None = None) -> Iterator[Session]:
    """Set up what a session needs, and take it down."""
    here = Path.cwd()
    twin = Twin(_TWIN)
    with tempfile.TemporaryDirectory(dir=folder_of_files()) as name:
        bench, beside = Path(name, "inputs"), Path(name, "beside")
        bench.mkdir()
        beside.mkdir()
        try:
            yield Session(Bench(bench, twin), beside, last)
        finally:
            os.chdir(here)
            twin.close()


def play(seed: int, number: int, end: float, last: Path) -> tuple[Tally, dict[str, Failure]]:
    """Play rounds in this process until a time, as the process of a number.

    `last` is a file that holds the input that is examined, as long as it is. Beside it is what was found so far, for
    when this process does not come to its end.
    """
    running.limit_memory()
    last = last.absolute()
    with session(last) as current:
        count = 0
        while time.monotonic() < end:
            current.play(f"{seed}/{number}/{count}")
            _keep(last, (current.tally, current.failures))
            count += 1
        last.unlink(missing_ok=True)
        _progress(last).unlink(missing_ok=True)
        return current.tally, current.failures


def kept(last: Path) -> tuple[Tally, dict[str, Failure]] | None:
    """Return what a process that was stopped had found after its last whole round, and forget it."""
    path = _progress(last)
    if not path.exists():
        return None
    found: tuple[Tally, dict[str, Failure]] = pickle.loads(path.read_bytes())
    path.unlink()
    return found


def _keep(last: Path, found: tuple[Tally, dict[str, Failure]]) -> None:
    beside = last.with_suffix(".new")
    beside.write_bytes(pickle.dumps(found))
    beside.replace(_progress(last))


def _progress(last: Path) -> Path:
    return last.with_suffix(".found")
