"""Plays a scenario under the real controller and under ours, and compares the two after each event."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from jobsetgen.model import keys
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.allowed_differences import differences, without_allowed
from tests.cluster.oracles.controller_and_watcher import (
    ControllerSide,
    EventSummary,
    Observation,
    WatcherSide,
    at_rest,
    now,
)
from tests.cluster.oracles.random_scenarios import shrunk
from tests.cluster.oracles.scenario import Json, Scenario, verb

SHRINKING = 30  # shorter scenarios that are tried when a seed fails
TOOLS = ("argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/")  # whose annotations a profile writes


class Step(NamedTuple):
    """An event that has happened, and what the real controller has made of it."""

    event: Json
    at: datetime
    seen: Observation
    jobs: dict[str, Json]  # as they are stored
    told: set[EventSummary]


class DifferenceError(AssertionError):
    """WatcherSide is not what the real controller has made."""


def play(plane: ControlPlane, scenario: Scenario, folder: Path) -> list[Step]:
    """Play a scenario on both sides, ours in each mode; DifferenceError says where they part."""
    steps = record(ControllerSide(plane, plane.new_namespace("upstream"), scenario))
    compare_all(plane, scenario, steps, folder)
    return steps


def compare_all(plane: ControlPlane, scenario: Scenario, steps: list[Step], folder: Path) -> None:
    """Play a scenario on our side in each mode, and compare it with what the real controller has made of it."""
    for mode in scenario.modes:
        ours = WatcherSide(plane, plane.new_namespace(mode), scenario, mode, folder / mode)
        ours.begin()
        try:
            compare(ours, steps)
        finally:
            ours.end()


def record(upstream: ControllerSide) -> list[Step]:
    """Play a scenario under the real controller. What is random may hold events that cannot happen; they are left out."""
    upstream.begin()
    steps = [reached(upstream, {}, now())]
    for wanted in upstream.scenario.events:
        event = possible(wanted, steps[-1].seen) if upstream.scenario.is_random else wanted
        if not event:
            continue
        assert can_happen(event, steps[-1].seen), f"{event} cannot happen: {steps[-1].seen.words()}"
        at = max(now(), steps[-1].at + timedelta(seconds=1))
        upstream.happen(event, at)
        steps.append(reached(upstream, event, at))
    return steps


def reached(upstream: ControllerSide, event: Json, at: datetime) -> Step:
    """Return what has come of an event."""
    return Step(event, at, at_rest(upstream), upstream.live(), upstream.told())


def possible(event: Json, seen: Observation) -> Json:
    """Return what of an event can happen, if anything."""
    if verb(event) != "at once":
        return event if can_happen(event, seen) else {}
    parts = [each for each in event["at once"] if can_happen(each, seen)]
    return {"at once": parts} if parts else {}


def can_happen(event: Json, seen: Observation) -> bool:
    """Whether there is a Job that it can happen to; a random scenario does not know what will be there."""
    kind = verb(event)
    if kind in ("suspend", "lose service", "lose claim"):
        return not (kind == "suspend" and seen.outcome)
    if kind == "at once":
        return all(can_happen(each, seen) for each in event[kind])
    word = seen.jobs.get(event[kind], "")
    if kind == "let go":
        return bool(word)
    if not word or "terminating" in word:
        return False
    return kind in ("delete", "hold") or not ("Complete" in word or "Failed" in word)


def compare(ours: WatcherSide, steps: list[Step]) -> None:
    """Let the same happen on our side, and wait after each event for the same to come of it, and to stay."""
    before: tuple[Observation, Observation] | None = None
    for step in steps:
        if step.event:
            ours.happen(step.event, step.at)
        got = settled(ours, step.seen, before)
        if step is steps[-1] and not difference(ours, step.seen, got, before):
            got = at_rest(ours)  # nothing comes late, either
        wrong = difference(ours, step.seen, got, before) or "; ".join(in_fields(ours, step, got))
        if step is steps[-1] and ours.told() != step.told:
            wrong += f"\n  the controller's events: {sorted(step.told)}\n  ours: {sorted(ours.told())}"
        if wrong:
            raise DifferenceError(
                f"{ours.jobs}, after {step.event or 'the beginning'}: {wrong}\n{ours.scenario.text()}"
            )
        before = step.seen, got


def settled(ours: WatcherSide, expected: Observation, before: tuple[Observation, Observation] | None) -> Observation:
    """Return what there is on our side, as soon as it has been what is expected for a moment, or is at rest."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        got = ours.seen()
        if not difference(ours, expected, got, before):
            time.sleep(0.5)
            got = ours.seen()
            if not difference(ours, expected, got, before):
                return got
        time.sleep(0.1)
    return at_rest(ours)


def difference(
    ours: WatcherSide, expected: Observation, got: Observation, before: tuple[Observation, Observation] | None
) -> str:
    """Return in words how both sides differ, or nothing.

    Two differences are allowed, and only where Git holds the Jobs. One that waits for its turn is there with its pods
    held back, whether suspended meanwhile or not (difference 5). One that is left when the set ends is suspended, or stays
    so, instead of being deleted (difference 6).
    """
    wanted, found = _shared(ours, expected), _shared(ours, got)
    if wanted != found:
        return f"\n  the controller: {wanted}\n  ours:           {found}"
    if before:
        both = set(wanted["jobs"]) & set(_shared(ours, before[0])["jobs"])
        made, by_us = (_fresh(after, then) & both for after, then in zip((expected, got), before, strict=True))
        if made != by_us:
            return f"\n  made anew by the controller: {sorted(made)}\n  by ours: {sorted(by_us)}"
    return ""


def in_fields(ours: WatcherSide, step: Step, got: Observation) -> Iterator[str]:
    """Yield in words where the Jobs that both sides have differ, but for what may differ and the namespace."""
    mine = ours.live()
    for name in _shared(ours, got)["jobs"].keys() & mine.keys() & step.jobs.keys():
        pair = {"kind": "Job", **step.jobs[name]}, {"kind": "Job", **mine[name]}
        if not any("deletionTimestamp" in job["metadata"] for job in pair):
            theirs, own, _ = without_allowed(*pair)
            if "Complete" in got.jobs[name] or "Failed" in got.jobs[name]:
                own["spec"]["suspend"] = theirs["spec"]["suspend"]  # Git has suspended it too, which means nothing now
            yield from differences(_anywhere(theirs), _anywhere(own), name)


def _anywhere(job: Json) -> Json:
    """Return a Job without what tells its namespace, and a GitOps tool what to do with it."""
    job["metadata"].pop("namespace")
    annotations = job["metadata"].pop("annotations", {})
    kept = {key: value for key, value in annotations.items() if not key.startswith(TOOLS)}
    job["metadata"].update({"annotations": kept} if kept else {})
    for meta in (job["metadata"], job["spec"]["template"]["metadata"]):
        for each in ("labels", "annotations"):
            meta.get(each, {}).pop(keys.JOB_KEY, None)
    return job


def _shared(ours: WatcherSide, seen: Observation) -> Json:
    """Return what is the same on both sides."""
    return {
        **seen.words(),
        "jobs": {name: word for name, word in seen.jobs.items() if not _is_allowed(ours, seen, name)},
    }


def _is_allowed(ours: WatcherSide, seen: Observation, name: str) -> bool:
    word = seen.jobs[name]
    if ours.jobs == "git" and seen.outcome:
        return "suspended" in word or ("terminating" in word and not ("Complete" in word or "Failed" in word))
    return name in ours.gated and "suspended" in word


def _fresh(after: Observation, before: Observation) -> set[str]:
    return {name for name in after.uids if name in before.uids and after.uids[name] != before.uids[name]}


class Outcome(NamedTuple):
    """What came of a scenario: the steps that were played, and what went wrong."""

    steps: list[Step]
    error: Exception | None = None


def happened(steps: list[Step]) -> set[str]:
    """Return what there was in a scenario, for the account of how often each came up."""
    words = {word for step in steps for each in step.seen.jobs.values() for word in each.split()[2:]}
    outcomes = {step.seen.outcome.split(" ")[1] for step in steps if step.seen.outcome}
    counters = {
        "whole restarts": any(step.seen.restarts for step in steps),
        "restarts that do not count": any(step.seen.restarts > step.seen.counted for step in steps),
        "restarts of single Jobs": any(step.seen.alone for step in steps),
        "a Job of an older attempt that is still there": any(_has_old(step.seen) for step in steps),
    }
    return (
        words
        | outcomes
        | {verb(step.event) for step in steps[1:]}
        | {what for what, is_so in counters.items() if is_so}
    )


def _has_old(seen: Observation) -> bool:
    return any(int(word.split()[1].partition("+")[0]) < seen.restarts for word in seen.jobs.values())


def smallest(
    outcome: Callable[[Scenario, Path], Outcome], scenario: Scenario, error: DifferenceError, folder: Path
) -> DifferenceError:
    """Return what is wrong with the shortest scenario found that still parts the two, a file to be played again."""
    tries = iter(range(SHRINKING))
    found = True
    while found:
        found = False
        for each, number in zip(shrunk(scenario), tries, strict=False):
            left = outcome(each, folder / str(number)).error
            if isinstance(left, DifferenceError):
                scenario, error, found = each, left, True
                break
    return error
