"""What becomes of a set in the hands of the real Argo CD and the real Flux, which heal and prune, while it restarts."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.model import keys
from tests.cluster.harness.argocd import ArgoCD
from tests.cluster.harness.client import Client
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.flux import Flux
from tests.cluster.harness.gitops_set import IMAGE, JOBS, PATIENCE, QUIET, GitOpsSet
from tests.cluster.harness.gitops_stories import ARGOCD, FLUX, REFUSED, SERVER_SIDE, StoryContext, tool_named
from tests.cluster.harness.gitops_tool import Applied
from tests.cluster.harness.processes import until
from tests.cluster.harness.tiers import FIXES, TEARDOWNS
from tests.cluster.oracles.attempt_ledger import AttemptLedger, kept_by_watches

AT_ONCE = 16
TEARDOWN = 240.0  # seconds until a namespace or all that a tool has applied is gone
SUSPEND = ("spec:\n  failurePolicy", "spec:\n  suspend: true\n  failurePolicy")
RESUME = (SUSPEND[1], SUSPEND[0])


def restarts_are_counted_once_and_everything_stays_synced(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        with sampled(it) as said:
            for restart in (1, 2, 3):
                it.fail(JOBS[restart - 1])
                it.wait_until_running(attempt=restart)
                it.wait_until_synced()
                assert it.counters() == (restart, restart)
        if context.tool.name != "Flux":
            assert "Degraded" not in {each.health for each in said}
        if context.tool.name != "Flux" and context.jobs == "watcher":
            assert {(each.is_synced, each.health) for each in said} == {(True, "Progressing")}
        it.assert_nothing_changes()
        wait_for_health(it, "Progressing")
        it.complete()
        until(lambda: it.verdict() == "Complete", PATIENCE)
        wait_for_health(it, "Healthy")
        it.assert_nothing_changes()
        assert it.active() == []


@contextmanager
def sampled(it: GitOpsSet) -> Iterator[list[Applied]]:
    """Ask the tool five times a second what it says, for the length of a block."""
    said: list[Applied] = []
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.wait(0.2):
            said.append(it.applied)

    thread = threading.Thread(target=ask, name="sampled")
    thread.start()
    try:
        yield said
    finally:
        stopping.set()
        thread.join()


def a_set_that_has_failed_is_degraded_and_a_fix_of_one_job_runs_all_of_it(context: StoryContext) -> None:
    with context.deliver_set(("maxRestarts: 3", "maxRestarts: 0")) as (it, _):
        before = it.uids()
        it.fail(JOBS[2])
        until(lambda: it.verdict() == "Failed", PATIENCE)
        until(lambda: not it.active() and not it.going(), PATIENCE)
        wait_for_health(it, "Degraded")
        it.assert_nothing_changes()
        assert it.active() == []
        it.change(("parallelism: 2", "parallelism: 1"), ("completions: 2", "completions: 1"))
        it.wait_until_running()
        it.wait_until_synced()
        assert not set(before.values()) & set(it.uids().values())
        assert it.counters() == (0, 0)
        wait_for_health(it, "Progressing")


def a_new_image_replaces_every_job_and_begins_at_zero(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        it.fail()
        it.wait_until_running(attempt=1)
        before = it.uids()
        it.change((":1", ":2"))
        it.wait_until_running(tag="2")
        it.wait_until_synced()
        assert not set(before.values()) & set(it.uids().values())
        until(lambda: it.counters() == (0, 0), PATIENCE)  # the tool may be faster than a new watcher
        it.fail(JOBS[2])
        it.wait_until_running(attempt=1, tag="2")
        it.wait_until_synced()
        assert it.counters() == (1, 1)


def another_limit_of_restarts_touches_no_job(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        before = it.uids()
        it.change(("maxRestarts: 3", "maxRestarts: 1"))
        it.wait_until_synced()
        it.assert_nothing_changes()
        assert it.uids() == before
        it.fail()
        it.wait_until_running(attempt=1)
        it.fail()
        until(lambda: it.verdict() == "Failed", PATIENCE)
        assert it.state["terminal"]["reason"] == "ReachedMaxRestarts"


def a_changed_label_of_a_job_is_applied_in_place(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        before = it.uids()
        it.change(("team: speech", "team: vision"))
        it.wait_until_synced()
        it.assert_nothing_changes()
        assert it.uids() == before
        if context.jobs == "watcher":  # what the watcher makes gets it with the next attempt
            it.fail()
            it.wait_until_running(attempt=1)
        labels = it.jobs()[JOBS[0]]["metadata"]["labels"]
        assert (labels["team"], labels["is-new"]) == ("vision", "y")


def a_fix_amid_a_restart_ends_with_the_new_spec_alone(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        fix_amid_restarts(context, it)


def a_fix_amid_a_restart_under_blocking_recreate_lets_no_old_pod_meet_a_new_one(context: StoryContext) -> None:
    blocking = ("{maxRestarts: 3}", "{maxRestarts: 3, restartStrategy: BlockingRecreate}")
    with context.deliver_set(blocking) as (it, _), kept_by_watches(Running(it.client, it.name)) as seen:
        fix_amid_restarts(context, it)
    assert seen.wrong == []
    assert len(seen.seen) == FIXES + 1


def fix_amid_restarts(context: StoryContext, it: GitOpsSet) -> None:
    """Push another image at random moments of restarts, and see that it alone runs, from zero."""
    for number in range(1, FIXES + 1):
        before = it.uids()
        it.fail(context.chance.choice(JOBS))
        time.sleep(context.chance.uniform(0, 2.5))
        is_amid = not it.runs(tag=str(number)) and not it.runs(attempt=1, tag=str(number))
        context.figures["amid"] = context.figures.get("amid", 0) + is_amid
        it.change((f':{number}"', f':{number + 1}"'))
        it.wait_until_running(tag=str(number + 1))
        it.wait_until_synced()
        until(lambda: it.counters() == (0, 0), PATIENCE)
        assert not set(before.values()) & set(it.uids().values())
    context.figures["rounds"] = FIXES


def a_failure_after_a_blocked_sync_restarts_the_old_spec(context: StoryContext) -> None:
    with context.deliver_set(update_policy="Block") as (it, _):
        before = it.uids()
        it.change((":1", ":2"))
        wait_until_refused(it)
        assert it.uids() == before
        it.fail()
        it.wait_until_running(attempt=1)
        assert it.counters() == (1, 1)
        it.change((":2", ":1"))
        it.wait_until_synced()
        it.wait_until_running(attempt=1)
        assert it.counters() == (1, 1)


def a_template_that_the_api_refuses_costs_no_run_that_the_watcher_makes(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        it.change((":1", f":{REFUSED}"))
        if context.jobs == "watcher":
            until(lambda: "UpdateRefused" in reasons(it), PATIENCE)
            it.fail()
            it.wait_until_running(attempt=1)
        else:  # a known limit: with Force a tool deletes the Job first
            until(lambda: "denied request" in it.applied.error, PATIENCE)
            until(lambda: not it.runs(), PATIENCE)
        it.change((f":{REFUSED}", ":2"))
        it.wait_until_running(tag="2")
        it.wait_until_synced()
        until(lambda: it.counters() == (0, 0), PATIENCE)  # the tool may be faster than a new watcher


def a_template_that_the_api_refuses_costs_no_run_with_block(context: StoryContext) -> None:
    with context.deliver_set(update_policy="Block") as (it, _):
        before = it.uids()
        it.change((":1", f":{REFUSED}"))
        wait_until_refused(it)
        assert it.uids() == before
        it.fail()
        it.wait_until_running(attempt=1)
        assert it.counters() == (1, 1)


def wait_until_refused(it: GitOpsSet) -> None:
    """See that a new spec is not taken up: with `jobs: git` the tool's apply fails, else the watcher does not want it."""
    if it.settings.jobs == "git":
        until(lambda: "immutable" in it.applied.error or "denied request" in it.applied.error, PATIENCE)
    else:
        it.wait_until_synced()
    time.sleep(QUIET)


def reasons(it: GitOpsSet) -> set[str]:
    """Return the reasons of the watcher's events."""
    return {each["reason"] for each in it.client.list("events")}


def a_set_is_suspended_and_resumed_from_git(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        before = it.uids()
        it.change(SUSPEND)
        assert_stays_suspended(it)
        it.change(RESUME)
        it.wait_until_running()
        it.wait_until_synced()
        assert it.uids() == before
        assert it.counters() == (0, 0)


def a_failure_while_suspended_restarts_into_suspended_jobs(context: StoryContext) -> None:
    with context.deliver_set() as (it, watcher):
        watcher.freeze()  # so that it sees the failure later than the suspension
        it.fail()
        it.change(SUSPEND)
        it.wait_until_synced()
        watcher.thaw()
        until(lambda: it.counters() == (1, 1), PATIENCE)
        until(lambda: sorted(it.jobs(attempt="1")) == JOBS, PATIENCE)
        assert_stays_suspended(it)
        it.change(RESUME)
        it.wait_until_running(attempt=1)
        it.wait_until_synced()
        it.assert_nothing_changes()
        assert it.counters() == (1, 1)


def assert_stays_suspended(it: GitOpsSet) -> None:
    """See that every Job is there and suspended, and that this lasts."""
    until(lambda: sorted(it.jobs()) == JOBS and is_suspended(it), PATIENCE)
    it.wait_until_synced()
    it.assert_nothing_changes()
    assert is_suspended(it)


def is_suspended(it: GitOpsSet) -> bool:
    """Whether each Job is suspended, and no pod is left."""
    return all(job["spec"].get("suspend") for job in it.jobs().values()) and not it.active()


def an_emptied_repository_leaves_nothing_behind(context: StoryContext) -> None:
    for _ in range(TEARDOWNS):
        with context.deliver_set() as (it, _watcher):
            it.fail(context.chance.choice(JOBS))
            time.sleep(context.chance.uniform(0, 3))
            it.empty_repository()
            wait_until_nothing_is_left(it)
            time.sleep(QUIET)
            assert left(it) == []
    context.figures["rounds"] = TEARDOWNS


def a_deleted_namespace_leaves_nothing_behind(context: StoryContext) -> None:
    for _ in range(TEARDOWNS):
        with context.deliver_set() as (it, _watcher):
            it.fail(context.chance.choice(JOBS))
            time.sleep(context.chance.uniform(0, 3))
            it.client.delete("namespaces", it.namespace)
            until(lambda: it.client.find("namespaces", it.namespace) is None, TEARDOWN)
            time.sleep(QUIET)
            assert it.client.find("namespaces", it.namespace) is None
    context.figures["rounds"] = TEARDOWNS


def wait_until_nothing_is_left(it: GitOpsSet) -> None:
    """Wait until nothing is left."""
    try:
        until(lambda: left(it) == [], TEARDOWN)
    except TimeoutError:
        raise TimeoutError(f"left: {left(it)}; {it.applied}") from None


def left(it: GitOpsSet) -> list[str]:
    """Return what is left in the namespace of what was made for the set."""
    own = {"kube-root-ca.crt", "default"}
    kinds = ("jobs", "pods", "services", "configmaps", "serviceaccounts", "roles", "rolebindings")
    found = [(kind, each["metadata"]["name"]) for kind in kinds for each in it.client.list(kind)]
    return [f"{kind} {name}" for kind, name in found if name not in own]


def a_set_that_has_succeeded_beside_a_job_that_goes_is_not_run_again(context: StoryContext) -> None:
    any_driver = (
        "spec:\n  failure",
        "spec:\n  successPolicy: {operator: Any, targetReplicatedJobs: [driver]}\n  failure",
    )
    with context.deliver_set(any_driver) as (it, _):
        finish_beside_a_job_that_goes(it, lambda: it.complete(JOBS[0]), "Complete")


def a_set_that_has_failed_beside_a_job_that_goes_is_not_run_again(context: StoryContext) -> None:
    with context.deliver_set(("maxRestarts: 3", "maxRestarts: 0")) as (it, _):
        finish_beside_a_job_that_goes(it, lambda: it.fail(JOBS[0]), "Failed")


def finish_beside_a_job_that_goes(it: GitOpsSet, finish: Callable[[], None], verdict: str) -> None:
    """Delete a Job whose pod does not go, let the set end, let the pod go, and see that nothing runs ever again."""
    pod = it.hold(JOBS[1])
    it.client.delete("jobs", JOBS[1], propagation="Foreground")
    until(lambda: "deletionTimestamp" in it.jobs()[JOBS[1]]["metadata"])
    finish()
    until(lambda: it.terminal() != "", PATIENCE)
    time.sleep(2)
    it.let_go(pod)
    until(lambda: it.verdict() == verdict, PATIENCE)
    until(lambda: not it.active() and not it.going(), PATIENCE)
    it.assert_nothing_changes()
    assert it.active() == []


def what_is_deleted_by_hand_comes_back(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        it.client.delete("services", it.name)
        until(lambda: it.client.find("services", it.name) is not None, PATIENCE)
        before = it.uids()
        it.client.delete("jobs", JOBS[1], propagation="Foreground")
        until(lambda: it.uids().get(JOBS[1], before[JOBS[1]]) != before[JOBS[1]], PATIENCE)
        it.wait_until_running()
        it.wait_until_synced()
        assert it.counters() == (0, 0)


def replicas_that_are_taken_away_go(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        before = it.uids()
        it.change(("replicas: 2", "replicas: 1"))
        until(lambda: not set(before.values()) & set(it.uids().values()), PATIENCE)  # of whatever order they go in
        until(lambda: sorted(it.jobs()) == JOBS[:2] == it.ready(), PATIENCE)
        it.wait_until_synced()
        it.assert_nothing_changes()
        assert it.counters() == (0, 0)


def argo_cd_blocks_a_change_that_comes_with_block(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        before = it.uids()
        it.change((":1", ":2"), update_policy="Block")
        wait_until_refused(it)
        assert it.uids() == before


def flux_lets_a_change_pass_that_comes_with_block_and_blocks_the_next(context: StoryContext) -> None:
    with context.deliver_set() as (it, _):
        it.change((":1", ":2"), update_policy="Block")
        it.wait_until_running(tag="2")
        it.wait_until_synced()
        it.change((":2", ":3"))
        wait_until_refused(it)
        assert it.runs(tag="2")


def argo_cd_with_replace_replaces_every_job_at_a_sync(context: StoryContext) -> None:
    with context._replace(tool=ArgoCD(context.plane, options=["Replace=true"])).deliver_set() as (it, _):
        before = it.uids()
        it.change(("maxRestarts: 3", "maxRestarts: 2"))
        until(lambda: not set(before.values()) & set(it.uids().values()), PATIENCE)


def argo_cd_with_server_side_diff_does_not_begin_to_sync_a_changed_job(context: StoryContext) -> None:
    with context._replace(tool=ArgoCD(context.plane, comparison="ServerSideDiff=true")).deliver_set() as (it, _):
        before = it.uids()
        it.change((":1", ":2"))
        until(lambda: "immutable" in it.applied.error, PATIENCE)
        assert it.applied.revision != it.repository.revision
        assert it.uids() == before


def what_flux_changes_after_us_outlives_a_restart(context: StoryContext) -> None:
    changes = {
        "images": [{"name": IMAGE, "newTag": "9"}],
        "commonMetadata": {"labels": {"team": "speech"}},
        "postBuild": {"substitute": {"cluster": "east"}},
    }
    variable = (
        '{name: main, image: "registry',
        '{name: main, env: [{name: WHERE, value: "${cluster}"}], image: "registry',
    )
    with context._replace(tool=Flux(context.plane, **changes)).deliver_set(variable, tag="9") as (it, _):
        it.fail()
        it.wait_until_running(attempt=1, tag="9")
        it.wait_until_synced()
        it.assert_nothing_changes()
        for job in it.jobs().values():
            assert job["metadata"]["labels"]["team"] == "speech"
            (container,) = job["spec"]["template"]["spec"]["containers"]
            assert container["env"] == [{"name": "WHERE", "value": "east"}]


def flux_that_waits_is_ready_when_the_set_has_completed(context: StoryContext) -> None:
    waiting = context._replace(tool=Flux(context.plane, wait=True, timeout="2m"))
    with waiting.deliver_set(waits=True) as (it, _):
        it.fail()
        it.wait_until_running(attempt=1)
        assert it.applied.health == "Progressing"
        it.complete()
        until(lambda: it.applied.health == "Healthy", PATIENCE)


def flux_that_waits_is_not_ready_when_the_set_has_failed(context: StoryContext) -> None:
    waiting = context._replace(tool=Flux(context.plane, wait=True, timeout="2m"))
    with waiting.deliver_set(("maxRestarts: 3", "maxRestarts: 0"), waits=True) as (it, _):
        assert it.applied.health == "Progressing"
        it.fail()
        until(lambda: it.applied.health == "Degraded", PATIENCE)
        # By the watcher's Job, or by the Job that has failed, where Flux looks before the watcher has ended the set.
        assert any(f"{name} status: 'Failed'" in it.applied.error for name in ("restart-watcher", JOBS[1]))


class Running(AttemptLedger):
    """A ledger of the pods that have a node and have not ended: no two of different generations may meet, of any Job."""

    def __init__(self, client: Client, jobset: str) -> None:
        super().__init__(client, jobset)
        self.generations: dict[str, str] = {}  # of the pods that are there
        self.seen: set[str] = set()

    def note_pod(self, kind: str, pod: Json) -> None:
        """Note a pod that has a node: one that is held back by a gate is as good as not there."""
        if not pod["spec"].get("nodeName"):
            return
        has_ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
        super().note_pod("DELETED" if has_ended else kind, pod)
        name, generation = pod["metadata"]["name"], pod["metadata"]["annotations"][keys.GENERATION]
        self.generations.pop(name, None)
        if kind != "DELETED" and not has_ended:
            self.generations[name] = generation
        self.seen.add(generation)
        if len(set(self.generations.values())) > 1:
            self.wrong.append(f"pods of two generations are there together: {self.generations}")


def wait_for_health(it: GitOpsSet, expected: str) -> None:
    """See what the tool says of the application, where it says something while the set is not finished."""
    if it.tool.name != "Flux":
        until(lambda: it.applied.health == expected, PATIENCE)


Story = Callable[[StoryContext], None]
MODES, TOOLS = ("git", "watcher"), (ARGOCD, SERVER_SIDE, FLUX)
GIT_ARGOCD, GIT_SERVER_SIDE, GIT_FLUX = (("git", tool) for tool in TOOLS)
WATCHER_ARGOCD, WATCHER_SERVER_SIDE, WATCHER_FLUX = (("watcher", tool) for tool in TOOLS)
# Each story, and who makes the Jobs under which tool in the CI tier. Where Git holds the Jobs, the tools differ in how
# they apply and replace a Job: what rests on that is shown with each of them.
STORIES: dict[Story, tuple[tuple[str, str], ...]] = {
    restarts_are_counted_once_and_everything_stays_synced: (GIT_ARGOCD, GIT_SERVER_SIDE, GIT_FLUX, WATCHER_ARGOCD),
    a_set_that_has_failed_is_degraded_and_a_fix_of_one_job_runs_all_of_it: (GIT_SERVER_SIDE, WATCHER_ARGOCD),
    a_new_image_replaces_every_job_and_begins_at_zero: (GIT_ARGOCD, GIT_SERVER_SIDE, GIT_FLUX, WATCHER_FLUX),
    another_limit_of_restarts_touches_no_job: (WATCHER_FLUX,),
    a_changed_label_of_a_job_is_applied_in_place: (GIT_FLUX, WATCHER_SERVER_SIDE),
    a_fix_amid_a_restart_ends_with_the_new_spec_alone: (GIT_FLUX, GIT_ARGOCD),
    a_fix_amid_a_restart_under_blocking_recreate_lets_no_old_pod_meet_a_new_one: (GIT_ARGOCD, WATCHER_FLUX),
    a_failure_after_a_blocked_sync_restarts_the_old_spec: (GIT_FLUX, WATCHER_ARGOCD),
    a_template_that_the_api_refuses_costs_no_run_that_the_watcher_makes: (GIT_FLUX, WATCHER_SERVER_SIDE),
    a_template_that_the_api_refuses_costs_no_run_with_block: (GIT_FLUX,),
    a_set_is_suspended_and_resumed_from_git: (GIT_ARGOCD, WATCHER_FLUX),
    a_failure_while_suspended_restarts_into_suspended_jobs: (GIT_FLUX,),
    an_emptied_repository_leaves_nothing_behind: (GIT_ARGOCD, WATCHER_FLUX),
    a_deleted_namespace_leaves_nothing_behind: (WATCHER_ARGOCD,),
    a_set_that_has_succeeded_beside_a_job_that_goes_is_not_run_again: (GIT_ARGOCD,),
    a_set_that_has_failed_beside_a_job_that_goes_is_not_run_again: (WATCHER_FLUX,),
    what_is_deleted_by_hand_comes_back: (GIT_SERVER_SIDE, WATCHER_FLUX),
    replicas_that_are_taken_away_go: (GIT_FLUX, WATCHER_ARGOCD),
}


OF_ARGO_CD: list[Story] = [
    argo_cd_blocks_a_change_that_comes_with_block,
    argo_cd_with_replace_replaces_every_job_at_a_sync,
    argo_cd_with_server_side_diff_does_not_begin_to_sync_a_changed_job,
]


OF_FLUX: list[Story] = [
    what_flux_changes_after_us_outlives_a_restart,
    flux_that_waits_is_ready_when_the_set_has_completed,
    flux_that_waits_is_not_ready_when_the_set_has_failed,
    flux_lets_a_change_pass_that_comes_with_block_and_blocks_the_next,
]


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tools_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all stories that were asked for; what comes of each is in its test."""

    def play(test: Any, folder: Path, figures: Figures) -> None:
        chosen = tool_named(tools_plane, test.params["tool"])
        context = StoryContext(tools_plane, chosen, test.params["jobs"], folder, random.Random(test.id), figures)
        test.params["story"](context)

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes
    record_figures("gitops", played.account())


ELSEWHERE = pytest.mark.full_only("the CI tier has this story with another tool or another owner of the Jobs")
CASES = [
    pytest.param(story, jobs, tool, marks=() if (jobs, tool) in shown else ELSEWHERE)
    for story, shown in STORIES.items()
    for jobs in MODES
    for tool in TOOLS
]
CASES += [pytest.param(story, "git", ARGOCD) for story in OF_ARGO_CD]
CASES += [pytest.param(story, "git", FLUX) for story in OF_FLUX]


@pytest.mark.parametrize(("story", "jobs", "tool"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_story(
    request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], story: object, jobs: str, tool: str
) -> None:
    outcomes[request.node.callspec.id].result()
