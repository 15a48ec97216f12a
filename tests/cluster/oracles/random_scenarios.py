"""Random scenarios from a seed: specs and events of every kind that the controller treats in a way of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from tests.cluster.oracles.scenario import Json, Scenario, verb
from tests.simulation.reference import ACTIONS

REASONS = ("BackoffLimitExceeded", "DeadlineExceeded", "PodFailurePolicy", "FailedIndexes", "MaxFailedIndexesExceeded")
MESSAGES = ("exit code 137", "exit code 1", "out of memory\non node-7", "")
PATTERNS = ("exit code 1$", "137", "^out.*node-[0-9]+$", "(?i)MEMORY", "(?s)out.*7")
NAMES = ("a", "b", "c")


def random_scenario(seed: int) -> Scenario:
    """Return the scenario of a seed, the same for ever."""
    chance = random.Random(seed)
    jobs = dict(_jobs(chance))
    spec: Json = {}
    if not any("dependsOn" in each for each in jobs.values()) and chance.random() < 0.3:
        spec["startupPolicy"] = {"startupPolicyOrder": "InOrder"}
    if chance.random() < 0.85:
        spec["failurePolicy"] = _failure_policy(chance, list(jobs))
    if chance.random() < 0.5:
        spec["successPolicy"] = {"operator": chance.choice(["All", "Any"])}
        if chance.random() < 0.5:
            spec["successPolicy"]["targetReplicatedJobs"] = chance.sample(list(jobs), 1)
    if chance.random() < 0.15:
        spec["suspend"] = True
    return Scenario(
        jobs=jobs,
        spec=spec,
        events=list(_events(chance, jobs, bool(spec.get("suspend")))),
        about=f"seed {seed}",
        is_random=True,
    )


def shrunk(scenario: Scenario) -> Iterator[Scenario]:
    """Yield the scenario without one event each, the last first, then without one part of a burst each."""
    for index in reversed(range(len(scenario.events))):
        yield replace(scenario, events=_without(scenario.events, index))
    for place, event in enumerate(scenario.events):
        for index in reversed(range(len(event.get("at once", ())))):
            smaller = {"at once": _without(event["at once"], index)}
            yield replace(scenario, events=[*scenario.events[:place], smaller, *scenario.events[place + 1 :]])


def _without(items: list[Json], index: int) -> list[Json]:
    return [item for place, item in enumerate(items) if place != index]


def kinds(scenario: Scenario) -> set[str]:
    """Return what a scenario is about, for the account of how often each came up."""
    policy = scenario.spec.get("failurePolicy")
    found = {f"event {verb(event)}" for event in scenario.events}
    found |= {f"action {rule['action']}" for rule in (policy or {}).get("rules", ())}
    found |= {f"depends {each['status']}" for job in scenario.jobs.values() for each in job.get("dependsOn", ())}
    found.add(f"strategy {policy['restartStrategy']}" if policy else "no failure policy")
    found.add(f"success {scenario.spec.get('successPolicy', {}).get('operator', 'by default')}")
    return found | ({"InOrder"} if "startupPolicy" in scenario.spec else set())


def _jobs(chance: random.Random) -> Iterator[tuple[str, Json]]:
    names = NAMES[: chance.choice([1, 2, 2, 3])]
    depends = chance.random() < 0.4
    for place, name in enumerate(names):
        own: Json = {"replicas": chance.choice([1, 1, 2, 2, 3, 0] if place else [1, 2, 2, 3])}
        if depends and place and chance.random() < 0.8:
            others = chance.sample(names[:place], chance.randint(1, place))
            own["dependsOn"] = [
                {"name": each, "status": chance.choice(["Ready", "Complete"])} for each in sorted(others)
            ]
        yield name, own


def _failure_policy(chance: random.Random, names: list[str]) -> Json:
    policy: Json = {"maxRestarts": chance.choice([0, 1, 2, 3])}
    policy["restartStrategy"] = chance.choice(["Recreate", "Recreate", "BlockingRecreate"])
    rules = [_rule(chance, names, index) for index in range(chance.choice([0, 0, 1, 2, 3]))]
    return {**policy, **({"rules": rules} if rules else {})}


def _rule(chance: random.Random, names: list[str], index: int) -> Json:
    rule: Json = {"name": f"rule{index}", "action": chance.choice(ACTIONS)}
    if chance.random() < 0.5:
        rule["onJobFailureReasons"] = chance.sample(REASONS, chance.choice([1, 2]))
    if chance.random() < 0.3:
        rule["onJobFailureMessagePatterns"] = chance.sample(PATTERNS, chance.choice([1, 2]))
    if chance.random() < 0.4:
        rule["targetReplicatedJobs"] = chance.sample(names, 1)
    return rule


def _events(chance: random.Random, jobs: Json, is_suspended: bool) -> Iterator[Json]:
    names = [f"{name}-{index}" for name, own in jobs.items() for index in range(own["replicas"])]
    held: list[str] = []
    for _ in range(chance.randint(5, 10)):
        kind = chance.choices(["ready", "fail", "complete", "delete", "hold", "suspend"], [6, 5, 5, 1, 1, 1])[0]
        if held and chance.random() < 0.4:
            yield {"let go": held.pop()}
        elif kind == "suspend":
            is_suspended = not is_suspended
            yield {"suspend": is_suspended}
        elif kind == "fail":
            why = {"reason": chance.choice(REASONS), "message": chance.choice(MESSAGES)}
            yield {"fail": chance.choice(names), **why}
        else:
            name = chance.choice(names)
            held += [name] if kind == "hold" else []
            yield {kind: name}
    yield from ({"let go": name} for name in reversed(held))
