"""The failure policy of a set in words, as its watcher reads it from the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobsetgen.diff.sides import TrainingSet
from jobsetgen.model.jobset import FailurePolicy, FailureRule
from jobsetgen.plain import integer, mapping, objects, string, strings
from jobsetgen.review.policies import failure


def failure_words(state: TrainingSet | None) -> tuple[str, ...]:
    """Return what failures of a set lead to, in the words of `explain`; nothing without a set."""
    if state is None:
        return ()
    return tuple(failure(_failure_policy(state.plan or {})))


def _failure_policy(plan: Mapping[str, Any]) -> FailurePolicy | None:
    written = mapping(plan, "failurePolicy")
    if not written:
        return None
    return FailurePolicy(
        path=(),
        max_restarts=integer(written, "maxRestarts", 0),
        restart_strategy=string(written, "restartStrategy"),
        rules=tuple(_rule(each) for _, each in objects(written, "rules")),
    )


def _rule(written: Mapping[str, Any]) -> FailureRule:
    return FailureRule(
        path=(),
        name=string(written, "name"),
        action=string(written, "action"),
        reasons=strings(written, "reasons"),
        patterns=strings(written, "patterns"),
        targets=strings(written, "targets"),
    )
