"""Random lives: whatever goes wrong on the way, the counters and the verdict are those of the reference."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.simulation.cluster import conditions, finished
from tests.simulation.reference import ACTIONS, Failure, Reference
from tests.simulation.training import Killed, Training, spec

SEEDS = range(int(os.environ.get("JOBSETGEN_LIVES", "30")))
REASONS = ("BackoffLimitExceeded", "PodFailurePolicy", "DeadlineExceeded")
HAPPENED: Counter[str] = Counter()


class Life:
    """One random set, and what happens to it."""

    make_training = Training

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.jobs = self.pick("mode", ["git", "watcher"])
        self.replicas = {
            name: self.random.randint(1, 3) for name in ("first", "second", "third")[: self.random.randint(1, 3)]
        }
        self.policy = self.failure_policy()
        self.success = {"operator": self.pick("success", ["All", "Any"]), "targets": self.targets()}
        self.order = self.pick("order", ["none", "none", "InOrder", "dependsOn Ready", "dependsOn Complete"])
        self.suspend = False
        self.run = 0
        self.training = self.make_training(self.text(), jobs=self.jobs)
        self.training.tool.heals = self.pick("healer", [True, False])
        self.reference = self.fresh()
        self.faults = self.pick("faults", ["none", "kill", "kill", "two watchers", "errors"])
        if self.faults == "two watchers":
            self.training.watchers.append(self.training.watcher())
        self.calls = 0

    def pick(self, what: str, options: list) -> object:
        chosen = self.random.choice(options)
        HAPPENED[f"{what}: {chosen}"] += 1
        return chosen

    def targets(self) -> list[str]:
        return [name for name in self.replicas if self.random.random() < 0.3]

    def failure_policy(self) -> dict | None:
        if self.random.random() < 0.1:
            return None
        rules = []
        for place in range(self.random.randint(0, 2)):
            rule = {"name": f"rule{place}", "action": self.random.choice(ACTIONS)}
            if self.random.random() < 0.5:
                rule["onJobFailureReasons"] = [self.random.choice(REASONS)]
            if self.random.random() < 0.3:
                rule["onJobFailureMessagePatterns"] = [self.random.choice(["disk", "^net", "k$"])]
            if self.random.random() < 0.3:
                rule["targetReplicatedJobs"] = [self.random.choice(list(self.replicas))]
            rules.append(rule)
        strategy = self.pick("strategy", ["Recreate", "BlockingRecreate"])
        return {"maxRestarts": self.random.randint(0, 4), "restartStrategy": strategy, "rules": rules}

    def text(self) -> str:
        jobs = {}
        for place, (name, count) in enumerate(self.replicas.items()):
            jobs[name] = f"replicas: {count}"
            if place and self.order.startswith("dependsOn"):
                before = list(self.replicas)[place - 1]
                jobs[name] += f", dependsOn: [{{name: {before}, status: {self.order.split()[1]}}}]"
        fields = {
            "successPolicy": json.dumps(
                {"operator": self.success["operator"], "targetReplicatedJobs": self.success["targets"]}
            )
        }
        if self.policy is not None:
            fields["failurePolicy"] = json.dumps(self.policy)
        if self.order == "InOrder":
            fields["startupPolicy"] = "{startupPolicyOrder: InOrder}"
        if self.suspend:
            fields["suspend"] = "true"
        return spec(jobs, **fields)

    def fresh(self) -> Reference:
        return Reference(self.replicas, self.policy, self.success)

    # What goes wrong

    def disturb(self) -> None:
        """Set a fault for the requests to come."""
        self.calls = 0
        fatal, kind = self.random.randint(1, 25), self.random.choice(["before", "after"])

        def count(method: str, path: str, when: str) -> None:
            self.calls += when == "before"
            if self.faults == "kill" and self.calls == fatal and when == kind:
                HAPPENED[f"killed {when} a request"] += 1
                raise Killed
            if self.faults == "errors" and when == kind and self.random.random() < 0.1:
                HAPPENED[f"connection lost {when} a request"] += 1
                raise ConnectionResetError

        self.training.cluster.before = lambda method, path: count(method, path, "before")
        self.training.cluster.after = lambda method, path: count(method, path, "after")

    # What happens

    def running(self) -> list[str]:
        """Jobs that may come to an end now: they have pods that have started."""
        jobs = self.training.cluster.jobs()
        return [name for name in self.training.running() if not finished(jobs[name])]

    def happen(self) -> None:
        """Let one thing happen, whatever."""
        events = [self.fail, self.fail, self.complete, self.complete]
        events += [self.delete, self.suspension, self.new_run, self.policy_change]
        self.undergo(self.random.choice(events))

    def undergo(self, event: Callable[[], None]) -> None:
        """Let a thing happen, tell the reference, and wait until everything is quiet again."""
        if event in (self.fail, self.complete, self.delete) and not self.running():
            return
        event()
        if self.random.random() < 0.2 and self.training.cluster.jobs():
            HAPPENED["a pod ends slowly"] += 1
            self.training.cluster.slow = {self.random.choice(sorted(self.training.cluster.jobs()))}
        self.disturb()
        for _ in range(self.random.randint(0, 6)):
            self.training.round()
            self.check()
        self.training.cluster.slow = set()
        self.training.settle(80)
        self.reference.settle()
        self.check()
        self.agree()

    def fail(self) -> None:
        self.fail_some(self.random.choice([1, 1, 2, 3]))

    def fail_some(self, number: int) -> None:
        for name in self.random.sample(self.running(), min(len(self.running()), number)):
            reason, message = self.random.choice(REASONS), self.random.choice(["", "disk full", "network", "broke"])
            early = self.random.random() < 0.2
            self.training.cluster.fail(name, reason, message, early)
            self.reference.jobs[name] = Failure(self.training.cluster.seconds, reason, message)
            HAPPENED["failed early" if early else "failed"] += 1

    def complete(self) -> None:
        for name in self.running() if self.random.random() < 0.3 else [self.random.choice(self.running())]:
            self.training.cluster.complete(name)
            self.reference.jobs[name] = "complete"
            HAPPENED["completed"] += 1

    def delete(self) -> None:
        if self.reference.outcome:
            return
        name = self.random.choice(self.running())
        self.training.cluster.delete("jobs", name, foreground=True)
        self.reference.jobs[name] = None
        HAPPENED["deleted by hand"] += 1

    def suspension(self) -> None:
        if self.reference.outcome:
            return
        self.suspend = not self.suspend
        HAPPENED["suspended" if self.suspend else "resumed"] += 1
        self.training.push(self.text())
        self.training.tool.sync()

    def new_run(self) -> None:
        if self.random.random() < 0.5:
            return
        self.run += 1
        HAPPENED["new generation"] += 1
        self.training.push(self.text(), run_id=str(self.run))
        if self.training.exits:
            self.training.exits.clear()
        self.training.tool.sync()
        self.reference = self.fresh()

    def policy_change(self) -> None:
        if self.policy is None or self.reference.outcome:
            return
        self.policy["maxRestarts"] += 1
        HAPPENED["limit raised"] += 1
        self.training.push(self.text())
        self.training.tool.sync()

    # What is always so

    def check(self) -> None:
        cluster = self.training.cluster
        # A Job's containers all start with one attempt, and none with an older one than any has started with before.
        seen: dict[str, str] = {}
        newest: dict[str, int] = {}
        for generation, job, attempt in cluster.started:
            assert seen.setdefault(job, attempt) == attempt
            assert int(attempt) >= newest.get(generation, 0)
            newest[generation] = int(attempt)
        if self.is_blocking():
            previous = self.training.previous
            new = [name for name in self.training.running() if name not in previous]
            assert not (previous and new and self.training.state["restarts"]), (previous, new)

    def is_blocking(self) -> bool:
        """Whether all Jobs run in one attempt at a time; a Job that restarts alone does so beside the others."""
        if self.policy is None or self.policy["restartStrategy"] != "BlockingRecreate":
            return False
        return not any(
            rule["action"].startswith("RestartJobA") or rule["action"] == "RestartJob" for rule in self.policy["rules"]
        )

    def agree(self) -> None:
        state, reference = self.training.state, self.reference
        assert state["restarts"] == reference.restarts
        assert state["countedRestarts"] == reference.counted
        assert state["jobRestarts"] == reference.job_restarts
        assert self.training.outcome == reference.outcome
        if reference.outcome:
            assert self.training.running() == []
            return
        live = self.training.cluster.jobs()
        for name, expected in reference.jobs.items():
            if name in live:
                assert ("Complete" in conditions(live[name])) == (expected == "complete"), name
        if self.order == "none" and not self.suspend:
            assert self.training.running() == sorted(
                name for name, expected in reference.jobs.items() if expected is None
            )
        if self.suspend:
            assert self.training.running() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_life(seed):
    life = Life(random.Random(seed))
    life.training.settle()
    life.agree()
    for _ in range(8):
        life.happen()


class Machine(RuleBasedStateMachine):
    """The same lives, led by hypothesis, which looks for the shortest one that goes wrong."""

    @initialize(source=st.randoms(use_true_random=False))
    def begin(self, source: random.Random) -> None:
        self.life = Life(source)
        self.life.training.settle()
        self.life.agree()

    @rule()
    def jobs_fail(self) -> None:
        self.life.undergo(self.life.fail)

    @rule()
    def jobs_complete(self) -> None:
        self.life.undergo(self.life.complete)

    @rule()
    def a_job_is_deleted(self) -> None:
        self.life.undergo(self.life.delete)

    @rule()
    def git_suspends_or_resumes(self) -> None:
        self.life.undergo(self.life.suspension)

    @rule()
    def git_begins_a_new_run(self) -> None:
        self.life.undergo(self.life.new_run)

    @rule()
    def git_raises_the_limit(self) -> None:
        self.life.undergo(self.life.policy_change)


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=int(os.environ.get("JOBSETGEN_LIVES", "15")),
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_the_lives_had_enough_of_everything():
    """A generator that never does what it is for proves nothing."""
    wanted = [f"action: {action}" for action in ACTIONS]
    wanted += ["mode: git", "mode: watcher", "strategy: Recreate", "strategy: BlockingRecreate", "healer: True"]
    wanted += [
        "order: InOrder",
        "order: dependsOn Ready",
        "order: dependsOn Complete",
        "success: Any",
        "faults: errors",
    ]
    wanted += ["faults: two watchers", "killed before a request", "killed after a request", "failed", "failed early"]
    wanted += ["completed", "deleted by hand", "suspended", "resumed", "new generation", "limit raised"]
    wanted += ["a pod ends slowly", "connection lost before a request", "connection lost after a request"]
    wanted += [
        f"outcome: Failed {reason}" for reason in ("FailedJobs", "ReachedMaxRestarts", "FailJobSetFailurePolicyAction")
    ]
    wanted += ["outcome: Completed AllJobsCompleted", "outcome: none"]
    counts: Counter[str] = Counter()
    rare = wanted
    for seed in range(100):
        counts += happened_in_life(seed)
        rare = [what for what in wanted if counts[what] < 3]
        if not rare:
            return
    assert rare == []


def happened_in_life(seed: int) -> Counter[str]:
    """Return how often each thing happened in a random life."""
    HAPPENED.clear()
    life = Life(random.Random(seed))
    life.training.settle()
    for _ in range(8):
        life.happen()
    actions = Counter(f"action: {entry['action']}" for entry in life.training.state["evidence"])
    return HAPPENED + actions + Counter([f"outcome: {life.training.outcome or 'none'}"])
