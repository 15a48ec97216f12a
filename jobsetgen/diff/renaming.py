"""The names in a set that follow from its own: a rename changes all of them, and says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import Slot
from jobsetgen.model import keys

# Derived from the namespace and the name, or from the content of the whole set.
DERIVED = frozenset([keys.JOBSET_UID, keys.GENERATION, keys.SCRIPT])
_HEAD, _TAIL = r"(?<![a-z0-9])", r"(?![a-z0-9])"


def renamed(value: Any, old: str, new: str) -> Any:
    """Return plain data with a name replaced wherever it stands as a word, also as a part."""
    if not old or old == new:
        return value
    return _replaced(value, re.compile(f"{_HEAD}{re.escape(old)}{_TAIL}"), new)


def _replaced(value: Any, name: re.Pattern[str], new: str) -> Any:
    if isinstance(value, Slot):
        return value
    if isinstance(value, str):
        return name.sub(lambda _: new, value)
    if isinstance(value, Mapping):
        return {key: _replaced(item, name, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, name, new) for item in value]
    return value


def named_like(old: TrainingSet, new: TrainingSet) -> TrainingSet:
    """Return a set under the name and the namespace of another, for a comparison of the rest."""
    families = tuple(
        replace(each, template=_family(each, old, new.name, new.namespace)) for each in old.families
    )
    return replace(old, name=new.name, namespace=new.namespace, families=families)


def _family(family: Family, old: TrainingSet, name: str, namespace: str) -> dict[str, Any]:
    template: dict[str, Any] = renamed(family.template, old.name, name)
    metadata = {**template["metadata"], "namespace": namespace}
    if not namespace:
        del metadata["namespace"]
    return {**template, "metadata": metadata}


def is_generated(state: TrainingSet) -> bool:
    """Whether a set has its name from generateName: it ends in the generation's first digits."""
    return bool(state.generation) and state.name.endswith(state.generation[:8])
