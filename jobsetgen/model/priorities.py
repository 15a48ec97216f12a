"""The priority of pods, as admission will resolve it from their class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from jobsetgen.kubernetes.priorities import (
    PRIORITY_WITHOUT_CLASS,
    SYSTEM_PRIORITY_CLASSES,
    PriorityClass,
    default_class,
    priority_class,
)
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import string


class Priorities(NamedTuple):
    """The known priorities: by the name of a class, and the one of pods without a class."""

    by_class: Mapping[str, int]
    default: int

    def of_class(self, name: str) -> int | None:
        """Return the priority of pods that name a class, or none; None if it is unknown."""
        return self.by_class.get(name) if name else self.default

    def of_pod(self, pod: Mapping[str, Any]) -> int | None:
        """Return a pod's priority, or None if its class is unknown. Its own field wins."""
        own = pod.get("priority")
        return int(own) if isinstance(own, int) else self.of_class(string(pod, "priorityClassName"))


def classes_of(units: Sequence[Unit]) -> tuple[PriorityClass, ...]:
    """Return the PriorityClasses of an input."""
    found = (priority_class(unit.data) for unit in units if unit.kind == "PriorityClass")
    return tuple(each for each in found if each)


class _Last:
    """What was asked for last: each set of an input asks for the same."""

    settings: ClassVar[Settings | None] = None
    known: ClassVar[Mapping[bool, Priorities]] = {}


def priorities(settings: Settings, *, with_input: bool) -> Priorities:
    """Return the priorities that are known from options and, if asked, from the input."""
    if _Last.settings is not settings:
        _Last.settings = settings
        _Last.known = {each: _priorities(settings, with_input=each) for each in (False, True)}
    return _Last.known[with_input]


def _priorities(settings: Settings, *, with_input: bool) -> Priorities:
    """Return the priorities that are known from options and, if asked, from the input.

    Options win, because a person has set them for this compile. The classes that Kubernetes
    creates cannot have another value in a cluster.
    """
    classes = settings.input_classes if with_input else ()
    by_class = {each.name: each.value for each in classes}
    return Priorities(
        by_class={**by_class, **SYSTEM_PRIORITY_CLASSES, **settings.priority_classes},
        default=_default(settings, classes),
    )


def _default(settings: Settings, classes: tuple[PriorityClass, ...]) -> int:
    if settings.default_priority is not None:
        return settings.default_priority
    found = default_class(classes)
    return found.value if found else PRIORITY_WITHOUT_CLASS
