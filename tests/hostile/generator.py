"""Hostile repositories by number: the same number is the same repository."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from types import ModuleType

from tests.hostile.place import PROJECT, SET, Place, Trick, fill
from tests.hostile.tricks import (
    bombs,
    git,
    kustomizations,
    links,
    meanwhile,
    names,
    outputs,
    overlays,
    projects,
    sets,
    sizes,
    special,
)

_MODULES: Mapping[str, ModuleType] = {
    "links": links,
    "special files": special,
    "sizes": sizes,
    "names": names,
    "git": git,
    "YAML": bombs,
    "projects": projects,
    "overlays": overlays,
    "kustomize and Helm": kustomizations,
    "earlier outputs": outputs,
    "swapped meanwhile": meanwhile,
    "cases of rules": sets,
}
LIGHT: dict[str, dict[str, Trick]] = {kind: module.TRICKS for kind, module in _MODULES.items()}
"""The tricks that are made at once, by kind and name."""

HEAVY: dict[str, dict[str, Trick]] = {"sizes": sizes.HEAVY}
"""Those that take longer."""

_MOST_TOGETHER = 4


def kind_of(name: str) -> str:
    """Return the kind of a trick."""
    return next(kind for kind, tricks in (*LIGHT.items(), *HEAVY.items()) if name in tricks)


def in_turn() -> list[str]:
    """Return the names of all light tricks, one of each kind in turn."""
    waiting = [list(tricks) for tricks in LIGHT.values()]
    found: list[str] = []
    while any(waiting):
        found += [names.pop(0) for names in waiting if names]
    return found


def tricks_of(number: int) -> list[str]:
    """Return the tricks of a repository: each alone at first, and then several together."""
    alone = [*in_turn(), *(name for tricks in HEAVY.values() for name in tricks)]
    if number < len(alone):
        return [alone[number]]
    random = Random(number)
    count = random.randint(1, _MOST_TOGETHER)
    found = [random.choice(list(LIGHT[random.choice(list(LIGHT))])) for _ in range(count)]
    return list(dict.fromkeys(found))


def make(place: Place, names: list[str], earlier: Path) -> None:
    """Make a repository with tricks; `earlier` is a folder with what is built of it without them."""
    # Half of them have outputs of an earlier build.
    has_output = place.random.random() < 0.5 or any(kind_of(name) == "earlier outputs" for name in names)
    fill(place)
    if place.random.random() < 0.2:
        place.write("second/jobset.yaml", SET)
        place.write("second/jobsetgen.yaml", PROJECT)
    if has_output and not any(_is_about_outputs(name) for name in names):
        outputs.with_earlier_output(place, earlier)
    tricks = {name: trick for group in (*LIGHT.values(), *HEAVY.values()) for name, trick in group.items()}
    for name in names:
        # One trick may be in the way of the next.
        with suppress(OSError):
            tricks[name](place)


def _is_about_outputs(name: str) -> bool:
    return name.startswith("an output ") and kind_of(name) == "links"
