"""Play lives of sets in bad weather; write docs/faults.json and the page docs/faults.md.

Run: python -m scripts.play_faults SEEDS, or --page to write only the page
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from scripts.generated import ROOT

Json = dict[str, Any]
FIGURES = ROOT / "docs" / "faults.json"
PAGE = ROOT / "docs" / "faults.md"
_AT_ONCE = 25  # seeds that a process plays before it reports
_INTRODUCTION = """# Faults in the simulation

`make faults` plays random lives of sets in a simulated cluster with the watcher's own code. In each life, 12 things
happen that count: a Job fails or completes, Git suspends the set or starts a new run, the state or the plan is deleted.
Meanwhile about 100 faults strike. An independent model of the JobSet controller predicts the restarts, the counted
restarts, the restarts of single Jobs and the outcome. After each event, they must be the same. At all times:

- all containers of a Job start with the same attempt, and none with an older one than another that has started;
- under BlockingRecreate no Job of a new attempt runs beside one of an older attempt;
- each delete and each patch names the UID that it means, and each write of the state the version that it replaces;
- no Job is created for an attempt, or deleted, before the state that says so is written;
- counters never fall, and an outcome never changes.

`make test` plays the first 1,000 seeds.
"""


class Played(NamedTuple):
    """What came of some lives."""

    struck: Counter[str]
    requests: int
    wrong: list[str]
    seconds: float  # of processor time


def play(seeds: range) -> Played:
    """Play the lives of some seeds."""
    from tests.simulation.faulty_lives import FaultyLife

    struck: Counter[str] = Counter()
    wrong: list[str] = []
    requests = 0
    begun = time.process_time()
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        for seed in seeds:
            life = FaultyLife(seed)
            try:
                life.live()
            except Exception as error:
                wrong.append(f"seed {seed}: {error!r}")
            struck.update(life.weather.struck)
            requests += len(life.training.cluster.requests)
    return Played(struck, requests, wrong, time.process_time() - begun)


def play_all(seeds: int) -> Json:
    """Play lives on every core; return the figures."""
    parts = [range(first, min(first + _AT_ONCE, seeds)) for first in range(0, seeds, _AT_ONCE)]
    struck: Counter[str] = Counter()
    wrong: list[str] = []
    requests, seconds = 0, 0.0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for part in pool.map(play, parts):
            struck += part.struck
            requests += part.requests
            wrong += part.wrong
            seconds += part.seconds
    return {
        "measured": {
            "on": datetime.now(UTC).date().isoformat(),
            "processor seconds": round(seconds),
        },
        "seeds": seeds,
        "requests": requests,
        "wrong": wrong,
        "faults": dict(sorted(struck.items())),
    }


def page(figures: Json) -> str:
    """Return the page."""
    return f"{_INTRODUCTION}\n{''.join(_summary(figures))}\n{''.join(_table(figures['faults']))}"


def _summary(figures: Json) -> Iterator[str]:
    faults, measured = sum(figures["faults"].values()), figures["measured"]
    wrong = (
        f"{len(figures['wrong']):,} differ"
        if figures["wrong"]
        else "every life agrees with the model"
    )
    yield f"Played on {measured['on']}: {figures['seeds']:,} seeds, {figures['requests']:,} requests,\n"
    yield f"{faults:,} faults, in {measured['processor seconds']:,} s of processor time; {wrong}.\n"


def _table(faults: dict[str, int]) -> Iterator[str]:
    yield "| fault | times |\n| --- | ---: |\n"
    for kind, times in faults.items():
        yield f"| {kind} | {times:,} |\n"


def read(path: Path) -> Json:
    """Return figures."""
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def main(arguments: list[str]) -> int:
    """Play, write, and print what went wrong."""
    if arguments != ["--page"]:
        figures = play_all(int(arguments[0]))
        FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    figures = read(FIGURES)
    PAGE.write_text(page(figures), encoding="utf-8")
    print(*_summary(figures), sep="", end="")
    print(*figures["wrong"], sep="\n", end="")
    return 1 if figures["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
