"""Write the figures of README.md from docs/parity.json and docs/performance.md, and only those.

Run: python -m scripts.make_figures [--check]
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from scripts.generated import ROOT, run

Json = dict[str, Any]
PAGE = ROOT / "README.md"
FIGURES = ROOT / "docs" / "parity.json"
SPEED = ROOT / "docs" / "performance.md"
_BEGIN = (
    "<!-- The figures are made from docs/parity.json and docs/performance.md by: make docs -->\n"
)
_END = "<!-- End of the figures -->\n"

_EXPANSIONS = ("expansion of fixtures", "expansion of the corpus")
_KILLED = "a_watcher_that_is_killed_at_random_moments_counts_each_failure_once"
# The components that the figures are about, by their names in docs/parity.json.
_COMPONENTS = {
    "JobSet": "JobSet's controller and webhooks",
    "Kubernetes": "Kubernetes (API server, controllers, scheduler)",
    "Argo CD": "Argo CD",
    "Flux's kustomize-controller": "Flux's kustomize-controller",
}
# When all rows were measured, and when the small builds were, if they were measured again.
_BENCHED = re.compile(r"^Measured by `make bench` on ([\d-]+)(?: \([^)]* on ([\d-]+)\))?:", re.M)
# The rows of docs/performance.md that the README has, also where they are nothing to boast of.
_TIMED = (
    "4 Jobs against `kubectl kustomize` of the output",
    "1,000 Jobs against `kubectl kustomize` of the output",
    "10,000 Jobs",
)


def block(figures: Json, speed: str) -> str:
    """Return what stands between the two comments of the README."""
    rows = [*_compared(figures), *_survived(figures), *_restarted(figures), *_timed(speed)]
    lines = [("what", "result"), ("---", "---"), *rows]
    table = "".join(f"| {what} | {result} |\n" for what, result in lines)
    return f"\n{table}\n{_paragraph(_measured(figures['measured'], speed))}\n"


def _compared(figures: Json) -> Iterator[tuple[str, str]]:
    parts = [figures[part] for part in _EXPANSIONS]
    inputs, equal = (sum(part[key] for part in parts) for key in ("inputs", "equal"))
    yield (
        f"{inputs} JobSets: every field of every object, compared with what the controller creates",
        f"{equal} equal, except for the listed differences",
    )

    played = [figures["behaviour"]["named"], figures["behaviour"]["random"], figures["bursts"]]
    scenarios, events, agree = (
        sum(part[key] for part in played) for key in ("scenarios", "events", "agree")
    )
    yield (
        f"{scenarios:,} scenarios with {events:,} events: after each event the Jobs, counters and"
        " outcome, compared with the controller's",
        f"{agree:,} agree",
    )


def _survived(figures: Json) -> Iterator[tuple[str, str]]:
    kills = sum(figures["survival"][f"{_KILLED}-{jobs}"]["kills"] for jobs in ("git", "watcher"))
    yield f"the watcher, killed {kills} times at random moments", "each failure counted once"

    cases = figures["gitops"].values()
    held = sum(case["held"] for case in cases)
    yield f"{len(cases)} cases of restarts and pushes under Argo CD and Flux", f"{held} hold"


def _restarted(figures: Json) -> Iterator[tuple[str, str]]:
    for jobs in (100, 500):
        sides = figures[f"speed of {jobs:3} Jobs"]
        seconds = {side: f"{sides[side]['medians']['all_made']:.1f} s" for side in sides}
        yield (
            f"a restart of {jobs} Jobs, from the failure to the last new Job",
            f"{seconds['watcher']} with `jobs: watcher`, {seconds['git']} with `jobs: git`,"
            f" {seconds['controller']} with the controller",
        )


def _timed(speed: str) -> Iterator[tuple[str, str]]:
    measured = {}
    for line in speed.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4:
            measured[cells[0]] = cells[1]
    for what in _TIMED:
        yield f"`jobsetgen build` of {what}", measured[what]


def _measured(when: Json, speed: str) -> str:
    """Return when the figures were measured, with what, and by which commands."""
    versions = ", ".join(f"{name} {when['versions'][part]}" for name, part in _COMPONENTS.items())
    return (
        f"Measured by `make cluster-all` on {when['on']} with {versions}, on {when['cores']} cores"
        f" under Linux with Python {when['python']}; the last {len(_TIMED)} rows by `make bench` on"
        f" {_benched(speed)}."
    )


def _benched(speed: str) -> str:
    """Return when builds were measured: small ones may have been measured again on another day."""
    ((day, small_day),) = _BENCHED.findall(speed)
    return f"{day}, except for 4 Jobs, on {small_day}" if small_day else day


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 120, break_on_hyphens=False, break_long_words=False) + "\n"


def text() -> str:
    """Return the text of the README."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    made = block(json.loads(FIGURES.read_text(encoding="utf-8")), SPEED.read_text(encoding="utf-8"))
    return "".join([before, _BEGIN, made, _END, after])


def main() -> None:
    """Write the figures; with --check only compare them."""
    run(__doc__, lambda: {PAGE: text()})


if __name__ == "__main__":
    main()
