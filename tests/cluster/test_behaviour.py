"""The same JobSet and the same events under the real controller and under ours: after each event, the same."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.tiers import AMOUNTS, SEEDS
from tests.cluster.oracles.behaviour_comparison import DifferenceError, Outcome, happened, play, smallest
from tests.cluster.oracles.random_scenarios import kinds, random_scenario
from tests.cluster.oracles.scenario import Json, Scenario, read, verb
from tests.simulation.reference import ACTIONS

SCENARIOS = {path.stem: path for path in sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))}
AT_ONCE = 16  # scenarios side by side
SERIES = AMOUNTS["SEEDS"].full  # of which CI plays the first few
RARE = 30  # each kind comes up in at least one scenario of so many
EVERY_KIND = {
    *(f"action {action}" for action in ACTIONS),
    *(f"event {event}" for event in ("ready", "fail", "complete", "delete", "hold", "let go", "suspend")),
    *("strategy Recreate", "strategy BlockingRecreate", "no failure policy", "InOrder"),
    *("depends Ready", "depends Complete", "success All", "success Any", "success by default"),
}


def outcome(plane: ControlPlane, scenario: Scenario, folder: Path) -> Outcome:
    """Play a scenario."""
    try:
        steps = play(plane, scenario, folder)
        return Outcome([step._replace(jobs={}) for step in steps])  # a thousand scenarios have many Jobs
    except Exception as error:
        return Outcome([], error)


def played(plane: ControlPlane, scenarios: dict[str, Scenario], folder: Path) -> dict[str, Outcome]:
    """Play scenarios side by side, and those alone that need the controller to be stopped, or that have failed.

    Side by side a controller may be so slow that what it does is not seen: what fails alone as well has failed.
    """
    together = {name: each for name, each in scenarios.items() if not has_batches(each)}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        calls = {name: pool.submit(outcome, plane, each, folder / name) for name, each in together.items()}
        found = {name: call.result() for name, call in calls.items()}
    for name, each in scenarios.items():
        if name not in found or found[name].error:
            found[name] = outcome(plane, each, folder / f"{name}-alone")
    return found


def has_batches(scenario: Scenario) -> bool:
    """Whether the controller must be stopped for it, which nothing beside it would bear."""
    return any(verb(event) == "at once" for event in scenario.events)


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcome]:
    """Return what came of each scenario that is asked for."""
    chosen = [
        each.callspec.params
        for each in request.session.items
        if hasattr(each, "callspec") and each.path == request.path
    ]
    named = {each["name"]: read(SCENARIOS[each["name"]]) for each in chosen if "name" in each}
    seeds = {f"seed-{each['seed']}": random_scenario(each["seed"]) for each in chosen if "seed" in each}
    found = played(plane, {**named, **seeds}, tmp_path_factory.mktemp("scenarios"))
    record_figures("behaviour", {"named": _counts(found, named), "random": _counts(found, seeds)})
    return found


def _counts(found: dict[str, Outcome], scenarios: dict[str, Scenario]) -> Json:
    outcomes = [found[name] for name in scenarios]
    return {
        "scenarios": len(scenarios),
        "agree": sum(each.error is None for each in outcomes),
        "differ": sorted(name for name in scenarios if found[name].error),
        "events": sum(len(each.steps) - 1 for each in outcomes if each.steps),
        "happened": Counter(what for each in outcomes for what in happened(each.steps)),
    }


def _kinds() -> Counter[str]:
    return Counter(kind for seed in range(SERIES) for kind in kinds(random_scenario(seed)))


def test_no_kind_of_random_scenario_is_too_rare_to_mean_anything() -> None:
    assert {kind: count for kind, count in _kinds().items() if count < SERIES / RARE} == {}
    assert set(_kinds()) >= EVERY_KIND


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario(outcomes: dict[str, Outcome], name: str) -> None:
    if error := outcomes[name].error:
        raise error


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_random_scenario(outcomes: dict[str, Outcome], seed: int, plane: ControlPlane, tmp_path: Path) -> None:
    error = outcomes[f"seed-{seed}"].error
    if isinstance(error, DifferenceError):
        raise smallest(partial(outcome, plane), random_scenario(seed), error, tmp_path)
    if error:
        raise error
