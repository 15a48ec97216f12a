"""A watcher that is frozen at each moment of a restart while Argo CD heals, or syncs a push: hunted, not hoped for."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.harness.compiled_set import ATTEMPT, Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.gitops_set import JOBS, PATIENCE, GitOpsSet
from tests.cluster.harness.gitops_stories import ARGOCD, StoryContext, tool_named
from tests.cluster.harness.processes import until
from tests.cluster.harness.tiers import RACES
from tests.cluster.harness.watcher_kubelet import WatcherKubelet

AT_ONCE = 16
FROZEN, HEALED = 3.0, 60.0  # seconds, in which Argo CD syncs what was pushed, and puts back what it misses
ENDLESS = ("maxRestarts: 3", "maxRestarts: 1000")
MOMENTS = ("failure seen", "state written", "first delete", "half gone", "first create", "last create")
# What comes surely later. Jobs go and are made anew one by one: half may be gone when the first is there again.
LATER = {moment: {*MOMENTS[at + 1 :]} - {"half gone"} for at, moment in enumerate(MOMENTS)}
LATER["half gone"] = {"last create"}


class Restart:
    """What has happened of a restart, as watches tell it."""

    def __init__(self, it: GitOpsSet) -> None:
        self.before = set(it.uids().values())
        self.restarts = it.counters()[0]
        self.moments: set[str] = set()
        self._gone: set[str] = set()
        self._made: set[str] = set()

    def note_job(self, kind: str, job: Json) -> None:
        """Note what becomes of a Job."""
        meta, conditions = job["metadata"], (job.get("status") or {}).get("conditions") or ()
        is_old = meta["uid"] in self.before
        if is_old and any(each["type"] in ("FailureTarget", "Failed") for each in conditions):
            self.moments.add("failure seen")
        if is_old and ("deletionTimestamp" in meta or kind == "DELETED"):
            self.moments.add("first delete")
        (self._gone if kind == "DELETED" else set[str]() if is_old else self._made).add(meta["uid"])
        if len(self._gone) * 2 >= len(JOBS):
            self.moments.add("half gone")
        if self._made:
            self.moments.add("first create")
        if len(self._made) >= len(JOBS):
            self.moments.add("last create")

    def note_state(self, kind: str, state: Json) -> None:
        """Note what the watcher has written."""
        written = json.loads((state.get("data") or {}).get("state.json", "{}"))
        if written.get("restarts", 0) > self.restarts:
            self.moments.add("state written")

    def note_all(self, it: GitOpsSet) -> None:
        """Note what is there now, which watches may not have told yet."""
        jobs = {job["metadata"]["uid"]: job for job in it.jobs().values()}
        for uid in self.before - jobs.keys():
            self.note_job("DELETED", {"metadata": {"uid": uid}})
        for job in jobs.values():
            self.note_job("MODIFIED", job)
        if it.counters()[0] > self.restarts:
            self.moments.add("state written")


def freeze_at(moment: str, it: GitOpsSet, watcher: WatcherKubelet, happen: Callable[[], None]) -> bool:
    """Let something happen, and stop the watcher at a moment of what comes of it; return whether no later one came."""
    restart = Restart(it)
    note: Callable[[str, Json], None]
    if moment == "state written":
        news, note = it.client.watch("configmaps", fields=f"metadata.name={it.name}-restart-state"), restart.note_state
    else:
        labels = f"jobset.sigs.k8s.io/jobset-name={it.name}"
        news, note = it.client.watch("jobs", labels=labels), restart.note_job
    begin = threading.Timer(0.3, happen)
    begin.start()
    with closing(news):
        for kind, item in news:
            note(kind, item)
            if moment in restart.moments:
                break
    watcher.freeze()
    begin.join()
    assert moment in restart.moments, f"{moment} never came: {restart.moments}"
    restart.note_all(it)
    return not restart.moments & LATER[moment]


def it_heals(context: StoryContext, moment: str) -> None:
    """Freeze, let Argo CD heal, go on: the restart ends as it would have, and counts once."""
    with context.deliver_set(ENDLESS) as (it, watcher):
        for restart in range(1, RACES + 1):
            before = set(it.uids().values())
            count(context, "exact", freeze_at(moment, it, watcher, lambda: it.fail(context.chance.choice(JOBS))))
            time.sleep(FROZEN)
            with suppress(TimeoutError):
                until(lambda before=before: not misses(context, moment) or has_healed(it, before), HEALED)  # type: ignore[misc]
            count(context, "healed", has_healed(it, before))
            assert watcher.thaw()
            it.wait_until_running(attempt=restart)
            it.wait_until_synced()
            assert it.counters() == (restart, restart)
    context.figures["rounds"] = RACES
    if misses(context, moment):
        assert context.figures["healed"] * 2 > RACES, "Argo CD was to put back what had gone meanwhile"


def misses(context: StoryContext, moment: str) -> bool:
    """Whether Argo CD has something to put back: with the first delete sent, all Jobs go while nobody makes them."""
    return context.jobs == "git" and moment == "first delete"


def has_healed(it: GitOpsSet, before: set[str]) -> bool:
    """Whether Argo CD has put back a Job that was not there before: what a watcher makes has its attempt."""
    metas = [job["metadata"] for job in it.jobs().values()]
    return any(ATTEMPT not in meta["labels"] and meta["uid"] not in before for meta in metas)


def it_syncs_a_push(context: StoryContext, moment: str) -> None:
    """Freeze, let Argo CD sync another image, go on: that image alone runs, from zero."""
    with context.deliver_set(ENDLESS) as (it, watcher):
        for number in range(1, RACES + 1):
            before = set(it.uids().values())
            count(context, "exact", freeze_at(moment, it, watcher, lambda: it.fail(context.chance.choice(JOBS))))
            it.change((f':{number}"', f':{number + 1}"'))
            time.sleep(FROZEN)
            count(context, "woken", watcher.thaw())
            it.wait_until_running(tag=str(number + 1))
            it.wait_until_synced()
            until(lambda: it.counters() == (0, 0), PATIENCE)
            assert not before & set(it.uids().values())
    context.figures["rounds"] = RACES
    assert context.figures["woken"] == RACES, "each frozen watcher was to go on beside its successor"


def count(context: StoryContext, what: str, is_so: bool) -> None:
    """Count how often something was so."""
    context.figures[what] = context.figures.get(what, 0) + is_so


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tools_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all that were asked for; what comes of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        chance = random.Random(test.id)
        context = StoryContext(
            tools_plane, tool_named(tools_plane, ARGOCD), test.params["jobs"], folder, chance, figures
        )
        test.params["act"](context, test.params["moment"])

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes
    record_figures("races", played.account())


NOTHING_TO_HEAL = pytest.mark.full_only("Argo CD puts back no Job that the watcher owns; with `jobs: git` it does")
AS_IN_GIT = pytest.mark.full_only("test_gitops pushes amid restarts with `jobs: git`, at moments that are not chosen")
ACTS = [
    pytest.param(it_heals, "git"),
    pytest.param(it_heals, "watcher", marks=NOTHING_TO_HEAL),
    pytest.param(it_syncs_a_push, "git", marks=AS_IN_GIT),
    pytest.param(it_syncs_a_push, "watcher"),
]


@pytest.mark.parametrize(("act", "jobs"), ACTS, ids=lambda each: getattr(each, "__name__", each))
@pytest.mark.parametrize("moment", MOMENTS)
def test_race(
    request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], moment: str, act: object, jobs: str
) -> None:
    outcomes[request.node.callspec.id].result()
