"""Why a Job fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.plain import integer, mapping, objects


class Condition(NamedTuple):
    """What a Job's spec must have for a Job to fail with a reason.

    `lack` says what a spec lacks that does not have it, and `remedy` is the advice to add it.
    """

    holds: Callable[[Mapping[str, Any]], bool]
    lack: str
    remedy: str


def _has(field: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda spec: spec.get(field) is not None


def _can_exceed_backoff_limit(spec: Mapping[str, Any]) -> bool:
    # With backoffLimitPerIndex, the API server defaults backoffLimit to the largest number.
    default = MAX_INT32 if _has("backoffLimitPerIndex")(spec) else 0
    return integer(spec, "backoffLimit", default) < MAX_INT32


def _can_fail_by_pod_failure_policy(spec: Mapping[str, Any]) -> bool:
    rules = objects(mapping(spec, "podFailurePolicy"), "rules")
    return any(rule.get("action") == "FailJob" for _, rule in rules)


# Source: syncJob and getFailJobMessage in pkg/controller/job/job_controller.go, and
# SetDefaults_Job in pkg/apis/batch/v1/defaults.go, of Kubernetes v1.37.
CONDITIONS: Mapping[str, Condition] = {
    "BackoffLimitExceeded": Condition(
        _can_exceed_backoff_limit,
        f"backoffLimit is {MAX_INT32}, the default with backoffLimitPerIndex",
        "Set a lower backoffLimit",
    ),
    "DeadlineExceeded": Condition(
        _has("activeDeadlineSeconds"),
        "activeDeadlineSeconds is not set",
        "Set activeDeadlineSeconds in the Job template",
    ),
    "FailedIndexes": Condition(
        _has("backoffLimitPerIndex"),
        "backoffLimitPerIndex is not set",
        "Set backoffLimitPerIndex in the Job template",
    ),
    "MaxFailedIndexesExceeded": Condition(
        _has("maxFailedIndexes"),
        "maxFailedIndexes is not set",
        "Set maxFailedIndexes in the Job template",
    ),
    "PodFailurePolicy": Condition(
        _can_fail_by_pod_failure_policy,
        "no podFailurePolicy has a rule with the action FailJob",
        "Add a podFailurePolicy rule with the action FailJob",
    ),
}
"""The condition of each reason: the Job controller sets no reason without it."""

REASONS = tuple(CONDITIONS)
"""The reasons of a Job's Failed condition."""
