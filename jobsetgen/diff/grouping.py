"""Group rendered objects into training sets; what belongs to none passes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobsetgen.diff.facts import facts
from jobsetgen.diff.families import FamilyFold
from jobsetgen.diff.members import affixes
from jobsetgen.diff.plans import planned_families, read_plan
from jobsetgen.diff.sides import Family, TrainingSet
from jobsetgen.expand.objects import Object
from jobsetgen.model import keys
from jobsetgen.naming import plan_name
from jobsetgen.plain import mapping, string

_Key = tuple[str, str]
"""The namespace and the name of a set."""


@dataclass(slots=True)
class _Parts:
    """The objects of one set; `position` is that of its first one.

    `names` are what kustomize has put before and after the names of its objects.
    """

    position: int
    folds: list[FamilyFold] = field(default_factory=list)
    families: tuple[Family, ...] = ()
    others: list[Object] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    names: tuple[str, str] = ("", "")


class Grouping:
    """Rendered objects by the set that they belong to.

    `folds` are the families of Jobs and `others` the other objects, each with its position.
    """

    def __init__(
        self,
        folds: Sequence[tuple[int, FamilyFold]],
        others: Sequence[tuple[int, Object]],
    ) -> None:
        self._sets: dict[_Key, _Parts] = {}
        self._passed: list[Object] = []
        for position, fold in folds:
            self._fold(position, fold)
        left = [each for each in others if not self._is_plan(*each)]
        self._find_families()
        for position, item in left:
            self._assign(position, item)

    def sets(self) -> tuple[TrainingSet, ...]:
        """Return the sets in the order of their first objects."""
        ordered = sorted(self._sets.items(), key=lambda entry: entry[1].position)
        return tuple(_training_set(key, parts) for key, parts in ordered)

    def pass_through(self) -> tuple[Object, ...]:
        """Return the objects that belong to no set, in order."""
        return tuple(self._passed)

    def _fold(self, position: int, fold: FamilyFold) -> None:
        identity = fold.lowest.identity
        parts = self._parts((identity.namespace, identity.jobset), position)
        parts.folds.append(fold)
        parts.names = fold.lowest.likeness.numbering.affixes or ("", "")

    def _parts(self, key: _Key, position: int) -> _Parts:
        parts = self._sets.setdefault(key, _Parts(position))
        parts.position = min(parts.position, position)
        return parts

    def _is_plan(self, position: int, item: Object) -> bool:
        """Whether an object is the plan of a set that has none so far; if so, keep it."""
        if item.get("kind") != "ConfigMap" or not _label(item, keys.OUR_JOBSET):
            return False
        plan = read_plan(item)
        name = string(plan or {}, "jobset")
        key = (_namespace(item), name)
        if not name or (key in self._sets and self._sets[key].plan is not None):
            return False
        parts = self._parts(key, position)
        parts.plan = plan
        parts.names = affixes(_name(item), plan_name(name)) or ("", "")
        return True

    def _find_families(self) -> None:
        """Set the families of each set: those of its plan, or those of its Jobs."""
        for parts in self._sets.values():
            if parts.plan and parts.plan.get("jobs") == "watcher":
                parts.families = tuple(planned_families(parts.plan))
            else:
                folds = sorted(parts.folds, key=lambda fold: fold.first_global_index)
                parts.families = tuple(fold.family() for fold in folds)

    def _assign(self, position: int, item: Object) -> None:
        parts = self._owner(position, item)
        if parts is None:
            self._passed.append(item)
        else:
            parts.position = min(parts.position, position)
            parts.others.append(item)

    def _owner(self, position: int, item: Object) -> _Parts | None:
        """Return the set that an object belongs to, or None.

        A claim or a Service that the input provides, and that looks like one that jobsetgen
        writes, cannot be told from it, and belongs to the set.
        """
        namespace, kind = _namespace(item), item.get("kind")
        if label := _label(item, keys.OUR_JOBSET):
            return self._sets.get((namespace, label))
        if kind == "PersistentVolumeClaim":
            name = _label(item, keys.JOBSET_NAME)
            return self._parts((namespace, name), position) if name else None
        return self._user(position, item) if kind == "Service" else None

    def _user(self, position: int, service: Object) -> _Parts | None:
        """Return the set of a headless Service, or None.

        A set with Jobs uses the Service with the name of their subdomain. One without Jobs may
        have nothing but its Service.
        """
        name = _selected(service)
        if not name:
            return None
        parts = self._sets.get((_namespace(service), name))
        if parts is None or not parts.families:
            return self._parts((_namespace(service), name), position)
        before, after = parts.names
        names = {f"{before}{each}{after}" for each in _subdomains(parts.families)}
        return parts if _name(service) in names else None


def _training_set(key: _Key, parts: _Parts) -> TrainingSet:
    told = facts(parts.families, parts.others, parts.plan)
    return TrainingSet(
        namespace=key[0],
        name=key[1],
        mode=told.mode,
        update_policy=told.update_policy or "Block",
        profile=told.profile or "any",
        generation=told.generation,
        is_suspended=told.is_suspended,
        families=parts.families,
        others=tuple(parts.others),
        plan=parts.plan,
        is_profile_known=told.profile is not None,
    )


def _selected(service: Object) -> str:
    """Return the name of the set whose pods a headless Service of ours selects, or nothing."""
    spec = mapping(service, "spec")
    # A Service that a user writes for a set has ports; ours says which pods resolve.
    is_ours = "ports" not in spec and "publishNotReadyAddresses" in spec
    if spec.get("clusterIP") != "None" or not is_ours:
        return ""
    return string(mapping(spec, "selector"), keys.JOBSET_NAME)


def _subdomains(families: Sequence[Family]) -> Iterator[str]:
    for each in families:
        pods = mapping(mapping(each.template, "spec"), "template")
        yield string(mapping(pods, "spec"), "subdomain")


def _label(item: Mapping[str, Any], key: str) -> str:
    return string(mapping(mapping(item, "metadata"), "labels"), key)


def _name(item: Mapping[str, Any]) -> str:
    return string(mapping(item, "metadata"), "name")


def _namespace(item: Mapping[str, Any]) -> str:
    return string(mapping(item, "metadata"), "namespace")
