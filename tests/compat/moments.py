"""Moments in the life of a set, as one release of the watcher left them in the cluster.

tests/compat/format-<n>/ holds a file for each moment and mode, written by the release in which that format of plan and
state was the newest: what Git holds, every object in the cluster, and what that release made of it in the end. Later
releases must read each file and come to the same end. The files of a format never change.

Run: python -m tests.compat.moments    adds the moments that are missing for the current format
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobsetgen.runtime.watcher.contract import STATE_FORMATS
from tests.simulation.training import Training, spec

FOLDER = Path(__file__).resolve().parent
MODES = ("git", "watcher")

RESTARTED_ALONE = "{maxRestarts: 3, rules: [{action: RestartJob}]}"
WORKERS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3}")
NO_RESTARTS = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 0}")
BLOCKING = spec({"workers": "replicas: 3"}, failurePolicy="{maxRestarts: 3, restartStrategy: BlockingRecreate}")
ALONE = spec({"workers": "replicas: 3"}, failurePolicy=RESTARTED_ALONE)
ORDERED = spec(
    {"leader": "replicas: 1", "workers": "replicas: 2, dependsOn: [{name: leader, status: Ready}]"},
    failurePolicy="{maxRestarts: 3}",
)


def never_restarted(jobs: str) -> Training:
    """A set that runs its first attempt."""
    return _running(WORKERS, jobs)


def restarted_once(jobs: str) -> Training:
    """A set that runs its second attempt, with the evidence of a failure."""
    training = _running(WORKERS, jobs)
    training.cluster.fail("train-workers-1", message="Job has reached the specified backoff limit")
    training.settle()
    return training


def restart_decided(jobs: str) -> Training:
    """A restart that is written down; nothing has been deleted yet."""
    training = _running(WORKERS, jobs)
    training.cluster.fail("train-workers-1")
    _stop_before(training, "DELETE")
    return training


def restart_half_done(jobs: str) -> Training:
    """A restart in which one old Job terminates slowly, and the others are gone or made anew."""
    return _half_done(WORKERS, jobs)


def blocking_restart_half_done(jobs: str) -> Training:
    """As above under BlockingRecreate: everything waits for the slow Job."""
    return _half_done(BLOCKING, jobs)


def second_restart_half_done(jobs: str) -> Training:
    """The same in the third attempt of a set."""
    training = restarted_once(jobs)
    _restart_slowly(training, "train-workers-0")
    return training


def restart_of_one_job_half_done(jobs: str) -> Training:
    """RestartJob: the failed Job terminates slowly, the others run on."""
    training = _running(ALONE, jobs)
    _restart_slowly(training, "train-workers-1")
    return training


def restarted_one_job(jobs: str) -> Training:
    """RestartJob, done: one Job runs its second attempt."""
    training = _running(ALONE, jobs)
    training.cluster.fail("train-workers-1")
    training.settle()
    return training


def waiting_for_the_leader(jobs: str) -> Training:
    """A start order: the workers wait."""
    training = Training(ORDERED, jobs=jobs)
    training.round()
    training.round()
    return training


def started_in_order(jobs: str) -> Training:
    """A start order, done: the workers have been released."""
    return _running(ORDERED, jobs)


def ending(jobs: str) -> Training:
    """A set that has failed, written down; what still runs is not ended yet."""
    training = _running(NO_RESTARTS, jobs)
    training.cluster.fail("train-workers-1")
    _stop_before(training, "PATCH" if jobs == "git" else "DELETE")
    return training


def suspended(jobs: str) -> Training:
    """A set that was suspended in Git while it ran."""
    training = _running(WORKERS, jobs)
    training.push(WORKERS.replace("spec:\n", "spec:\n  suspend: true\n", 1))
    training.tool.sync()
    training.settle()
    return training


def offered_another_generation(jobs: str) -> Training:
    """A plan of another generation: the tool was refused its Jobs, or the update policy holds it back."""
    policy = "Recreate" if jobs == "git" else "OnRestart"
    training = Training(WORKERS, jobs=jobs, update_policy=policy)
    training.settle()
    training.push(WORKERS.replace("train:1", "train:2"))
    training.tool.sync(jobs=False)
    training.round()
    training.round()
    return training


def changed_by_others(jobs: str) -> Training:
    """Jobs that another tool has changed after the build, once restarted."""
    training = Training(WORKERS, jobs=jobs)
    for (plural, name), job in training.tool.git.items():
        if plural == "jobs" and "workers" in name:
            job["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.example.com/train:1"
            training.cluster.delete("jobs", name)
    training.cluster.tick()
    training.tool.sync()
    training.settle()
    training.cluster.fail("train-workers-1")
    training.settle()
    return training


MOMENTS: tuple[Callable[[str], Training], ...] = (
    never_restarted,
    restarted_once,
    restart_decided,
    restart_half_done,
    blocking_restart_half_done,
    second_restart_half_done,
    restart_of_one_job_half_done,
    restarted_one_job,
    waiting_for_the_leader,
    started_in_order,
    ending,
    suspended,
    offered_another_generation,
    changed_by_others,
)


def snapshot(training: Training) -> dict[str, Any]:
    """Return a moment as plain data: what Git holds and what is in the cluster, without the watcher's script."""
    return {
        "text": training.text,
        "settings": training.settings,
        "seconds": training.cluster.seconds,
        "slow": sorted(training.cluster.slow),
        "heals": training.tool.heals,
        "git": [[*key, item] for key, item in training.tool.git.items() if not _is_script(item)],
        "cluster": [[*key, item] for key, item in training.cluster.objects.items() if not _is_script(item)],
    }


def restored(moment: dict[str, Any]) -> Training:
    """Return the set of a moment, with a new watcher beside it."""
    moment = copy.deepcopy(moment)
    training = Training(moment["text"], **moment["settings"])
    training.tool.git = {(plural, name): item for plural, name, item in moment["git"]}
    training.cluster.restore(moment["cluster"], moment["seconds"])
    training.cluster.slow = set(moment["slow"])
    training.tool.heals = moment["heals"]
    training.watchers = [training.watcher()]
    return training


def end_of(training: Training) -> dict[str, Any]:
    """Let a set go on until it is quiet, and return what has become of it, and which of its Jobs were kept."""
    before = training.names()
    for _ in range(20):
        training.round()
    training.cluster.slow = set()
    training.settle(120)
    after = training.names()
    state = training.state
    return {
        "restarts": state["restarts"],
        "countedRestarts": state["countedRestarts"],
        "jobRestarts": state["jobRestarts"],
        "outcome": training.outcome,
        "jobs": sorted(after),
        "kept": sorted(name for name in after if before.get(name) == after[name]),
        "running": training.running(),
        "images": sorted({_image(job) for job in training.cluster.jobs().values()}),
    }


def _running(text: str, jobs: str) -> Training:
    training = Training(text, jobs=jobs)
    training.settle()
    return training


def _half_done(text: str, jobs: str) -> Training:
    training = _running(text, jobs)
    _restart_slowly(training, "train-workers-0")
    return training


def _restart_slowly(training: Training, slow: str) -> None:
    """Let a Job decide to fail and the restart begin, while the pods of one Job take their time to end."""
    training.tool.heals = False
    training.cluster.slow = {slow}
    training.cluster.fail("train-workers-1", early=True)
    for _ in range(3):
        training.round()


def _stop_before(training: Training, method: str) -> None:
    """Let the watcher's process end before its first request of a kind that changes a Job of the set."""

    class Stopped(BaseException):
        pass

    def stop(sent: str, path: str) -> None:
        if sent == method and "/jobs/train-workers" in path:
            raise Stopped

    training.cluster.before = stop
    try:
        for _ in range(5):
            training.watchers[0].step()
            training.cluster.tick()
    except Stopped:
        training.cluster.before = lambda method, path: None
        return
    raise AssertionError(f"no {method} was sent")


def _is_script(item: dict[str, Any]) -> bool:
    return "__main__.py" in (item.get("data") or {})


def _image(job: dict[str, Any]) -> str:
    return str(job["spec"]["template"]["spec"]["containers"][0]["image"])


def _written(content: dict[str, Any]) -> str:
    """Return a moment as JSON with one field a line."""
    fields = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items())
    return "{\n" + ",\n".join(fields) + "\n}\n"


def main() -> None:
    """Write the moments of the current format that have no file yet."""
    folder = FOLDER / f"format-{STATE_FORMATS[-1]}"
    folder.mkdir(exist_ok=True)
    for make in MOMENTS:
        for jobs in MODES:
            path = folder / f"{make.__name__.replace('_', '-')}.{jobs}.json"
            if path.exists():
                continue
            moment = snapshot(make(jobs))
            content = {"about": make.__doc__, **moment, "end": end_of(restored(moment))}
            path.write_text(_written(content))


if __name__ == "__main__":
    main()
