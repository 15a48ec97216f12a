"""Scenarios of test_behaviour with a bad network between the watcher and the API server: the same comes of each."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from tests.cluster.harness.bad_network import KINDS, LOST, BadNetwork, BehindBadNetwork
from tests.cluster.harness.compiled_set import CompiledSet
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.figures import record_figures
from tests.cluster.harness.processes import until
from tests.cluster.harness.tiers import BAD_NETWORKS
from tests.cluster.oracles.behaviour_comparison import Step, difference, record
from tests.cluster.oracles.controller_and_watcher import ControllerSide, Observation, WatcherSide
from tests.cluster.oracles.scenario import Scenario, read, verb

SCENARIOS = {path.stem: path for path in sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))}
# In the CI tier: a restart of all, of one Job, a wait for old pods, an order, an end of each kind.
FEW = (
    "actions-restart-a-job-up-to-the-limit",
    "blocking-recreate-of-one-job",
    "inorder-from-the-start",
    "no-failure-policy",
    "sequence-08-blocking-recreate-waits-for-the-last",
)
REST = pytest.mark.full_only("the CI tier plays some scenarios over a bad network, and all over a good one")
CHOSEN = [name if name in FEW else pytest.param(name, marks=REST) for name in SCENARIOS]
AT_ONCE = 8
STEADY_SECONDS = 15
# What a watcher may ask in that time, whatever it is answered: 5 requests a second, and 30 to begin with.
MOST_REQUESTS = 30 + 5 * STEADY_SECONDS
STEADY = (LOST, 401, 403, 410, 429, 500)
MOST_EVENTS = 10
MOST_LINES = 10 + 2 * MOST_REQUESTS
SET = """apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: set}
spec:
  failurePolicy: {maxRestarts: 3}
  replicatedJobs:
  - name: workers
    replicas: 2
    template: {spec: {template: {spec: {containers: [{name: main, image: 'registry.example.com/train:1'}]}}}}
"""


def play(plane: ControlPlane, name: str, folder: Path, before: Counter[str]) -> Counter[str]:
    """Play a scenario on both sides, ours over bad networks; return the faults that have struck.

    `before` counts those of all scenarios.
    """
    scenario = read(SCENARIOS[name])
    steps = record(ControllerSide(plane, plane.new_namespace("upstream"), scenario))
    struck: Counter[str] = Counter()
    for mode in scenario.modes:
        for seed in range(BAD_NETWORKS):
            with BadNetwork(plane, f"{name} {mode} {seed}", before=before).running() as network:
                follow(plane, network, scenario, mode, steps, folder / f"{mode}-{seed}")
            struck += network.struck
    return struck


def follow(
    plane: ControlPlane, network: BadNetwork, scenario: Scenario, mode: str, steps: list[Step], folder: Path
) -> None:
    """Let the same happen on our side; after each event the same must come of it, whatever the network does."""
    behind = cast(ControlPlane, BehindBadNetwork(plane, network))
    ours = WatcherSide(behind, plane.new_namespace(mode), scenario, mode, folder)
    ours.begin()
    try:
        before: tuple[Observation, Observation] | None = None
        for step in steps:
            if step.event:
                ours.happen(step.event, step.at)
            before = step.seen, reached(ours, step, before)
    finally:
        ours.end()


def reached(ours: WatcherSide, step: Step, before: tuple[Observation, Observation] | None) -> Observation:
    """Wait until our side is what the real controller has made of an event."""
    seen: list[Observation] = []

    def is_same() -> bool:
        seen[:] = [ours.seen()]
        if is_blocking(ours.scenario):
            assert_one_attempt(seen[0])
        return not difference(ours, step.seen, seen[0], before)

    try:
        until(is_same, pause=0.2)
    except TimeoutError as error:
        wrong = difference(ours, step.seen, seen[0], before)
        raise AssertionError(f"{ours.jobs}, after {step.event or 'the beginning'}: {wrong}") from error
    return seen[0]


def is_blocking(scenario: Scenario) -> bool:
    """Whether all Jobs run in one attempt at a time."""
    policy = scenario.spec.get("failurePolicy") or {}
    alone = any(
        rule["action"].startswith("RestartJob") and "Set" not in rule["action"] for rule in policy.get("rules", ())
    )
    return policy.get("restartStrategy") == "BlockingRecreate" and not alone


def assert_one_attempt(seen: Observation) -> None:
    """See that no Job of a new attempt is there beside one of an older attempt."""
    assert len({word.split()[1] for word in seen.jobs.values()}) <= 1, seen.jobs


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what came of each scenario that is asked for, or of the few where only what struck is asked for.

    Those that stop the controller are played alone.
    """
    items = [each for each in request.session.items if each.path == request.path and hasattr(each, "callspec")]
    names = [each.callspec.params["name"] for each in items if "name" in each.callspec.params] or FEW
    folder = tmp_path_factory.mktemp("bad-network")
    alone = {name for name in names if any(verb(event) == "at once" for event in read(SCENARIOS[name]).events)}
    found: dict[str, Counter[str] | Exception] = {}
    before: Counter[str] = Counter()

    def note(name: str) -> None:
        try:
            found[name] = play(plane, name, folder / name, before)
        except Exception as error:
            found[name] = error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(note, [name for name in names if name not in alone]))
    for name in sorted(alone):
        note(name)
    record_figures("bad network", _account(found))
    return found


def _account(found: dict[str, Counter[str] | Exception]) -> dict[str, Any]:
    struck = sum((each for each in found.values() if isinstance(each, Counter)), Counter[str]())
    agree = sum(isinstance(each, Counter) for each in found.values())
    return {"scenarios": len(found), "agree": agree, "networks": BAD_NETWORKS, "faults": dict(struck)}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_scenario_over_a_bad_network(outcomes: dict[str, Counter[str] | Exception], name: str) -> None:
    outcome = outcomes[name]
    if isinstance(outcome, Exception):
        raise outcome


def test_faults_of_most_kinds_have_struck(outcomes: dict[str, Counter[str] | Exception]) -> None:
    struck = set(_account(outcomes)["faults"])
    assert struck <= KINDS
    assert len(struck) * 2 > len(KINDS)


@pytest.fixture(scope="module")
def calm(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Future[None]]:
    """Meet each steady error, side by side."""
    folder = tmp_path_factory.mktemp("steady")
    with ThreadPoolExecutor(len(STEADY)) as pool:
        return {status: pool.submit(meet, plane, folder / str(status), status) for status in STEADY}


def meet(plane: ControlPlane, folder: Path, status: int) -> None:
    """Answer a watcher with nothing but an error for a while: it asks and says little, and goes on when that is over."""
    with BadNetwork(plane, status, rate=0.0).running() as network:
        behind = cast(ControlPlane, BehindBadNetwork(plane, network))
        watched = CompiledSet(behind, plane.new_namespace("steady"), SET)
        watched.apply()
        network.steady = status
        process = watched.start(folder)
        until(lambda: network.requests.total() > 0)
        time.sleep(STEADY_SECONDS)
        assert process.status is None
        assert network.requests.total() <= MOST_REQUESTS, network.requests
        assert len(process.log.read_text().splitlines()) <= MOST_LINES
        assert len(watched.client.list("events")) <= MOST_EVENTS
        network.steady = 0
        until(lambda: bool(watched.state.get("counts")), what="the watcher goes on")
        plane.stop(process.name)


@pytest.mark.parametrize("status", STEADY)
def test_a_steady_error_leads_to_few_requests_and_lines(calm: dict[int, Future[None]], status: int) -> None:
    calm[status].result()
