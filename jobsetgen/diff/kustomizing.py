"""What kustomize changes in rendered manifests, as far as that can be told without running it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from jobsetgen.diff.sides import Side
from jobsetgen.output.layout import KUSTOMIZATION
from jobsetgen.output.transformers import Transformer
from jobsetgen.words import listed

_Fields = Mapping[str, Transformer]


def kustomize_changes(old: Side, new: Side) -> tuple[str, ...]:
    """Return the fields of a kustomization by which other objects are applied, as phrases.

    They are those that one side adds, changes or does not have, and those that depend on what
    neither side has read.
    """
    pairs = list(_pairs(old, new))
    return tuple(dict.fromkeys(phrase for pair in pairs for phrase in _differences(*pair)))


def kustomize_notes(old: Side, new: Side) -> Iterator[str]:
    """Yield that kustomize changes both sides alike, if it does."""
    for before, after in _pairs(old, new):
        same = [name for name in after if before.get(name) == after[name] and after[name].is_whole]
        if same:
            verb = "is" if len(same) == 1 else "are"
            yield (
                f"{listed(same)} in {KUSTOMIZATION} {verb} the same on both sides: the manifests"
                " are compared as they are before kustomize changes them"
            )


def kustomize_fact(fields: str) -> str:
    """Return that kustomize changes what is applied; `fields` is a list in words."""
    return f"kustomize changes what is applied, by {fields} in {KUSTOMIZATION}"


def unknown_effect(fields: str) -> str:
    """Return the same, and that its effect cannot be compared."""
    return f"{kustomize_fact(fields)}; which objects that renames, replaces or deletes is unknown"


def _pairs(old: Side, new: Side) -> Iterator[tuple[_Fields, _Fields]]:
    nothing: _Fields = {}
    return zip_longest(old.transformers, new.transformers, fillvalue=nothing)


def _differences(before: _Fields, after: _Fields) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"{name} (added)"
        elif name not in after:
            yield f"{name} (removed)"
        elif before[name] != after[name]:
            yield f"{name} (changed)"
        elif not after[name].is_whole:
            yield f"{name} (what it refers to was not read)"
