"""Random bursts from a seed: Jobs that fail together while nobody looks, and what the controller's rules make of them.

The controller lists its Jobs in no order, so of Jobs that have failed within one second it may act on any first; we
promise the lowest global index (difference 20). Where the order makes a difference, the controller is given the Jobs of
a burst a second apart, in the order that we promise; where it makes none, it is given the tie.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.cluster.oracles.controller_and_watcher import Observation
from tests.cluster.oracles.random_scenarios import MESSAGES, NAMES, PATTERNS, REASONS
from tests.cluster.oracles.scenario import NAME, Json, Scenario
from tests.simulation.reference import ACTIONS, Failure, Reference

AT_ONCE = "at once"
ALONE = ("RestartJob", "RestartJobAndIgnoreMaxRestarts")


# --- What happens ---------------------------------------------------------------------------------
def random_burst(seed: int) -> Scenario:
    """Return the scenario of a seed, the same for ever: one burst or two, and what happens around them."""
    chance = random.Random(f"burst {seed}")
    names = NAMES[: chance.randint(1, 3)]
    jobs: Json = {name: {"replicas": chance.randint(1 if place else 2, 5)} for place, name in enumerate(names)}
    spec: Json = {}
    if chance.random() < 0.95:
        spec["failurePolicy"] = _failure_policy(chance, list(names))
    if chance.random() < 0.5:
        spec["successPolicy"] = {"operator": chance.choice(["All", "Any", "Any"])}
        if chance.random() < 0.5:
            spec["successPolicy"]["targetReplicatedJobs"] = chance.sample(names, 1)
    if chance.random() < 0.1:
        spec["startupPolicy"] = {"startupPolicyOrder": "InOrder"}
    events = list(_events(chance, jobs))
    return Scenario(jobs=jobs, spec=spec, events=events, about=f"burst of seed {seed}", is_random=True)


def _failure_policy(chance: random.Random, names: list[str]) -> Json:
    policy: Json = {"maxRestarts": chance.choice([0, 1, 1, 2, 2, 3, 4, 20])}
    policy["restartStrategy"] = chance.choice(["Recreate", "BlockingRecreate"])
    rules = [_rule(chance, names, index) for index in range(chance.choice([0, 1, 1, 2, 2, 3]))]
    return {**policy, **({"rules": rules} if rules else {})}


def _rule(chance: random.Random, names: list[str], index: int) -> Json:
    rule: Json = {"name": f"rule{index}", "action": chance.choice([*ACTIONS, *ALONE, *ALONE])}
    if chance.random() < 0.4:
        rule["onJobFailureReasons"] = chance.sample(REASONS[:3], chance.choice([1, 2]))
    if chance.random() < 0.2:
        rule["onJobFailureMessagePatterns"] = chance.sample(PATTERNS, chance.choice([1, 2]))
    if chance.random() < 0.4:
        rule["targetReplicatedJobs"] = chance.sample(names, 1)
    return rule


def _events(chance: random.Random, jobs: Json) -> Iterator[Json]:
    names = [f"{name}-{index}" for name, own in jobs.items() for index in range(own["replicas"])]
    yield from _singles(chance, names, chance.choice([0, 0, 1]))
    yield _burst(chance, names)
    yield from _singles(chance, names, chance.choice([0, 0, 1]))
    if chance.random() < 0.4:
        yield _burst(chance, names)
        yield from _singles(chance, names, chance.choice([0, 0, 1]))


def _singles(chance: random.Random, names: list[str], count: int) -> Iterator[Json]:
    for _ in range(count):
        kind, name = chance.choice(["ready", "fail", "complete", "delete"]), chance.choice(names)
        yield _failure(chance, name) if kind == "fail" else {kind: name}


def _burst(chance: random.Random, names: list[str]) -> Json:
    hit = chance.sample(names, min(len(names), chance.randint(2, 8)))
    complete, spread = chance.choice([0, 0, 0.3, 0.5]), chance.choice([0, 1, 2, 9])
    return {AT_ONCE: [_part(chance, name, complete, spread) for name in hit]}


def _part(chance: random.Random, name: str, complete: float, spread: int) -> Json:
    own = {"complete": name} if chance.random() < complete else _failure(chance, name)
    after = chance.randint(0, spread)
    return {**own, "after": after} if after else own


def _failure(chance: random.Random, name: str) -> Json:
    return {"fail": name, "reason": chance.choice(REASONS[:3]), "message": chance.choice(MESSAGES)}


# --- What the controller's rules make of it -------------------------------------------------------
class Result(NamedTuple):
    """What a burst comes to, in the words of what is seen."""

    restarts: int
    counted: int
    alone: dict[str, tuple[int, int]]
    outcome: str


def result(seen: Observation) -> Result:
    """Return what there is."""
    return Result(seen.restarts, seen.counted, seen.alone, seen.outcome)


def foretold(scenario: Scenario, before: Observation, burst: Json) -> Result:
    """Return what a burst is to come to after what there was."""
    reference = _played(scenario, before, burst)
    alone = {_short(name): (total, counted) for name, (total, counted) in reference.job_restarts.items()}
    has_failed = reference.acts and reference.outcome.startswith("Failed")
    first = f" {_short(reference.acts[-1].job)}" if has_failed else ""
    return Result(reference.restarts, reference.counted, alone, reference.outcome + first)


def in_promised_order(scenario: Scenario, before: Observation, burst: Json) -> Json:
    """Return a burst as the controller is given it: with its ties, but for those where its chance would show."""
    first, last = (_played(scenario, before, burst, last_first=last_first) for last_first in (False, True))
    if _done(first) == _done(last):
        return burst
    order = list(first.jobs)
    parts = sorted(burst[AT_ONCE], key=lambda each: (each.get("after", 0), order.index(_whole(_job(each)))))
    return {AT_ONCE: [{**each, "after": place} for place, each in enumerate(parts)]}


def has_ties(burst: Json) -> bool:
    """Whether Jobs fail in one second."""
    seconds = [each.get("after", 0) for each in burst[AT_ONCE] if "fail" in each]
    return len(set(seconds)) < len(seconds)


def _played(scenario: Scenario, before: Observation, burst: Json, *, last_first: bool = False) -> Reference:
    """Play a burst pass after pass; of a tie the lowest global index goes first, or the highest.

    Where both do the same, every other order does: passes serve the Jobs that a rule matches in one second one after
    another, all alike. Only where the set restarts or ends amid them does it show who was first, and then in both.
    """
    policy = scenario.spec.get("successPolicy", {})
    reference = Reference(
        {name: own["replicas"] for name, own in scenario.jobs.items()},
        scenario.spec.get("failurePolicy"),
        {"operator": policy.get("operator", "All"), "targets": policy.get("targetReplicatedJobs", [])},
        restarts=before.restarts,
        counted=before.counted,
        job_restarts={_whole(name): list(counts) for name, counts in before.alone.items()},
        outcome=before.outcome,
        name=NAME,
    )
    order = list(reference.jobs)
    reference.jobs.update({_whole(name): "complete" for name, word in before.jobs.items() if "Complete" in word})
    for each in burst[AT_ONCE]:
        name = _whole(_job(each))
        place = order.index(name)
        time = each.get("after", 0) * len(order) + (len(order) - place if last_first else place)
        reference.jobs[name] = _end(each, time)
    reference.settle()
    return reference


def _done(reference: Reference) -> set[tuple[str, str, int]]:
    """Return what was done about which Job, in any order."""
    return {(act.job, act.action, act.number) for act in reference.acts}


def _end(each: Json, time: int) -> Any:
    return Failure(time, each["reason"], each["message"]) if "fail" in each else "complete"


def _job(each: Json) -> str:
    """Return the short name of the Job that a part of a burst happens to."""
    return str(each.get("fail") or each["complete"])


def _whole(name: str) -> str:
    return f"{NAME}-{name}"


def _short(name: str) -> str:
    return name.removeprefix(f"{NAME}-")
