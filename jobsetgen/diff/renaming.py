"""The names in a set that follow from its own: a rename changes all of them, and says nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import Slot
from jobsetgen.model import keys
from jobsetgen.plain import texts

# Derived from the namespace and the name, or from the content of the whole set.
DERIVED = frozenset([keys.JOBSET_UID, keys.GENERATION, keys.SCRIPT])
_HEAD, _TAIL = r"(?<![a-z0-9])", r"(?![a-z0-9])"


def renamed(value: Any, old: str, new: str, known: Container[str] | None = None) -> Any:
    """Return plain data with a name replaced wherever it stands as a word, also as a part.

    With `known`, a string is only replaced if it is not among those, but becomes one of them.
    """
    if not old or old == new:
        return value
    return _replaced(value, re.compile(f"{_HEAD}{re.escape(old)}{_TAIL}"), new, known)


def _replaced(value: Any, name: re.Pattern[str], new: str, known: Container[str] | None) -> Any:
    if isinstance(value, Slot):
        return value
    if isinstance(value, str):
        return _replaced_text(value, name, new, known)
    if isinstance(value, Mapping):
        return {key: _replaced(item, name, new, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, name, new, known) for item in value]
    return value


def _replaced_text(text: str, name: re.Pattern[str], new: str, known: Container[str] | None) -> str:
    changed = name.sub(lambda _: new, text)
    if known is None or (text not in known and changed in known):
        return changed
    return text


def named_like(old: TrainingSet, new: TrainingSet) -> TrainingSet:
    """Return a set under the name and the namespace of another, for a comparison of the rest.

    Only strings that the other set has are renamed: its name may also be a word of a command.
    """
    known = {text for each in new.families for text in texts(each.template)}
    families = tuple(
        replace(each, template=_family(each, old, new.name, new.namespace, known))
        for each in old.families
    )
    return replace(old, name=new.name, namespace=new.namespace, families=families)


def _family(
    family: Family, old: TrainingSet, name: str, namespace: str, known: Container[str]
) -> dict[str, Any]:
    template: dict[str, Any] = renamed(family.template, old.name, name, known)
    metadata = {**template["metadata"], "namespace": namespace}
    if not namespace:
        del metadata["namespace"]
    return {**template, "metadata": metadata}


def is_generated(state: TrainingSet) -> bool:
    """Whether a set has its name from generateName: it ends in the generation's first digits."""
    return bool(state.generation) and state.name.endswith(state.generation[:8])
