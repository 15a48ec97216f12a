"""What `jobsetgen diff` foretells of a change, and what the real Argo CD and the real Flux then do to a running set.

Each consequence has at least one story, told once with each tool. The diff judges the change that is pushed; what came
of it is read from the API server and from what the tool says.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobsetgen.options.watcher import Watcher
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures, play_concurrently
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.gitops_set import JOBS, PATIENCE, QUIET, TEXT, GitOpsSet
from tests.cluster.harness.gitops_stories import ARGOCD, FLUX, StoryContext, tool_named
from tests.cluster.harness.processes import until
from tests.cluster.harness.reviewed_set import Push, ReviewedSet, Seen, delivered
from tests.cluster.oracles.cluster_changes import CLAIM, JOB, WATCHER

AT_ONCE = 16
IMAGE = (":1", ":2")
SUSPEND = ("spec:\n  failurePolicy", "spec:\n  suspend: true\n  failurePolicy")
RESUME = (SUSPEND[1], SUSPEND[0])
CLAIMS = """spec:
  volumeClaimPolicies:
  - retentionPolicy: {{whenDeleted: {retention}}}
    templates:
    - metadata: {{name: ckpt}}
      spec: {{storageClassName: {volumes}, accessModes: [ReadWriteMany], resources: {{requests: {{storage: 2Gi}}}}}}
  failurePolicy"""
MOUNTED = (':1"}', ':1", volumeMounts: [{name: ckpt, mountPath: /ckpt}]}')
OTHER = "---" + TEXT.replace("name: train}", "name: other}")
OTHERS = ["other-driver-0", "other-workers-0", "other-workers-1"]


Delivered = AbstractContextManager[ReviewedSet]


class Review(NamedTuple):
    """What a story is told with: the tool and the cluster, and where it writes down what it has seen."""

    context: StoryContext
    change: str
    seen: list[Seen]

    def deliver(self, *changes: tuple[str, str], jobs: str = "git", **settings: Any) -> Delivered:
        """Let the tool apply a set for the length of a block; by default the tool owns its Jobs."""
        return delivered(self.context._replace(jobs=jobs), self.change, self.seen, *changes, **settings)

    @property
    def tool_is_flux(self) -> bool:
        """Whether the tool is Flux."""
        return self.context.tool.name == "Flux"

    def with_claim(self, retention: str = "Delete") -> tuple[tuple[str, str], tuple[str, str]]:
        """Create a volume, and return the changes that let the set claim it."""
        name = self.context.folder.name.replace("_", "-")
        self.context.plane.client.create(volume(name))
        return (SUSPEND[0], CLAIMS.format(retention=retention, volumes=name)), MOUNTED


def volume(name: str) -> Json:
    """Return a volume for the claims of its own class, which is deleted with its claim."""
    spec = {
        "storageClassName": name,
        "capacity": {"storage": "2Gi"},
        "accessModes": ["ReadWriteMany"],
        "persistentVolumeReclaimPolicy": "Delete",
        "hostPath": {"path": f"/tmp/jobsetgen-{name}"},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}


# --- The worst -------------------------------------------------------------------------------------
def a_claim_is_removed(review: Review) -> None:
    claim = review.with_claim()
    with review.deliver(*claim) as it, it.push("deletes-data", *undone(claim), beside="recreates") as push:
        wait_until_replaced(it.it, push)
        until(lambda: push.fates(CLAIM) == {"deleted"}, PATIENCE, what="the claim goes")
        volumes = review.context.plane.client
        name = claim[0][1].partition("storageClassName: ")[2].partition(",")[0]
        until(lambda: is_lost(volumes.find("persistentvolumes", name)), PATIENCE, what="the volume is lost")
        push.note("its volume too" if volumes.find("persistentvolumes", name) is None else "its volume released")


def undone(changes: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return the changes that undo some changes."""
    return [(after, before) for before, after in changes]


def is_lost(item: Json | None) -> bool:
    """Whether a volume is gone, or no claim can have its data."""
    return item is None or item["status"]["phase"] in ("Released", "Failed")


def an_image_changes_under_block(review: Review) -> None:
    with review.deliver(update_policy="Block") as it, it.push("sync-fails", IMAGE) as push:
        assert_refused(it.it, push, "immutable")
        assert it.it.runs(tag="1")


def an_image_changes_as_block_comes(review: Review) -> None:
    """Flux reads the annotation of the live Job, which still lets it be replaced."""
    with review.deliver() as it:
        if review.tool_is_flux:
            with it.push("recreates", IMAGE, update_policy="Block") as push:
                wait_until_replaced(it.it, push, tag="2")
        else:
            with it.push("sync-fails", IMAGE, update_policy="Block") as push:
                assert_refused(it.it, push, "immutable")


def a_claim_shrinks(review: Review) -> None:
    claim = review.with_claim()
    with review.deliver(*claim) as it, it.push("sync-fails", ("storage: 2Gi", "storage: 1Gi")) as push:
        assert_refused(it.it, push, "Forbidden", "forbidden", "immutable")
        assert push.fates(CLAIM) == {"kept"}


def a_watcher_changes_under_block(review: Review) -> None:
    with review.deliver(update_policy="Block") as it:
        if review.tool_is_flux:
            with it.push("sync-fails", watcher=Watcher(log_level="debug")) as push:
                assert_refused(it.it, push, "immutable")
                assert push.fates(WATCHER) == {"kept"}
        else:
            with it.push("watcher-only", watcher=Watcher(log_level="debug")) as push:
                assert_only_watcher_is_replaced(it.it, push)


def assert_refused(it: GitOpsSet, push: Push, *reasons: str) -> None:
    """See that the tool's apply fails for one of some reasons, and that every Job goes on as it was."""
    until(lambda: any(each in it.applied.error for each in reasons), PATIENCE, what=f"an error: {it.applied}")
    time.sleep(QUIET)
    assert push.fates(JOB) == {"kept"}
    assert not it.is_synced()


def rendered_jobs_become_invalid(review: Review) -> None:
    """Each Job is deleted, and the watcher creates it again from its plan, which nobody edited."""
    with review.deliver() as it:
        with it.push_edited("refused-late", with_invalid_jobs) as push:
            until(lambda: "valid values" in it.it.applied.error, PATIENCE, what="the tool's error")
            until(lambda: push.fates(JOB) <= {"deleted", "replaced"}, PATIENCE, what="no old Job is left")
            if review.tool_is_flux:
                wait_until_deleted_twice(it.it, push)
                push.note("one of them again and again")
            else:
                it.it.wait_until_running()
                push.note("by the watcher, with the old spec")
        it.it.change(IMAGE)
        it.it.wait_until_running(tag="2")
        it.it.wait_until_synced()


def wait_until_deleted_twice(it: GitOpsSet, push: Push) -> None:
    """See a Job that was created again deleted as well."""
    uids = {name: {known.uid} for (role, name), known in push.before.items() if role == JOB}

    def is_deleted_twice() -> bool:
        for name, uid in it.uids().items():
            uids[name].add(uid)
        return max(map(len, uids.values())) > 2

    until(is_deleted_twice, PATIENCE, what="a Job is deleted twice")


def with_invalid_jobs(name: str, text: str) -> str:
    """Edit the training Jobs so that the API server refuses them: a Job's pods are not restarted for ever."""
    is_training = name.startswith("job.") and "watcher" not in name
    return text.replace("restartPolicy: OnFailure", "restartPolicy: Always") if is_training else text


# --- What replaces or suspends Jobs ----------------------------------------------------------------
def an_image_changes(review: Review) -> None:
    with review.deliver() as it:
        restart(it.it)
        with it.push("recreates", IMAGE) as push:
            wait_until_replaced(it.it, push, tag="2")
            assert it.it.counters() == (0, 0)


def an_image_changes_of_a_watchers_jobs(review: Review) -> None:
    with review.deliver(jobs="watcher") as it:
        restart(it.it)
        with it.push("recreates", IMAGE) as push:
            wait_until_replaced(it.it, push, tag="2")
            assert it.it.counters() == (0, 0)


def a_run_id_changes_after_the_end(review: Review) -> None:
    with review.deliver(run_id="1") as it:
        it.it.complete()
        until(lambda: it.it.verdict() == "Complete", PATIENCE)
        with it.push("runs-again", run_id="2") as push:
            wait_until_replaced(it.it, push)
            assert it.it.verdict() == ""


def wait_until_replaced(it: GitOpsSet, push: Push, tag: str = "1") -> None:
    """See every Job replaced and running, from zero."""
    it.wait_until_running(tag=tag)
    it.wait_until_synced()
    until(lambda: push.fates(JOB) == {"replaced"}, PATIENCE, what=f"replaced: {push.changes.words()}")
    until(lambda: it.counters() == (0, 0), PATIENCE)  # the tool may be faster than a new watcher


def restart(it: GitOpsSet) -> None:
    """Let a pod fail, so that the counters are not at zero."""
    it.fail()
    it.wait_until_running(attempt=1)
    it.wait_until_synced()
    assert it.counters() == (1, 1)


def an_image_changes_on_restart(review: Review) -> None:
    with (
        review.deliver(jobs="watcher", update_policy="OnRestart") as it,
        it.push("at-next-restart", IMAGE) as push,
    ):
        assert_jobs_are_kept(it.it, push)
        push.note("until a pod failed, then the new image in all")
        it.it.fail()
        until(lambda: it.it.runs(0, "2") or it.it.runs(1, "2"), PATIENCE, what="the new image runs")
        assert push.fates(JOB) == {"replaced"}


def an_image_changes_of_a_watchers_jobs_under_block(review: Review) -> None:
    with (
        review.deliver(jobs="watcher", update_policy="Block") as it,
        it.push("not-taken-up", IMAGE) as push,
    ):
        assert_jobs_are_kept(it.it, push)
        it.it.fail()
        it.it.wait_until_running(attempt=1, tag="1")
        push.note("the old image also after a failure")


def a_set_is_suspended_and_resumed(review: Review) -> None:
    with review.deliver() as it:
        with it.push("suspends", SUSPEND) as push:
            until(lambda: is_suspended(it.it), PATIENCE, what="suspended")
            assert_jobs_are_kept(it.it, push, "changed in place")
            push.note(f"{len(it.it.active())} pods")
        with it.push("resumes", RESUME) as push:
            it.it.wait_until_running()
            assert_jobs_are_kept(it.it, push, "changed in place")
            push.note(f"{len(it.it.active())} pods")
        assert it.it.counters() == (0, 0)


def is_suspended(it: GitOpsSet) -> bool:
    """Whether each Job is suspended, and no pod is left."""
    return all(job["spec"].get("suspend") for job in it.jobs().values()) and not it.active()


def assert_jobs_are_kept(it: GitOpsSet, push: Push, fate: str = "kept") -> None:
    """See that the tool has applied the change, and that for a while no Job is replaced."""
    it.wait_until_synced()
    it.assert_nothing_changes()
    assert push.fates(JOB) == {fate}, push.changes.words()


# --- Who owns what ---------------------------------------------------------------------------------
def the_tool_takes_over_the_jobs(review: Review) -> None:
    with review.deliver(jobs="watcher") as it:
        assert not marked(it.it)
        assert owned_by_plan(it.it) == JOBS
        with it.push("ownership", jobs="git") as push:
            until(lambda: marked(it.it) == JOBS and not owned_by_plan(it.it), PATIENCE, what="the tool owns the Jobs")
            it.it.wait_until_synced()
            it.it.assert_nothing_changes()
            assert push.fates(JOB) <= {"kept", "changed in place"}
            push.note("owned by the tool, no longer by the plan")


def the_watcher_takes_over_the_jobs(review: Review) -> None:
    with review.deliver() as it:
        assert not owned_by_plan(it.it)
        assert marked(it.it) == JOBS
        with it.push("recreates", jobs="watcher", beside="ownership") as push:
            wait_until_replaced(it.it, push)
            assert owned_by_plan(it.it) == JOBS
            it.it.assert_nothing_changes()
            push.note("owned by the watcher's plan")


def marked(it: GitOpsSet) -> list[str]:
    """Return the Jobs that carry what Argo CD or Flux puts on every object that it applies and prunes."""
    marks = {"argocd.argoproj.io/tracking-id", "kustomize.toolkit.fluxcd.io/name"}
    metadata = {name: job["metadata"] for name, job in it.jobs().items()}
    carried = {name: {*meta.get("labels", {}), *meta.get("annotations", {})} for name, meta in metadata.items()}
    return sorted(name for name, keys in carried.items() if keys & marks)


def owned_by_plan(it: GitOpsSet) -> list[str]:
    """Return the Jobs that the garbage collector deletes with the watcher's plan."""
    owners = {name: job["metadata"].get("ownerReferences", []) for name, job in it.jobs().items()}
    return sorted(name for name, each in owners.items() if any(owner["kind"] == "ConfigMap" for owner in each))


def a_set_comes_and_goes(review: Review) -> None:
    claimed, mounted = review.with_claim("Retain")
    other = OTHER.replace(*claimed).replace(*mounted)
    with review.deliver() as it:
        with it.push("creates", (TEXT, TEXT + other)) as push:
            until(lambda: others(it.it, running=True) == OTHERS, PATIENCE, what="the other set runs")
            it.it.wait_until_synced()
            assert kept_beside(push) == {"kept"}
        with it.push("ownership", (other, ""), beside="prunes") as push:
            until(lambda: others(it.it) == [], PATIENCE, what="the other set goes")
            time.sleep(QUIET)
            # Argo CD calls an application out of sync as long as it does not prune something.
            assert it.it.is_synced() == review.tool_is_flux
            assert kept_beside(push) == {"kept"}
            assert push.fates(CLAIM) <= {"kept", "changed in place"}
            assert len(it.it.client.list("persistentvolumeclaims")) == 1
            push.note("the retained claim stays")


def others(it: GitOpsSet, running: bool = False) -> list[str]:
    """Return the names of the Jobs of the other set, or of those all of whose pods are ready."""
    jobs = it.client.list("jobs", labels="jobset.sigs.k8s.io/jobset-name=other")
    return sorted(
        job["metadata"]["name"]
        for job in jobs
        if not running or job["status"].get("ready") == job["spec"]["parallelism"]
    )


def kept_beside(push: Push) -> set[str]:
    """Return what became of the Jobs of the set that did not change."""
    return {fate for name, fate in push.changes.fates(JOB).items() if name in JOBS}


# --- What leaves pods alone ------------------------------------------------------------------------
def a_limit_of_jobs_changes(review: Review) -> None:
    with review.deliver() as it, it.push("in-place", ("backoffLimit: 0", "backoffLimit: 1")) as push:
        until(lambda: {job["spec"]["backoffLimit"] for job in it.it.jobs().values()} == {1}, PATIENCE)
        assert_jobs_are_kept(it.it, push, "changed in place")


def a_label_of_a_job_changes(review: Review) -> None:
    with review.deliver() as it, it.push("metadata-only", ("team: speech", "team: vision")) as push:
        until(lambda: it.it.jobs()[JOBS[0]]["metadata"]["labels"]["team"] == "vision", PATIENCE)
        it.it.wait_until_synced()
        it.it.assert_nothing_changes()
        assert push.fates(JOB) == {"kept", "changed in place"}


def the_limit_of_restarts_changes(review: Review) -> None:
    with review.deliver() as it:
        with it.push("policy-only", ("maxRestarts: 3", "maxRestarts: 0")) as push:
            assert_jobs_are_kept(it.it, push)
        it.it.fail()
        until(lambda: it.it.verdict() == "Failed", PATIENCE)


def a_watcher_changes(review: Review) -> None:
    with review.deliver() as it:
        restart(it.it)
        with it.push("watcher-only", watcher=Watcher(log_level="debug")) as push:
            assert_only_watcher_is_replaced(it.it, push)
            assert it.it.counters() == (1, 1)


def assert_only_watcher_is_replaced(it: GitOpsSet, push: Push) -> None:
    """See that the watcher is another one, and that every Job goes on as it was."""
    until(lambda: push.fates(WATCHER) == {"replaced"}, PATIENCE, what="another watcher")
    assert_jobs_are_kept(it, push)


Story = Callable[[Review], None]
# Each story, and the tool that tells it in the CI tier: each of the six worst consequences once.
STORIES: dict[Story, str] = {
    a_claim_is_removed: FLUX,
    an_image_changes_under_block: ARGOCD,
    rendered_jobs_become_invalid: ARGOCD,
    an_image_changes_as_block_comes: FLUX,
    a_run_id_changes_after_the_end: ARGOCD,
    an_image_changes_on_restart: FLUX,
    a_claim_shrinks: "",
    a_watcher_changes_under_block: "",
    an_image_changes: "",
    an_image_changes_of_a_watchers_jobs: "",
    an_image_changes_of_a_watchers_jobs_under_block: "",
    a_set_is_suspended_and_resumed: "",
    the_tool_takes_over_the_jobs: "",
    the_watcher_takes_over_the_jobs: "",
    a_set_comes_and_goes: "",
    a_limit_of_jobs_changes: "",
    a_label_of_a_job_changes: "",
    the_limit_of_restarts_changes: "",
    a_watcher_changes: "",
}


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tools_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """Begin with all stories that were asked for; what comes of each is in its test."""
    seen: list[Seen] = []

    def play(test: Any, folder: Path, figures: Figures) -> None:
        story, tool = test.params["story"], tool_named(tools_plane, test.params["tool"])
        context = StoryContext(tools_plane, tool, "git", folder, random.Random(test.id), figures)
        story(Review(context, story.__name__, seen))

    with play_concurrently(request, tmp_path_factory, play, AT_ONCE) as played:
        yield played.outcomes
    record_figures("review", [asdict(each) for each in sorted(seen, key=lambda each: (each.change, each.tool))])


ELSEWHERE = pytest.mark.full_only("the CI tier shows each of the six worst consequences once, with one of the tools")
CASES = [
    pytest.param(story, tool, marks=() if tool == shown else ELSEWHERE)
    for story, shown in STORIES.items()
    for tool in (ARGOCD, FLUX)
]


@pytest.mark.parametrize(("story", "tool"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_story(request: pytest.FixtureRequest, outcomes: dict[str, Future[None]], story: object, tool: str) -> None:
    outcomes[request.node.callspec.id].result()
