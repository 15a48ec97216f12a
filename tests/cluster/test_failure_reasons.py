"""The reasons with which Jobs fail, beside the real Job controller.

jobsetgen.kubernetes.failures says with which reasons no Job of a spec can fail. Here Jobs fail in every way that their
spec permits: their reasons are exactly those that jobsetgen calls possible.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from jobsetgen.kubernetes.failures import OBSTACLES
from jobsetgen.kubernetes.numbers import MAX_INT32
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.failing_jobs import (
    COMPLETE,
    Trial,
    Way,
    at_once,
    containers_restart,
    every_pod,
    exits,
    is_deleted,
    is_disrupted,
    job,
    one_index,
    outcomes,
    passes_own_deadline,
    runs_on,
    suspended_after,
)

Json = dict[str, Any]

BACKOFF, DEADLINE, FAILED, TOO_MANY, POLICY = (
    "BackoffLimitExceeded",
    "DeadlineExceeded",
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
    "PodFailurePolicy",
)
WAYS: dict[str, Way] = {
    "all exit 1": every_pod(exits(1)),
    "all exit 42": every_pod(exits(42)),
    "one exits 1": one_index(exits(1)),
    "one exits 42": one_index(exits(42)),
    "all are disrupted": every_pod(is_disrupted),
    "all are deleted": every_pod(is_deleted),
    "all pass their own deadline": every_pod(passes_own_deadline),
    "containers restart": containers_restart,
    "suspended amid failures": suspended_after(exits(1)),
    "deadline": runs_on,
}
# The Job controller may still see one before the other.
AT_ONCE = {f"both exit 1 at once, {number}": at_once(every_pod(exits(1))) for number in range(3)}
WAYS |= AT_ONCE


def policy(action: str, **condition: Any) -> Json:
    """Return the field podFailurePolicy with a rule for pods that exit with 42, or for a condition."""
    rule = {"action": action, **(condition or {"onExitCodes": {"operator": "In", "values": [42]}})}
    return {"podFailurePolicy": {"rules": [rule]}}


TWO_PODS: Json = {"completions": 2, "parallelism": 2}
INDEXED: Json = {**TWO_PODS, "completionMode": "Indexed"}
PER_INDEX: Json = {**INDEXED, "backoffLimitPerIndex": 1}
ONCE_PER_INDEX: Json = {**INDEXED, "backoffLimitPerIndex": 0}
ON_FAILURE: Json = {"template": {"spec": {"restartPolicy": "OnFailure"}}}
DISRUPTED: Json = {"onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}


class Row(NamedTuple):
    """A spec, and the outcome of each way that a Job with it may go."""

    spec: Json
    outcomes: dict[str, str]


# Read beside: syncJob, trackJobStatusAndRemoveFinalizers, isPodFailed and pastBackoffLimitOnFailure in
# pkg/controller/job/job_controller.go, calculateFailedIndexes, isIndexFailed and getPodsWithDelayedDeletionPerIndex in
# pkg/controller/job/indexed_job_utils.go, matchPodFailurePolicy in pkg/controller/job/pod_failure_policy.go, and
# SetDefaults_Job in pkg/apis/batch/v1/defaults.go, of Kubernetes v1.37.2.
TABLE: dict[str, Row] = {
    "defaults": Row(
        {"completions": 4, "parallelism": 4},
        {
            "all exit 1": BACKOFF,
            "all are disrupted": BACKOFF,
            "all are deleted": BACKOFF,
            "all pass their own deadline": BACKOFF,
        },
    ),
    "defaults, Indexed": Row(
        {**INDEXED, "completions": 4, "parallelism": 4},
        {"all exit 1": BACKOFF, "one exits 1": COMPLETE, "all are deleted": BACKOFF},
    ),
    "backoffLimit 0": Row({**TWO_PODS, "backoffLimit": 0}, {"all exit 1": BACKOFF}),
    "no limit": Row(
        {**TWO_PODS, "backoffLimit": MAX_INT32},
        {"all exit 1": COMPLETE, "all are disrupted": COMPLETE, "all are deleted": COMPLETE},
    ),
    "no limit, OnFailure": Row(
        {**TWO_PODS, **ON_FAILURE, "backoffLimit": MAX_INT32},
        {"containers restart": COMPLETE, "all pass their own deadline": COMPLETE},
    ),
    "OnFailure": Row(
        {**TWO_PODS, **ON_FAILURE},
        {"containers restart": BACKOFF, "all pass their own deadline": BACKOFF},
    ),
    "deadline": Row(
        {**TWO_PODS, "activeDeadlineSeconds": 3600, "backoffLimit": 1},
        {"all exit 1": BACKOFF, "deadline": DEADLINE},
    ),
    "deadline, per index": Row(
        {**PER_INDEX, "activeDeadlineSeconds": 3600},
        {"all exit 1": FAILED, "deadline": DEADLINE},
    ),
    # Deleted pods count as failed once they have ended, or at once: the reason is the same.
    "replaced when failed": Row(
        {**TWO_PODS, "backoffLimit": 0, "podReplacementPolicy": "Failed"},
        {"all are deleted": BACKOFF, "all exit 1": BACKOFF},
    ),
    "per index": Row(
        PER_INDEX,
        {
            "all exit 1": FAILED,
            "one exits 1": FAILED,
            "all are disrupted": FAILED,
            "all are deleted": FAILED,
            "all pass their own deadline": FAILED,
        },
    ),
    "per index, replaced when failed": Row(
        {**PER_INDEX, "podReplacementPolicy": "Failed"},
        {"all are deleted": FAILED, "all exit 1": FAILED},
    ),
    "per index, no limit": Row({**PER_INDEX, "backoffLimit": MAX_INT32}, {"all exit 1": FAILED}),
    "per index, backoffLimit 0": Row({**PER_INDEX, "backoffLimit": 0}, {"all exit 1": BACKOFF, "one exits 1": BACKOFF}),
    # Two pods fail before an index does.
    "per index, backoffLimit 1": Row({**PER_INDEX, "backoffLimit": 1}, {"all exit 1": BACKOFF, "one exits 1": BACKOFF}),
    "per index, backoffLimit 2": Row({**PER_INDEX, "backoffLimit": 2}, {"all exit 1": BACKOFF, "one exits 1": FAILED}),
    # Four pods fail before all indexes have; but a Job that is suspended forgets failures of an index.
    "per index, backoffLimit 5": Row(
        {**PER_INDEX, "backoffLimit": 5},
        {"all exit 1": FAILED, "one exits 1": FAILED, "suspended amid failures": BACKOFF},
    ),
    "once per index, backoffLimit 1": Row(
        {**ONCE_PER_INDEX, "backoffLimit": 1}, {"all exit 1": BACKOFF, "one exits 1": FAILED}
    ),
    "once per index, backoffLimit 2": Row(
        {**ONCE_PER_INDEX, "backoffLimit": 2},
        {
            "all exit 1": FAILED,
            "one exits 1": FAILED,
            "all are disrupted": FAILED,
            "all are deleted": FAILED,
            "suspended amid failures": FAILED,
        },
    ),
    "once per index, backoffLimit 2, OnFailure": Row(
        {**ONCE_PER_INDEX, **ON_FAILURE, "backoffLimit": 2},
        {"containers restart": BACKOFF, "all pass their own deadline": FAILED},
    ),
    "no failed index": Row({**PER_INDEX, "maxFailedIndexes": 0}, {"all exit 1": TOO_MANY, "one exits 1": TOO_MANY}),
    "one failed index": Row({**PER_INDEX, "maxFailedIndexes": 1}, {"all exit 1": TOO_MANY, "one exits 1": FAILED}),
    "as many failed indexes as there are": Row(
        {**PER_INDEX, "maxFailedIndexes": 2}, {"all exit 1": FAILED, "one exits 1": FAILED}
    ),
    # An index fails with two failed pods, both with four.
    "one failed index, backoffLimit 3": Row(
        {**PER_INDEX, "maxFailedIndexes": 1, "backoffLimit": 3},
        {"all exit 1": BACKOFF, "one exits 1": FAILED},
    ),
    "one failed index, backoffLimit 4": Row(
        {**PER_INDEX, "maxFailedIndexes": 1, "backoffLimit": 4},
        {"all exit 1": TOO_MANY, "one exits 1": FAILED, "suspended amid failures": BACKOFF},
    ),
    "FailJob": Row(
        {**TWO_PODS, "backoffLimit": 1, **policy("FailJob")},
        {"all exit 42": POLICY, "all exit 1": BACKOFF, "all are deleted": BACKOFF},
    ),
    "FailJob, no limit": Row(
        {**TWO_PODS, "backoffLimit": MAX_INT32, **policy("FailJob")},
        {"all exit 42": POLICY, "all exit 1": COMPLETE},
    ),
    "FailJob by a condition": Row(
        {**TWO_PODS, "backoffLimit": 1, **policy("FailJob", **DISRUPTED)},
        {"all are disrupted": POLICY, "all exit 1": BACKOFF},
    ),
    "FailJob, per index": Row(
        {**PER_INDEX, "maxFailedIndexes": 1, **policy("FailJob")},
        {"one exits 42": POLICY, "one exits 1": FAILED, "all exit 1": TOO_MANY},
    ),
    "Ignore": Row(
        {**TWO_PODS, "backoffLimit": 1, **policy("Ignore")},
        {"all exit 42": COMPLETE, "all exit 1": BACKOFF},
    ),
    "Ignore, per index": Row(
        {**PER_INDEX, **policy("Ignore", **DISRUPTED)},
        {"all are disrupted": COMPLETE, "all exit 1": FAILED},
    ),
    "Count": Row(
        {**TWO_PODS, "backoffLimit": 1, **policy("Count")},
        {"all exit 42": BACKOFF, "all exit 1": BACKOFF},
    ),
    "Count, per index": Row({**PER_INDEX, **policy("Count")}, {"all exit 42": FAILED}),
    "FailIndex": Row(
        {**PER_INDEX, **policy("FailIndex")},
        {"all exit 42": FAILED, "one exits 42": FAILED, "all exit 1": FAILED},
    ),
    # One failed pod fails its index.
    "FailIndex, backoffLimit 1": Row(
        {**PER_INDEX, "backoffLimit": 1, **policy("FailIndex")},
        {"all exit 42": BACKOFF, "one exits 42": FAILED, "one exits 1": BACKOFF},
    ),
    "FailIndex, one failed index, backoffLimit 2": Row(
        {**PER_INDEX, "maxFailedIndexes": 1, "backoffLimit": 2, **policy("FailIndex")},
        {"all exit 42": TOO_MANY, "one exits 42": FAILED, "all exit 1": BACKOFF},
    ),
    "successPolicy": Row(
        {**PER_INDEX, "successPolicy": {"rules": [{"succeededIndexes": "1"}]}},
        {"one exits 1": COMPLETE, "all exit 1": FAILED},
    ),
    "successPolicy, not per index": Row(
        {**INDEXED, "backoffLimit": 0, "successPolicy": {"rules": [{"succeededCount": 2}]}},
        {"one exits 1": BACKOFF},
    ),
}


def test_each_way_of_failing_has_its_reason(real_plane: ControlPlane) -> None:
    cases = {(name, way): row.spec for name, row in TABLE.items() for way in row.outcomes}
    expected = {(name, way): outcome for name, row in TABLE.items() for way, outcome in row.outcomes.items()}
    found = outcomes_of(real_plane, cases)
    assert found == expected
    for name, row in TABLE.items():
        assert set(row.outcomes.values()) - {COMPLETE} == possible(row.spec), name


@pytest.mark.full_only("the CI tier has a row for each obstacle; these are all combinations of the fields")
def test_jobs_fail_with_the_possible_reasons_and_no_other(real_plane: ControlPlane) -> None:
    specs = {str(number): spec for number, spec in enumerate(every_spec())}
    reasons: dict[str, set[str]] = {number: set() for number in specs}
    cases = {(number, way): spec for number, spec in specs.items() for way in ways_of(spec)}
    for (number, _), outcome in outcomes_of(real_plane, cases).items():
        reasons[number] |= {outcome} - {COMPLETE}
    found = {str(spec): reasons[number] for number, spec in specs.items()}
    assert found == {str(spec): possible(spec) for spec in specs.values()}


@pytest.mark.full_only("the CI tier has two Jobs that pass their deadline; these have all combinations of other fields")
def test_a_deadline_is_one_more_reason(real_plane: ControlPlane) -> None:
    specs = {str(number): {**spec, "activeDeadlineSeconds": 3600} for number, spec in enumerate(every_spec())}
    found = outcomes_of(real_plane, {(number, "deadline"): spec for number, spec in specs.items()})
    assert set(found.values()) == {DEADLINE}
    for number, spec in enumerate(every_spec()):
        assert possible(specs[str(number)]) == possible(spec) | {DEADLINE}


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({**INDEXED, "maxFailedIndexes": 1}, id="maxFailedIndexes-alone"),
        pytest.param({**TWO_PODS, "backoffLimitPerIndex": 1}, id="per-index-NonIndexed"),
        pytest.param({**INDEXED, **policy("FailIndex")}, id="FailIndex-alone"),
        pytest.param({**PER_INDEX, "maxFailedIndexes": 3}, id="more-failed-indexes-than-there-are"),
        pytest.param({**TWO_PODS, **ON_FAILURE, **policy("FailJob")}, id="podFailurePolicy-OnFailure"),
    ],
)
def test_the_server_refuses_the_other_combinations(real_plane: ControlPlane, spec: Json) -> None:
    with pytest.raises(ApiError, match="is invalid"):
        real_plane.client.create(job("refused", spec), dry_run=True)


def outcomes_of(plane: ControlPlane, cases: dict[tuple[str, str], Json]) -> dict[tuple[str, str], str]:
    """Run the Jobs of specs, by a name and a way, and return their outcomes."""
    client = plane.within(plane.new_namespace("reasons"))
    names = {f"job-{number}": case for number, case in enumerate(cases)}
    trials = {name: trial(cases[case], case[1]) for name, case in names.items()}
    return {names[name]: outcome for name, outcome in outcomes(client, trials).items()}


def trial(spec: Json, way: str) -> Trial:
    """Return a spec and its way, with a short deadline where the Job is to pass it."""
    if way == "deadline":
        spec = {**spec, "activeDeadlineSeconds": 1}
    return Trial(spec, WAYS[way])


def possible(spec: Json) -> set[str]:
    """Return the reasons that jobsetgen calls possible."""
    template = job("any", spec)["spec"]
    return {reason for reason, obstacle in OBSTACLES.items() if not obstacle(template)}


def every_spec() -> Iterator[Json]:
    """Yield a spec without a deadline for each combination of the other fields that the server accepts."""
    limits: list[Json] = [{}, *({"backoffLimit": limit} for limit in (0, 1, 2, 5, MAX_INT32))]
    maxima: list[Json] = [{}, *({"maxFailedIndexes": maximum} for maximum in (0, 1, 2))]
    pods: list[Json] = [{}, ON_FAILURE, policy("FailJob")]
    for mode, limit, pod in itertools.product((TWO_PODS, INDEXED), limits, pods):
        yield {**mode, **limit, **pod}
    pods.append(policy("FailIndex"))
    for mode, limit, pod, maximum in itertools.product((PER_INDEX, ONCE_PER_INDEX), limits, pods, maxima):
        yield {**mode, **limit, **pod, **maximum}


def ways_of(spec: Json) -> Iterator[str]:
    """Yield the ways that suffice to produce each reason that is possible with a spec without a deadline."""
    yield from ("all exit 1", "one exits 1")
    if "podFailurePolicy" in spec:
        yield from ("all exit 42", "one exits 42")
    if "template" in spec:
        yield "containers restart"
    # No more pods fail than its limit unless it forgets some.
    if spec.get("backoffLimitPerIndex") and spec.get("backoffLimit") == 5:
        yield "suspended amid failures"
    # The first failed index fails the Job.
    if spec.get("maxFailedIndexes") == 0 and spec.get("backoffLimit") == 1:
        yield from AT_ONCE
