"""Random lives of a set in bad weather: about a hundred faults each, between which things happen that count."""

from __future__ import annotations

import random
from collections.abc import Callable

from jobsetgen.runtime.watcher.contract import ATTEMPT, GRACE, JOB_ATTEMPT
from tests.simulation.cluster import conditions, uid
from tests.simulation.faulty_training import OTHERS, FaultyTraining
from tests.simulation.network import KINDS
from tests.simulation.test_random import Life
from tests.simulation.weather import Weather

LIVES_OF_A_SET = 10
EVENTS = 12  # in a life
RATE = 0.22  # of the requests that meet a fault


class FaultyLife(Life):
    """One random set, what happens to it, and what goes wrong meanwhile."""

    def __init__(self, seed: int) -> None:
        random.seed(seed)  # for the pauses of watches
        self.weather = Weather(random.Random(f"weather {seed}"))
        super().__init__(random.Random(f"set {seed // LIVES_OF_A_SET}"))
        self.random = random.Random(f"life {seed}")
        self.faults = "by the weather"
        if self.random.random() < 0.3:
            self.training.watchers.append(self.training.watcher())

    def make_training(self, text: str, **settings: object) -> FaultyTraining:  # type: ignore[override]
        """Return the set, in this life's weather."""
        return FaultyTraining(text, weather=self.weather, **settings)

    def live(self) -> None:
        """Let everything happen."""
        self.settle()
        for _ in range(EVENTS):
            self.happen()

    def happen(self) -> None:
        """Let one thing happen, whatever."""
        events = [self.fail, self.fail, self.fail, self.complete, self.complete, self.delete, self.suspension]
        events += [self.new_run, self.policy_change, self.state_deleted, self.plan_replaced]
        self.undergo(self.random.choice(events))

    def undergo(self, event: Callable[[], None]) -> None:
        """Let a thing happen amid faults, and wait until everything is quiet again."""
        if event in (self.fail, self.complete, self.delete) and not self.running():
            return
        event()
        self.weather.rate = RATE
        for _ in range(self.random.randint(4, 9)):
            self.training.round()
            self.check()
        self.weather.rate = 0.0
        self.settle()

    def settle(self) -> None:
        """Wait for what was refused to be tried again, and compare."""
        cluster = self.training.cluster
        cluster.slow.clear()
        self.training.calm_down()
        cluster.seconds += int(GRACE) + 1
        self.training.settle(80)
        self.training.spares_jobs = False
        self.reference.settle()
        self.check()
        self.training.rules.check_ends()
        self.agree()

    def check(self) -> None:
        """See what is always so. A pod that replaces a lost one reads the attempt that is written by then."""
        cluster = self.training.cluster
        cluster.started = [each for each in cluster.started if each[1] not in self.training.robbed]
        super().check()
        self.training.rules.check_state()

    def fail(self) -> None:
        """Let one Job fail: of several, news that is late would tell the last ones first, or alone."""
        self.fail_some(1)

    # --- What else happens ------------------------------------------------------------------------
    def new_run(self) -> None:
        """Begin a new run. Where no tool heals, a Job of Git's that goes before the watcher has seen it is lost."""
        super().new_run()
        self.training.spares_jobs = self.jobs == "git" and not self.training.tool.heals

    def state_deleted(self) -> None:
        """Delete the state: the run goes on at the highest attempt that Jobs carry, all of it counted."""
        if self.reference.outcome:
            return
        self.weather.count("the state is deleted")
        labels = {name: job["metadata"]["labels"] for name, job in self.training.own_jobs().items()}
        highest = max((int(each.get(ATTEMPT, "0")) for each in labels.values()), default=0)
        self.reference.restarts = self.reference.counted = highest
        alone = {name: int(each.get(JOB_ATTEMPT, "0")) for name, each in labels.items()}
        self.reference.job_restarts = {name: [number, number] for name, number in alone.items() if number}
        self.training.spares_jobs = True
        self._put_back("train-restart-state")

    def plan_replaced(self) -> None:
        """Delete the plan and put it back: a run begins with what stays of the Jobs."""
        if self.reference.outcome:
            return
        self.weather.count("the plan is replaced")
        plan = uid(self.training.cluster.of("configmaps")["train-restart-plan"])
        live = self.training.own_jobs().items()
        stay = [name for name, job in live if plan not in _owners(job) and "Complete" in conditions(job)]
        self.reference = self.fresh()
        self.reference.jobs.update(dict.fromkeys(stay if self.jobs == "git" else [], "complete"))
        self._put_back("train-restart-plan")

    def _put_back(self, name: str) -> None:
        """Delete a ConfigMap and create it anew: counters may begin again within a generation."""
        self.training.rules.forget_state()
        self.training.cluster.started.clear()
        self.training.cluster.delete("configmaps", name)
        self.training.tool.put_back()


def kinds_of_faults() -> set[str]:
    """Return every kind of fault that lives are to meet."""
    others = {act.__name__.replace("_", " ") for act in OTHERS}
    return {"the state is deleted", "the plan is replaced", *others, *KINDS}


def _owners(job: dict) -> set[str]:
    return {each["uid"] for each in job["metadata"].get("ownerReferences") or ()}
