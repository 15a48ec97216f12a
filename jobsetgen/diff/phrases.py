"""Phrases about sets and changed fields that every format shares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.entry import full_name
from jobsetgen.diff.paths import path_text
from jobsetgen.diff.sides import TrainingSet
from jobsetgen.naming import job_name
from jobsetgen.words import listed, listed_first, plural

_LONGEST_VALUE = 60
_MOST_CAUSES = 3
_MOST_NAMES = 3


def all_jobs(state: TrainingSet) -> str:
    """Return the Jobs of a set and their pods: `all 4 Jobs (34 pods)`."""
    pods = plural(state.pods, "pod")
    if state.jobs == 1:
        return f"its only Job ({pods})"
    if state.jobs == 2:
        return f"both Jobs ({pods})"
    return f"all {plural(state.jobs, 'Job')} ({pods})"


def some_jobs(state: TrainingSet, replicated_job: str, indexes: Sequence[int]) -> str:
    """Return single Jobs of a set by name: `Job demo-workers-1`, or `Jobs a, b and 5 more`."""
    names = [job_name(state.name, replicated_job, index) for index in indexes[:_MOST_NAMES]]
    noun = "Job" if len(indexes) == 1 else "Jobs"
    return f"{noun} {listed_first(names, len(indexes))}"


def set_name(state: TrainingSet) -> str:
    """Return a set's name with its namespace, if it has one."""
    return full_name(state.namespace, state.name)


def field_names(changes: Iterable[FieldChange]) -> str:
    """Return the names of changed fields: `backoffLimit and failurePolicy.maxRestarts`."""
    names = dict.fromkeys(path_text(_within_spec(change.path)) for change in changes)
    return listed(list(names))


def _within_spec(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return path[1:] if path[0] == "spec" and len(path) > 1 else path


def causes(lead: str, changes: Sequence[FieldChange]) -> list[str]:
    """Return the first changes as phrases: `workers: image trainer:1 → trainer:2`."""
    shown = [f"{lead}: {_cause(change)}" for change in changes[:_MOST_CAUSES]]
    more = len(changes) - _MOST_CAUSES
    return [*shown, f"{lead}: {plural(more, 'more change')}"] if more > 0 else shown


def _cause(change: FieldChange) -> str:
    where = path_text(_shortened(change.path))
    if change.operation == "move":
        return f"{where} moved"
    if change.text:
        return f"{where} changed"
    if change.operation == "add":
        return f"{where} {_value(change.new)} added".replace("  ", " ")
    if change.operation == "remove":
        return f"{where} {_value(change.old)} removed".replace("  ", " ")
    return f"{where} {_value(change.old)} → {_value(change.new)}"


def _shortened(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return a path without the steps that every field of a pod has."""
    pod = ("spec", "template", "spec")
    return path[len(pod) :] if path[: len(pod)] == pod and len(path) > len(pod) else path


def _value(value: Any) -> str:
    """Return a value in a phrase, or nothing where it is too long to be read there."""
    text = value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, dict | list) or len(text) > _LONGEST_VALUE or "\n" in text:
        return ""
    return text
