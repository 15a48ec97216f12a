"""The watcher's plan, read back: its content as data, and the Jobs that the watcher creates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jobsetgen.diff.sides import Family
from jobsetgen.expand.objects import DOMAIN, Object, Slot, fill
from jobsetgen.expand.plan import SLOTS
from jobsetgen.expand.watcher import PLAN_KEY
from jobsetgen.plain import integer, mapping, objects, string, strings

MOST_JOBS: Final = 100_000
"""The most Jobs that a replicatedJob of rendered manifests may announce.

A number from a manifest that nobody has validated must not fill the memory.
"""

_DEEPEST = 100
_SLOTS = {name: slot for slot, name in SLOTS.items()}


def read_plan(config_map: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the plan in a ConfigMap as data, or None if it holds none that a watcher can read."""
    text = string(mapping(config_map, "data"), PLAN_KEY)
    try:
        content = json.loads(text, parse_constant=_refuse)
        _check(content)
    except (ValueError, OverflowError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def planned_families(plan: Mapping[str, Any]) -> Iterator[Family]:
    """Yield the Jobs that the watcher creates from a plan."""
    for _, each in objects(plan, "replicatedJobs"):
        replicas = integer(each, "replicas", 0)
        if 0 < replicas <= MOST_JOBS:
            template = _with_slots(dict(mapping(each, "job")))
            yield family(string(each, "name"), template, replicas, strings(each, "domains"))


def family(name: str, template: Object, replicas: int, domains: tuple[str, ...]) -> Family:
    """Return the Jobs of a replicatedJob that all exist and differ only in their index.

    If all have the same topology domain, as a single Job has, it is in the template: the manifest
    of the Job does not tell that it was pinned.
    """
    if len(set(domains)) == 1:
        template = fill(template, {DOMAIN: domains[0]})
    return Family(
        replicated_job=name,
        template=template,
        indexes=tuple(range(replicas)),
        domains=domains,
    )


def _with_slots(value: Any) -> Any:
    """Return a template of the plan with slots instead of their names."""
    if isinstance(value, Mapping):
        slot = value.get("$slot")
        if len(value) == 1 and isinstance(slot, str) and slot in _SLOTS:
            return Slot(_SLOTS[slot])
        return {key: _with_slots(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_slots(item) for item in value]
    return value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _check(value: Any, depth: int = 0) -> None:
    """Raise ValueError or OverflowError for data that no manifest can hold.

    That is deep nesting, half a character, or an infinite number.
    """
    if depth > _DEEPEST:
        raise ValueError(f"more than {_DEEPEST} levels of nesting")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, float):
        # A number too large for a float is infinite.
        value.as_integer_ratio()
    for item in _inside(value):
        _check(item, depth + 1)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else ()
