"""The table of consequences beside real components: a set runs, a change is applied, and what its row says happens.

The cluster is real, as are kubectl and the watcher; what Argo CD and Flux do is played (oracles/tool_applies.py). Each
row is tried with each owner of the Jobs and each update policy, under the first profile that it holds for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.diff import rows_of_jobs, rows_of_objects
from jobsetgen.diff.consequences import TABLE
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.row_sources import ROWS_TEST
from jobsetgen.diff.rows import Row
from tests.cluster.harness import kwok
from tests.cluster.harness.changed_set import ChangedSet, wait
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.watcher_kubelet import run_watcher_pods
from tests.cluster.oracles.row_claims import NEW_GENERATIONS, Change, assert_claim
from tests.diff_scenarios import Scenario, is_refused_watcher, scenario, suspended

AT_ONCE = 8
# The worst consequences, each shown once in the CI tier.
IN_CI = {
    (rows_of_objects.CLAIM_REMOVED, "deletes-data", Context("git", "Recreate", "any")),
    (rows_of_jobs.JOBS, "sync-fails", Context("git", "Recreate", "none")),
    (rows_of_jobs.REFUSED_JOBS, "refused-late", Context("git", "Recreate", "any")),
    (rows_of_jobs.JOBS, "recreates", Context("watcher", "Recreate", "any")),
    (rows_of_jobs.RUN, "runs-again", Context("git", "Recreate", "any")),
    (rows_of_jobs.JOBS, "at-next-restart", Context("watcher", "OnRestart", "any")),
}
ELSEWHERE = pytest.mark.full_only("the CI tier shows each of the worst consequences once")
# Rows about another set than one that runs: their sentences say what becomes of those, too.
OF_OTHER_STATES = {
    (rows_of_jobs.JOBS, "recreates"): ("finished", "suspended"),
    (rows_of_jobs.JOBS, "at-next-restart"): ("finished",),
    (rows_of_jobs.JOBS, "not-taken-up"): ("finished", "suspended"),
    (rows_of_jobs.RUN, "runs-again"): ("finished",),
}


class Case(NamedTuple):
    """A row in one of its contexts, and what its set is when the change is applied."""

    row: Row
    context: Context
    state: str = "running"

    @property
    def tool(self) -> str:
        """The profile whose tool applies the change: for `any` Argo CD, except where the sentence is about Flux."""
        is_about_flux = self.row.sentence.startswith("Flux ")
        return "flux" if is_about_flux else self.context.profile

    def scenario(self) -> Scenario:
        """Return the states of the repository."""
        made = scenario(self.row.trigger, self.context)
        return suspended(made) if self.state == "suspended" else made

    def __str__(self) -> str:
        return "-".join([self.row.trigger, self.row.id, *self.context, self.state])


def cases() -> Iterator[Case]:
    """Yield each row with each mode and policy, under its first profile and where kubectl does less."""
    for row in (each for each in TABLE if each.test == ROWS_TEST):
        firsts: dict[tuple[str, str], Context] = {}
        for context in row.contexts:
            firsts.setdefault((context.mode, context.policy), context)
        # kubectl refuses the watcher's Job where the generation changes, and the watcher that runs goes on.
        beside = [each for each in row.contexts if is_refused_watcher(each) and row.trigger in NEW_GENERATIONS]
        for context in dict.fromkeys([*firsts.values(), *beside]):
            for state in ("running", *OF_OTHER_STATES.get((row.trigger, row.id), ())):
                yield Case(row, context, state)


def is_in_ci(case: Case) -> bool:
    return case.state == "running" and (case.row.trigger, case.row.id, case.context) in IN_CI


CASES = [pytest.param(case, id=str(case), marks=() if is_in_ci(case) else ELSEWHERE) for case in cases()]
assert sum(map(is_in_ci, cases())) == len(IN_CI), "a row that the CI tier shows is not in the table"


@pytest.fixture(scope="module")
def rows_plane(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A cluster with nodes that have the accelerators of the scenarios."""
    begin = time.monotonic()
    with control_plane(tmp_path_factory.mktemp("rows_plane"), kwok=True, scheduler=True) as started:
        nodes = [f"node-{index}" for index in range(4)]
        kwok.add_nodes(started, *nodes, room={"google.com/tpu": "100000"})
        cluster_seconds["start rows_plane"] = time.monotonic() - begin
        yield started


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, rows_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all cases that were asked for; what comes of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        begin = time.monotonic()
        play_case(test.params["case"], rows_plane, folder)
        figures["seconds"] = time.monotonic() - begin

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes
    held = [each["held"] for each in played.account().values()]
    record_figures("consequences", {"cases": len(held), "held": sum(held), "on": f"{date.today()}"})


def play_case(case: Case, plane: ControlPlane, folder: Path) -> None:
    """Run the old state to where the case begins, apply the new one, and see what its row says."""
    it = ChangedSet(plane, case.scenario(), case.tool)
    try:
        it.apply_old()
        with run_watcher_pods(it, folder):  # type: ignore[arg-type]
            bring_to_state(it, case)
            before = it.snapshot()
            refused = it.apply_new()
            assert_claim(Change(it, case.row, case.context, case.state, before, refused))
    finally:
        it.forget()


def bring_to_state(it: ChangedSet, case: Case) -> None:
    """Let the set run, and restart once so that its counters are not at zero; let it finish if the case says so."""
    if not it.old_name:
        return
    is_suspended = case.state == "suspended" or case.row.trigger == rows_of_jobs.RESUMED
    wait(it.is_suspended if is_suspended else it.is_running, what="the old state runs")
    wait(lambda: bool(it.state()), what="the watcher's state")
    if is_suspended:
        return
    it.restart()
    assert it.counters() == (1, 1)
    if case.state == "finished":
        it.complete()


@pytest.mark.parametrize("case", CASES)
def test_a_row(request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], case: Case) -> None:
    outcomes[request.node.callspec.id].result()
