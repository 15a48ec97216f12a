"""Random lives in which plans change: replicas, replicatedJobs, templates, runs and modes, amid failures and strangers.

Whatever has happened, once it is quiet exactly the Jobs of the plan run, somebody else's Jobs are where they were, and a
failure restarts the set once. `JOBSETGEN_TRANSITIONS` is the number of lives.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from tests.simulation.cluster import finished, uid
from tests.simulation.test_strangers import forge
from tests.simulation.training import Killed, Training, spec

SEEDS = range(int(os.environ.get("JOBSETGEN_TRANSITIONS", "12")))
HAPPENED: Counter[str] = Counter()
FORGED = ("train-x-0", "train-workers-7", "other-workers-0", "train-workers-00", "train-leader-9")


class Life:
    """One set, what Git says of it, and everybody who has a hand in it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        choice = self.random.choice
        self.replicas = {name: self.random.randint(1, 3) for name in ("workers", "leader")[: self.random.randint(1, 2)]}
        self.image = self.run = 1
        self.strategy = choice(["Recreate", "Recreate", "BlockingRecreate"])
        self.rules = choice(["", "", ", rules: [{name: r, action: RestartJob}]"])
        self.reads_attempt = choice([True, False])
        self.strangers: dict[str, str] = {}
        self.training = Training(self.text(), jobs=choice(["git", "watcher"]))
        self.training.tool.heals = choice([True, False])
        if self.random.random() < 0.2:
            self.training.watchers.append(self.training.watcher())

    def text(self) -> str:
        policy = f"{{maxRestarts: 100, restartStrategy: {self.strategy}{self.rules}}}"
        text = spec({name: f"replicas: {count}" for name, count in self.replicas.items()}, failurePolicy=policy)
        text = text.replace("train:1", f"train:{self.image}")
        return text if self.reads_attempt else text.replace("sigs.k8s.io/restart-attempt", "sigs.k8s.io/job-index")

    def names(self) -> list[str]:
        """The Jobs that the plan has."""
        return sorted(f"train-{name}-{index}" for name, count in self.replicas.items() for index in range(count))

    def running(self) -> list[str]:
        """The Jobs that run, but for those of strangers."""
        return [name for name in self.training.running() if name not in self.strangers]

    def rounds(self, number: int) -> None:
        for _ in range(number):
            self.training.round()

    # What happens

    def happen(self) -> None:
        event = self.random.choice(EVENTS)
        HAPPENED[event.__name__] += 1
        event(self)
        self.rounds(self.random.choice([0, 1, 2, 3, 5, 10, 30, 70]))

    def push(self, *, prune: bool | None = None, **settings: str) -> None:
        prune = self.random.random() < 0.6 if prune is None else prune
        self.training.push(self.text(), run_id=str(self.run), **settings)
        self.training.exits.clear()
        self.training.tool.sync(prune=prune)

    def a_job_fails(self) -> None:
        live = [name for name in self.running() if not finished(self.training.cluster.jobs()[name])]
        if live:
            self.training.cluster.fail(self.random.choice(live), early=self.random.random() < 0.2)

    def somebody_deletes_a_job(self) -> None:
        if live := self.running():
            self.training.cluster.delete("jobs", self.random.choice(live), foreground=True)

    def other_replicas(self) -> None:
        self.replicas[self.random.choice(list(self.replicas))] = self.random.randint(1, 3)
        self.push()

    def another_replicated_job(self) -> None:
        if len(self.replicas) > 1:
            self.replicas.popitem()
        else:
            self.replicas["leader" if "workers" in self.replicas else "workers"] = self.random.randint(1, 2)
        self.push()

    def another_template(self) -> None:
        self.image = 3 - self.image
        self.push()

    def another_run(self) -> None:
        self.run = 3 - self.run
        self.push()

    def another_mode(self) -> None:
        jobs = "git" if self.training.settings.get("jobs") == "watcher" else "watcher"
        self.push(prune=True, jobs=jobs)

    def somebody_forges_a_job(self) -> None:
        name = self.random.choice(FORGED)
        has_model = any(each.startswith("train-workers") for each in self.training.cluster.jobs())
        if has_model and name not in self.training.cluster.of("jobs"):
            self.strangers[name] = uid(forge(self.training, name))

    def pods_become_slow(self) -> None:
        jobs = sorted(self.training.cluster.jobs())
        self.training.cluster.slow = set(self.random.sample(jobs, self.random.randint(0, len(jobs))))

    def the_watcher_is_killed(self) -> None:
        left = [self.random.randint(1, 15)]

        def kill(method: str, path: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

        setattr(self.training.cluster, self.random.choice(["before", "after"]), kill)

    def the_watcher_starts_anew(self) -> None:
        self.training.watchers = [self.training.watcher() for _ in self.training.watchers]

    # What is so in the end

    def calm_down(self) -> None:
        cluster = self.training.cluster
        cluster.slow = set()
        cluster.before = cluster.after = lambda method, path: None
        self.rounds(260)

    def restarts(self) -> int:
        state = self.training.state
        return int(state["restarts"]) + sum(each[0] for each in state["jobRestarts"].values())

    def agree(self) -> None:
        assert self.running() == self.names()
        live = self.training.cluster.jobs()
        assert {name: uid(live[name]) for name in self.strangers} == self.strangers
        before = self.restarts()
        self.training.cluster.fail(self.random.choice(self.names()))
        self.rounds(100)
        assert self.restarts() == before + 1
        assert self.running() == self.names()


EVENTS = (
    Life.a_job_fails,
    Life.a_job_fails,
    Life.somebody_deletes_a_job,
    Life.other_replicas,
    Life.another_replicated_job,
    Life.another_template,
    Life.another_run,
    Life.another_mode,
    Life.somebody_forges_a_job,
    Life.pods_become_slow,
    Life.the_watcher_is_killed,
    Life.the_watcher_starts_anew,
)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_life(seed):
    life = Life(seed)
    life.rounds(5)
    for _ in range(life.random.randint(2, 7)):
        life.happen()
    life.calm_down()
    life.agree()


def test_the_lives_had_enough_of_everything():
    HAPPENED.clear()
    for seed in range(30):
        life = Life(seed)
        for _ in range(5):
            life.happen()
    assert {event.__name__ for event in EVENTS if HAPPENED[event.__name__] < 2} == set()
