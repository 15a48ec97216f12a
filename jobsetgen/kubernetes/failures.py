"""Why a Job fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.plain import integer, mapping, objects, string
from jobsetgen.words import plural

_DEFAULT_BACKOFF_LIMIT = 6


class Obstacle(NamedTuple):
    """What keeps every Job with a spec from failing with a reason, and the advice to change it."""

    lack: str
    remedy: str


def _backoff_limit_exceeded(spec: Mapping[str, Any]) -> Obstacle | None:
    limit = _backoff_limit(spec)
    if limit >= MAX_INT32:
        lack = f"backoffLimit is {MAX_INT32}, the default with backoffLimitPerIndex"
        return Obstacle(lack, "Set a lower backoffLimit")
    completions = _completions(spec)
    if _fails_once_per_index(spec) and limit >= completions > 0:
        pods = plural(completions, "pod")
        lack = f"backoffLimit is {limit}, and with backoffLimitPerIndex: 0 at most {pods} can fail"
        return Obstacle(lack, f"Set backoffLimit below {completions}")
    return None


def _deadline_exceeded(spec: Mapping[str, Any]) -> Obstacle | None:
    return _unless_set(spec, "activeDeadlineSeconds")


def _failed_indexes(spec: Mapping[str, Any]) -> Obstacle | None:
    if integer(spec, "maxFailedIndexes", 1) == 0:
        lack = "maxFailedIndexes is 0, which the first failed index exceeds"
        return Obstacle(lack, "Set a higher maxFailedIndexes")
    return _unless_set(spec, "backoffLimitPerIndex") or _too_few_failures(spec, 1)


def _max_failed_indexes_exceeded(spec: Mapping[str, Any]) -> Obstacle | None:
    maximum = integer(spec, "maxFailedIndexes", -1)
    completions = _completions(spec)
    if maximum >= completions > 0:
        lack = f"maxFailedIndexes is {maximum}, and completions is {completions}"
        return Obstacle(lack, f"Set maxFailedIndexes below {completions}")
    return _unless_set(spec, "maxFailedIndexes") or _too_few_failures(spec, maximum + 1)


def _pod_failure_policy(spec: Mapping[str, Any]) -> Obstacle | None:
    if _has_action(spec, "FailJob"):
        return None
    lack = "no podFailurePolicy has a rule with the action FailJob"
    return Obstacle(lack, "Add a podFailurePolicy rule with the action FailJob")


def _unless_set(spec: Mapping[str, Any], field: str) -> Obstacle | None:
    if _has(spec, field):
        return None
    return Obstacle(f"{field} is not set", f"Set {field} in the Job template")


def _too_few_failures(spec: Mapping[str, Any], indexes: int) -> Obstacle | None:
    """Return the backoffLimit as the obstacle if it is exceeded before so many indexes fail."""
    limit = _backoff_limit(spec)
    needed = indexes * _failures_of_an_index(spec)
    if limit >= needed:
        return None
    what = "an index fails" if indexes == 1 else f"{indexes} indexes fail"
    lack = f"backoffLimit is {limit}, and {what} only after {plural(needed, 'failed pod')}"
    return Obstacle(lack, f"Set backoffLimit to {needed} or more")


def _failures_of_an_index(spec: Mapping[str, Any]) -> int:
    """Return how many pods of an index must fail at least before the index has failed."""
    if _has_action(spec, "FailIndex"):
        return 1
    return integer(spec, "backoffLimitPerIndex", 0) + 1


def _fails_once_per_index(spec: Mapping[str, Any]) -> bool:
    """Whether no index can fail twice.

    An index with retries can, beyond its limit: a Job that is suspended and resumed keeps the count
    of its failed pods and loses that of each index. With restartPolicy OnFailure, the restarts of
    containers count as well.
    """
    restarts = string(mapping(mapping(spec, "template"), "spec"), "restartPolicy")
    return integer(spec, "backoffLimitPerIndex", 1) == 0 and restarts == "Never"


def _backoff_limit(spec: Mapping[str, Any]) -> int:
    # With backoffLimitPerIndex, the API server defaults backoffLimit to the largest number.
    by_index = _has(spec, "backoffLimitPerIndex")
    return integer(spec, "backoffLimit", MAX_INT32 if by_index else _DEFAULT_BACKOFF_LIMIT)


def _completions(spec: Mapping[str, Any]) -> int:
    """Return the number of completions; without a limit where parallelism alone is set."""
    return integer(spec, "completions", MAX_INT32 if _has(spec, "parallelism") else 1)


def _has(spec: Mapping[str, Any], field: str) -> bool:
    return spec.get(field) is not None


def _has_action(spec: Mapping[str, Any], action: str) -> bool:
    rules = objects(mapping(spec, "podFailurePolicy"), "rules")
    return any(rule.get("action") == action for _, rule in rules)


# Source: syncJob, getFailJobMessage and pastBackoffLimitOnFailure in
# pkg/controller/job/job_controller.go, isIndexFailed in pkg/controller/job/indexed_job_utils.go,
# and SetDefaults_Job in pkg/apis/batch/v1/defaults.go, of Kubernetes v1.37. The tests beside the
# real Job controller try every combination of the fields.
OBSTACLES: Mapping[str, Callable[[Mapping[str, Any]], Obstacle | None]] = {
    "BackoffLimitExceeded": _backoff_limit_exceeded,
    "DeadlineExceeded": _deadline_exceeded,
    "FailedIndexes": _failed_indexes,
    "MaxFailedIndexesExceeded": _max_failed_indexes_exceeded,
    "PodFailurePolicy": _pod_failure_policy,
}
"""What keeps a Job with a spec from failing with each reason, or None where nothing does."""

REASONS = tuple(OBSTACLES)
"""The reasons of a Job's Failed condition."""
