"""The two tiers: `make cluster-test` shows each mechanism once, in CI; `make cluster-all` runs everything.

A test of the full tier alone says why CI can do without it, by a marker:

    @pytest.mark.full_only("the same path as test_x, with another tool")
    pytest.param(..., marks=pytest.mark.full_only("..."))

A random or repeated test runs in both tiers, more often in the full one: the table of amounts below says how often.
JOBSETGEN_CLUSTER_FIGURES, the file that takes the figures of a run, chooses the full amounts. Pytest loads this module
as a plugin (see conftest.py), which refuses a marker without a reason and lists what a run has left out.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

MARKER = "full_only"
OTHER_OWNER = pytest.mark.full_only("the CI tier has this test with the other owner of the Jobs")
FIGURES_FILE = os.environ.get("JOBSETGEN_CLUSTER_FIGURES", "")
IS_FULL = bool(FIGURES_FILE)
# The file that takes the list of what was left out, for the last lines of .ci/run.
LEFT_OUT_FILE = os.environ.get("JOBSETGEN_CLUSTER_LEFT_OUT", "")


class Amount(NamedTuple):
    """How much of something each tier tries. A variable of the environment may ask for another number."""

    of: str
    ci: int
    full: int
    variable: str = ""

    @property
    def chosen(self) -> int:
        """Return the number for this run."""
        by_tier = self.full if IS_FULL else self.ci
        return int(os.environ.get(self.variable, by_tier))


AMOUNTS = {
    "SEEDS": Amount("random scenarios", 16, 1000),
    "BURSTS": Amount("random scenarios of Jobs that fail together", 8, 200, "BURSTS"),
    "SPECS": Amount("random JobSets offered to the API", 400, 6000),
    "KILLS": Amount("kills of a watcher at random moments", 10, 50),
    "FIXES": Amount("fixes pushed amid restarts, for each tool and mode", 1, 20),
    "TEARDOWNS": Amount("teardowns amid restarts, for each tool and mode", 1, 5),
    # 13 rounds for each act and mode are 52 for a moment.
    "RACES": Amount("races for each moment, act and mode", 1, 13, "RACES"),
    "BAD_NETWORKS": Amount("bad networks for each scenario and mode", 1, 3, "BAD_NETWORKS"),
    "SPEED_SIZES": Amount("sizes of sets whose restart is timed", 1, 3),
    "SPEED_ROUNDS": Amount("timed restarts of each size", 1, 5),
    "LARGE_JOBS": Amount("Jobs of a set with many replicatedJobs", 300, 10_000),
    "LARGE_TEMPLATES": Amount("Jobs of 200 KB each", 20, 100),
    "HOSTILE_REPOSITORIES": Amount("hostile repositories under the plugin", 7, 28),
}

SEEDS = AMOUNTS["SEEDS"].chosen
BURSTS = AMOUNTS["BURSTS"].chosen
SPECS = AMOUNTS["SPECS"].chosen
KILLS = AMOUNTS["KILLS"].chosen
FIXES = AMOUNTS["FIXES"].chosen
TEARDOWNS = AMOUNTS["TEARDOWNS"].chosen
RACES = AMOUNTS["RACES"].chosen
BAD_NETWORKS = AMOUNTS["BAD_NETWORKS"].chosen
SPEED_ROUNDS = AMOUNTS["SPEED_ROUNDS"].chosen
SPEED_JOBS = sorted((100, 10, 500)[: AMOUNTS["SPEED_SIZES"].chosen])
LARGE_JOBS = AMOUNTS["LARGE_JOBS"].chosen
LARGE_TEMPLATES = AMOUNTS["LARGE_TEMPLATES"].chosen
HOSTILE_REPOSITORIES = AMOUNTS["HOSTILE_REPOSITORIES"].chosen

_left_out = pytest.StashKey[list[pytest.Item]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Stop where a test is kept from CI without a reason; raises UsageError."""
    wrong = [item.nodeid for item in items for marker in item.iter_markers(MARKER) if not _is_reasoned(marker)]
    if wrong:
        raise pytest.UsageError(f"{MARKER} needs one reason, as a text: {', '.join(wrong)}")


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note the tests of the full tier that this run leaves out because of their marker."""
    for item in items:
        if _leaves_out(item.config) and item.get_closest_marker(MARKER):
            item.config.stash.setdefault(_left_out, list[pytest.Item]()).append(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the list for .ci/run before any test runs, so that it is there whatever becomes of them."""
    if LEFT_OUT_FILE and _leaves_out(session.config):
        lines = left_out(_noted(session.config))
        Path(LEFT_OUT_FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what a run of the CI tier has left out."""
    if _leaves_out(config):
        terminalreporter.section("left to the full tier")
        for line in left_out(_noted(config)):
            terminalreporter.write_line(line)


def _leaves_out(config: pytest.Config) -> bool:
    """Whether this run chooses its tests by their tier: a second try, or a single file, does not."""
    return MARKER in config.option.markexpr


def _noted(config: pytest.Config) -> list[pytest.Item]:
    """Return the tests that were left out, whether any was or none."""
    return config.stash.setdefault(_left_out, [])


def left_out(items: Sequence[pytest.Item]) -> list[str]:
    """Return lines that say how many tests were left out, for which reasons, and what was tried less often."""
    return [f"{len(items)} tests are left to `make cluster-all`:", *_by_reason(items), *_smaller_amounts()]


def _by_reason(items: Sequence[pytest.Item]) -> Iterator[str]:
    groups = Counter((item.path.stem, _reason(item)) for item in items)
    for (module, reason), count in sorted(groups.items(), key=lambda group: (group[0][0], -group[1], group[0][1])):
        yield f"{count:5} of {module}: {reason}"


def _smaller_amounts() -> Iterator[str]:
    smaller = [each for each in AMOUNTS.values() if each.chosen < each.full]
    if smaller:
        yield "less often than there:"
    for each in smaller:
        yield f"{each.chosen:5} of {each.full} {each.of}"


def _reason(item: pytest.Item) -> str:
    marker = item.get_closest_marker(MARKER)
    assert marker
    return str(marker.args[0])


def _is_reasoned(marker: pytest.Mark) -> bool:
    if len(marker.args) != 1 or marker.kwargs:
        return False
    (reason,) = marker.args
    return isinstance(reason, str) and bool(reason.strip())
