"""A set whose watchers follow watches over a faulty network, while others do what they may do at any time."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from jobsetgen.runtime.watcher.contract import ATTEMPT
from jobsetgen.runtime.watcher.formats import PLAN_KEY, mark_of, state_of
from jobsetgen.runtime.watcher.run import Watcher
from tests.simulation import training as plain
from tests.simulation.cluster import Json, conditions, uid
from tests.simulation.following import Follower, follow_new
from tests.simulation.network import Network
from tests.simulation.rules import Rules
from tests.simulation.training import Training
from tests.simulation.weather import Weather

LONGEST_JUMP = 3600


class FaultyTraining(Training):
    """One set from Git to its end, in a weather."""

    def __init__(self, text: str, *, weather: Weather, **settings: Any) -> None:
        self.weather = weather
        self.rules = Rules(self)
        self.networks: dict[int, Network] = {}
        self.followers: dict[int, list[Follower]] = {}
        self.is_frozen = False  # whether a process is
        self.robbed: set[str] = set()  # UIDs of Jobs that had to replace a pod
        self.spares_jobs = False  # whether nobody may delete one now
        self.just_deleted: set[str] = set()  # Jobs that somebody has deleted since all have looked
        super().__init__(text, **settings)

    def make_cluster(self) -> plain.Cluster:  # type: ignore[override]
        """Return a cluster whose watches tell all from the beginning."""
        cluster = plain.Cluster()
        cluster.is_watched = True
        return cluster

    def push(self, text: str, **settings: Any) -> None:
        """Put a spec into Git; the script, which nobody runs here, is left out."""
        self.text = text
        self.settings.update(settings)
        items = pickle.loads(_applied(text, tuple(self.settings.items())))
        self.own_names = _own_names(items)
        self.tool.push(items)

    def watcher(self, shift: Callable[[], float] = lambda: 0.0) -> Watcher:
        """Return a new process, with a network of its own."""
        network = Network(self)
        self._coming = network
        made = super().watcher(lambda: network.shift)
        self.networks[id(made)] = network
        self.followers[id(made)] = []
        network.watcher = made
        return made

    def transport(self) -> Network:
        """Return what carries the requests of the process that is coming up."""
        return self._coming

    def round(self, *, watch: bool = True) -> None:
        """Let everybody have a turn."""
        if not self.exits and not self.is_frozen:
            self.just_deleted.clear()
        super().round(watch=watch)

    def _step(self, place: int, watcher: Watcher) -> None:
        network = self.networks[id(watcher)]
        if network.is_dead:
            watcher = self.watchers[place] = self.watcher()
            network = self.networks[id(watcher)]
        follow_new(watcher, network, self.followers[id(watcher)])
        self.bring_news(network)
        super()._step(place, watcher)

    def bring_news(self, network: Network) -> None:
        """Let the watches of a process have a turn: between its passes, or amid one."""
        watcher = network.watcher
        if network.is_dead or watcher.cache.lock._is_owned():  # type: ignore[attr-defined]
            return
        if network.brings:
            return
        network.brings = True
        try:
            for follower in self.followers[id(watcher)]:
                follower.turn()
        finally:
            network.brings = False

    def calm_down(self) -> None:
        """Let every episode of refusals be over."""
        for watcher in self.watchers:
            self.networks[id(watcher)].episode = (0, lambda call: False, 0)

    # --- What others do ---------------------------------------------------------------------------
    def play_with_another(self, rounds: int) -> None:
        """Let another process of the watcher be the only one for some rounds."""
        frozen, self.watchers, self.is_frozen = self.watchers, [self.watcher()], True
        try:
            for _ in range(rounds):
                self.round()
        finally:
            self.watchers, self.is_frozen = frozen, False

    def disturb(self, network: Network) -> None:
        """Let somebody do something, whatever is possible now."""
        others = [*OTHERS]
        self.weather.chance.shuffle(others)
        for act in others:
            if act(self, network):
                self.weather.count(act.__name__.replace("_", " "))
                return

    def the_controllers_move_on(self, network: Network) -> bool:
        self.cluster.tick()
        return True

    def the_tool_puts_back_what_is_missing(self, network: Network) -> bool:
        is_missing = any(key not in self.cluster.objects for key in self.tool.git)
        self.tool.put_back()
        return is_missing

    def somebody_writes_the_state(self, network: Network) -> bool:
        return self._touch("configmaps", f"{self.name}-restart-state")

    def somebody_writes_the_plan(self, network: Network) -> bool:
        return self._touch("configmaps", f"{self.name}-restart-plan")

    def somebody_writes_a_job(self, network: Network) -> bool:
        names = sorted(self.own_jobs())
        return bool(names) and self._touch("jobs", self.weather.chance.choice(names))

    def _touch(self, plural: str, name: str) -> bool:
        if (plural, name) not in self.cluster.objects:
            return False
        at = str(len(self.cluster.history))
        self.cluster.patch(plural, name, {"metadata": {"annotations": {"example.com/touched": at}}})
        return True

    def somebody_deletes_a_job(self, network: Network) -> bool:
        running = [name for name, job in self.own_jobs().items() if not conditions(job)]
        # Once the watcher has left, nobody stops a Job that the tool puts back.
        if not running or self.spares_jobs or self.exits:
            return False
        name = self.weather.chance.choice(sorted(running))
        self.just_deleted.add(name)
        self.cluster.delete("jobs", name, foreground=True)
        return True

    def somebody_deletes_a_pod(self, network: Network) -> bool:
        pods = self.cluster.of("pods")
        if not pods:
            return False
        name = self.weather.chance.choice(sorted(pods))
        self.robbed.add(pods[name]["metadata"]["ownerReferences"][0]["uid"])
        self.cluster.delete("pods", name)
        return True

    def pods_end_slowly(self, network: Network) -> bool:
        quick = sorted(set(self.own_jobs()) - self.cluster.slow)
        if quick:
            self.cluster.slow.add(self.weather.chance.choice(quick))
        return bool(quick)

    def a_stranger_labels_a_job(self, network: Network) -> bool:
        own = self.own_jobs()
        name = f"{self.name}-{self.weather.chance.choice(['x-0', 'first-9', 'second-00', 'third'])}"
        if not own or ("jobs", name) in self.cluster.objects:
            return False
        model = pickle.loads(pickle.dumps(own[self.weather.chance.choice(sorted(own))]))
        model["metadata"] = {"name": name, "labels": model["metadata"]["labels"]}
        model["status"] = {}
        self.cluster.create("jobs", model)
        return True

    def the_own_job_is_replaced(self, network: Network) -> bool:
        own = self.cluster.of("jobs").get(f"{self.name}-restart-watcher")
        if self.exits or own is None or conditions(own):
            return False
        self.cluster.delete("jobs", f"{self.name}-restart-watcher")
        self.tool.put_back()
        return True

    def the_clock_jumps(self, network: Network) -> bool:
        network.shift += self.weather.chance.randint(1, LONGEST_JUMP)
        return True

    def all_clocks_jump(self, network: Network) -> bool:
        self.cluster.seconds += self.weather.chance.randint(1, LONGEST_JUMP)
        return True

    def a_second_watcher_makes_a_pass(self, network: Network) -> bool:
        if self.is_frozen:
            return False
        self.play_with_another(1)
        return True

    # --- What there is ----------------------------------------------------------------------------
    @property
    def state(self) -> Json:
        """What the watcher has written; nobody may change it."""
        return self.state_in(self.cluster.objects.get(("configmaps", f"{self.name}-restart-state"), {}))

    def state_in(self, item: Json) -> Json:
        """Return what a ConfigMap holds."""
        kept = getattr(self, "_kept", (None, {}))
        if kept[0] is not item.get("data"):
            kept = (item.get("data"), dict(state_of(item) or {}))
            self._kept = kept
        return kept[1]

    def own_jobs(self) -> dict[str, Json]:
        """Return the Jobs that have a name of the set's."""
        return {name: job for name, job in self.cluster.jobs().items() if name in self.own_names}

    @property
    def previous(self) -> list[str]:
        """The Jobs that are there and are to be replaced."""
        attempt, marks = str(self.state.get("restarts", 0)), self.state.get("previous", ())
        return [
            name
            for name, job in self.own_jobs().items()
            if job["metadata"]["labels"].get(ATTEMPT, attempt) != attempt or mark_of(uid(job)) in marks
        ]

    @property
    def unseen(self) -> set[str]:
        """The Jobs that were deleted after the last look of a watcher that left: the tool runs them again."""
        return self.just_deleted if self.exits else set()

    def _running(self) -> Iterator[str]:
        return (name for name in super()._running() if name in self.own_names - self.unseen)


OTHERS: tuple[Callable[[FaultyTraining, Network], bool], ...] = (
    FaultyTraining.the_controllers_move_on,
    FaultyTraining.the_tool_puts_back_what_is_missing,
    FaultyTraining.somebody_writes_the_state,
    FaultyTraining.somebody_writes_the_plan,
    FaultyTraining.somebody_writes_a_job,
    FaultyTraining.somebody_deletes_a_job,
    FaultyTraining.somebody_deletes_a_pod,
    FaultyTraining.pods_end_slowly,
    FaultyTraining.a_stranger_labels_a_job,
    FaultyTraining.the_own_job_is_replaced,
    FaultyTraining.the_clock_jumps,
    FaultyTraining.all_clocks_jump,
    FaultyTraining.a_second_watcher_makes_a_pass,
)


@lru_cache(maxsize=4096)
def _applied(text: str, settings: tuple[tuple[str, Any], ...]) -> bytes:
    """Return the pickled Jobs, plan and state of a spec."""
    items = pickle.loads(plain._applied(text, settings))
    return pickle.dumps([item for item in items if "-restart-script-" not in item["metadata"]["name"]])


def _own_names(items: list[Json]) -> frozenset[str]:
    """Return the names of the Jobs that a plan has."""
    (plan,) = (json.loads(item["data"][PLAN_KEY]) for item in items if PLAN_KEY in (item.get("data") or {}))
    each = ((job["name"], index) for job in plan["replicatedJobs"] for index in range(job["replicas"]))
    return frozenset(f"{plan['jobset']}-{name}-{index}" for name, index in each)
