"""What becomes of a set that runs when another release of jobsetgen renders it, and when the earlier one does again.

Each release runs as a program of its own, and a tool applies what it has rendered. The set and its spec stay the same.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.gitops_set import JOBS, PATIENCE, TEXT
from tests.cluster.harness.gitops_stories import ARGOCD, FLUX, tool_named
from tests.cluster.harness.gitops_tool import Tool
from tests.cluster.harness.kubectl import Kubectl
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.processes import until
from tests.cluster.harness.upgraded_set import UpgradedSet
from tests.cluster.harness.watcher_kubelet import WatcherKubelet, run_watcher_pods
from tests.cluster.oracles.attempt_ledger import attempt_ledger
from tests.compat.releases import Release, earlier_release, this_release

KUBECTL = "kubectl"
SLOW = JOBS[1]  # whose old pod takes its time to end
QUICK = [JOBS[0], JOBS[2]]
AT_ONCE = 8
QUIET = 4.0  # seconds in which a watcher that acts would have acted: it gets its news at once
UNKNOWN = "which this release of the watcher does not know; nothing is done"


class Stage(NamedTuple):
    """What a story is told with."""

    plane: ControlPlane
    tool: Tool
    jobs: str
    folder: Path
    earlier: Release
    this: Release

    @contextmanager
    def deliver_set(self, release: Release, *changes: tuple[str, str]) -> Iterator[tuple[UpgradedSet, WatcherKubelet]]:
        """Deliver the set as a release renders it, and let its watcher run.

        At the end no Job must have been made more than once for each attempt, and no pods of two attempts have met.
        """
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        it = UpgradedSet(self.plane, self.tool, self.jobs, folder, release, changed(TEXT, changes))
        it.deliver()
        try:
            with run_watcher_pods(it, folder) as nodes, attempt_ledger(it.client, it.name) as seen:
                it.wait_until_running()
                it.wait_until_synced()
                yield it, nodes
                attempts = it.counters()[0] + 1
            assert seen.wrong == []
            assert {name: len(uids) for name, uids in seen.attempts.items()} == dict.fromkeys(JOBS, attempts)
        finally:
            self.tool.abandon(it.id)


def a_new_release_amid_a_restart_replaces_nothing_of_the_new_attempt(stage: Stage) -> None:
    change_amid_a_restart(stage, stage.earlier, stage.this)


def the_earlier_release_amid_a_restart_replaces_nothing_of_the_new_attempt(stage: Stage) -> None:
    change_amid_a_restart(stage, stage.this, stage.earlier)


def change_amid_a_restart(stage: Stage, first: Release, then: Release) -> None:
    """Let another release take over amid a restart, and see the set restart once more and complete."""
    with stage.deliver_set(first) as (it, nodes):
        take_over_amid_a_restart(it, nodes, then)
        it.fail(JOBS[2])
        it.wait_until_running(attempt=2)
        it.wait_until_synced()
        assert it.counters() == (2, 2)
        it.complete()
        until(lambda: it.verdict() == "Complete", PATIENCE)
        assert it.state["terminal"]["type"] == "Completed"
        assert it.counters() == (2, 2)
        assert it.active() == []


def a_limit_of_restarts_that_one_release_has_begun_to_count_ends_the_set_under_another(stage: Stage) -> None:
    with stage.deliver_set(stage.earlier, ("maxRestarts: 3", "maxRestarts: 1")) as (it, nodes):
        take_over_amid_a_restart(it, nodes, stage.this)
        it.fail(JOBS[2])
        until(lambda: it.verdict() == "Failed", PATIENCE)
        assert it.state["terminal"]["reason"] == "ReachedMaxRestarts"
        assert it.counters() == (1, 1)
        until(lambda: not it.active() and not it.going(), PATIENCE)


def take_over_amid_a_restart(it: UpgradedSet, nodes: WatcherKubelet, release: Release) -> None:
    """Begin a restart, let another release take over, let the restart finish, and see what was made stay."""
    held = it.hold(SLOW)
    it.fail(JOBS[0])
    until(lambda: is_half_restarted(it), PATIENCE, pause=0.3)
    made = made_for(it, QUICK)
    change_release(it, nodes, release)
    assert is_half_restarted(it)
    assert made_for(it, QUICK) == made
    it.let_go(held)
    it.wait_until_running(attempt=1)
    it.wait_until_synced()
    assert made_for(it, QUICK) == made
    assert it.counters() == (1, 1)


def is_half_restarted(it: UpgradedSet) -> bool:
    """Whether one old Job is still being deleted, and each other one runs its next attempt."""
    jobs = it.jobs()
    is_slow_going = SLOW in jobs and "deletionTimestamp" in jobs[SLOW]["metadata"]
    return is_slow_going and sorted(it.jobs(attempt="1")) == QUICK and set(QUICK) <= set(it.ready())


def made_for(it: UpgradedSet, jobs: list[str]) -> dict[str, str]:
    """Return the UIDs of some Jobs and of their pods."""
    pods = [pod for job in jobs for pod in it.pods(job)]
    return {each["metadata"]["name"]: each["metadata"]["uid"] for each in [*map(it.jobs().get, jobs), *pods] if each}


def change_release(it: UpgradedSet, nodes: WatcherKubelet, release: Release) -> str:
    """Let another release render the set, and see its watcher run alone; return the UID of that watcher's Job."""
    before = it.watcher_job()["metadata"]["uid"]
    it.render(release)
    until(lambda: it.watcher_job()["metadata"]["uid"] not in ("", before), PATIENCE)
    uid = str(it.watcher_job()["metadata"]["uid"])
    until(lambda: it.watcher_of(uid, nodes) is not None, PATIENCE)
    return uid


def a_state_of_a_newer_format_stops_the_earlier_watcher_and_no_training(stage: Stage) -> None:
    with stage.deliver_set(stage.this) as (it, nodes):
        it.fail(JOBS[0])
        it.wait_until_running(attempt=1)
        message = f"the state has format {it.raise_format()}, {UNKNOWN}"
        own = it.watcher_job()["metadata"]["uid"]
        until(lambda: told(it, own) != [], PATIENCE)
        uid = change_release(it, nodes, stage.earlier)
        ended = len(nodes.statuses)
        until(lambda: 1 in nodes.statuses[ended:], PATIENCE)
        until(lambda: message in logged(it, uid, nodes), PATIENCE)
        until(lambda: told(it, uid) == [message], PATIENCE)
        assert_nothing_is_done_at_a_failure(it)
        it.clear_state()  # the way out that the documentation names
        it.wait_until_running(attempt=2)
        assert it.counters() == (2, 2)


def told(it: UpgradedSet, uid: str) -> list[str]:
    """Return what the events of a watcher's Job say of formats, each message once."""
    events = it.client.list("events", fields=f"reason=UnknownFormat,involvedObject.uid={uid}")
    return sorted({each["message"] for each in events})


def logged(it: UpgradedSet, uid: str, nodes: WatcherKubelet) -> str:
    """Return the end of the log of a watcher's Job."""
    process = it.watcher_of(uid, nodes)
    return process.last_lines() if process else ""


def assert_nothing_is_done_at_a_failure(it: UpgradedSet) -> None:
    """Let a Job fail, and see that for a while no Job, no other pod and nothing of the state changes."""
    state = content_of(it.stored_state())
    others = made_for(it, JOBS[:2])
    jobs = it.uids()
    it.fail(JOBS[2])
    until(lambda: has_failed(it, JOBS[2]), PATIENCE)
    end = time.monotonic() + QUIET
    while time.monotonic() < end:
        assert it.uids() == jobs
        assert it.going() == []
        assert made_for(it, JOBS[:2]) == others
        assert content_of(it.stored_state()) == state
        time.sleep(0.2)


def content_of(item: Json) -> tuple[Json, Json]:
    """Return what a ConfigMap holds."""
    return item["data"], item["binaryData"]


def has_failed(it: UpgradedSet, job: str) -> bool:
    """Whether a Job has failed."""
    conditions = it.jobs()[job]["status"].get("conditions") or ()
    return ("Failed", "True") in [(each["type"], each["status"]) for each in conditions]


MODES = [("git", ARGOCD), ("git", FLUX), ("watcher", ARGOCD)]
AMID_A_RESTART = [
    a_new_release_amid_a_restart_replaces_nothing_of_the_new_attempt,
    the_earlier_release_amid_a_restart_replaces_nothing_of_the_new_attempt,
]
# What the two releases do here rests on the plan and the state, which are the same under every tool.
BY_PLAN_AND_STATE = {
    a_limit_of_restarts_that_one_release_has_begun_to_count_ends_the_set_under_another: ("git", ARGOCD),
    a_state_of_a_newer_format_stops_the_earlier_watcher_and_no_training: ("watcher", ARGOCD),
}
ELSEWHERE = pytest.mark.full_only("the CI tier has this story with another tool or another owner of the Jobs")
CASES = [pytest.param(story, jobs, tool) for story in AMID_A_RESTART for jobs, tool in MODES]
CASES += [
    pytest.param(story, *mode, marks=() if mode == shown else ELSEWHERE)
    for story, shown in BY_PLAN_AND_STATE.items()
    for mode in MODES
]
CASES += [
    pytest.param(AMID_A_RESTART[0], "watcher", KUBECTL),
    pytest.param(AMID_A_RESTART[1], "watcher", KUBECTL, marks=ELSEWHERE),
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tools_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all stories that were asked for; what comes of each is in its test."""
    earlier = earlier_release(tmp_path_factory.mktemp("earlier") / "packages")

    def play(test: Any, folder: Path, _: Figures) -> None:
        stage = Stage(
            tools_plane, chosen(tools_plane, test.params["tool"]), test.params["jobs"], folder, earlier, this_release()
        )
        test.params["story"](stage)

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes


def chosen(plane: ControlPlane, name: str) -> Tool:
    """Return one of the tools, or kubectl in their place."""
    if name != KUBECTL:
        return tool_named(plane, name)
    if shutil.which("kubectl") is None:
        pytest.skip("there is no kubectl on the PATH")
    return Kubectl(plane)


@pytest.mark.parametrize(("story", "jobs", "tool"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_story(
    request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], story: object, jobs: str, tool: str
) -> None:
    outcomes[request.node.callspec.id].result()
