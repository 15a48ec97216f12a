"""The core objects of an input that may take the place of those that a JobSet would create."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from jobsetgen.model.jobset import JobSet
from jobsetgen.model.unit import Unit

# Objects of one name in one namespace are duplicates; of so many, the rest says nothing new.
_MOST_NAMESAKES = 100


class CoreObjects:
    """The core objects of an input by kind, name and namespace: no JobSet searches the whole input."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._found: dict[tuple[str, str], dict[str, list[Unit]]] = {}
        for unit in units:
            if unit.is_core:
                by_namespace = self._found.setdefault((unit.kind, unit.name), {})
                by_namespace.setdefault(unit.namespace, []).append(unit)

    def standing_in(self, kind: str, name: str, jobset: JobSet) -> list[Unit]:
        """Return the objects that a JobSet uses instead of creating its own."""
        return list(islice(self._standing_in(kind, name, jobset), _MOST_NAMESAKES))

    def _standing_in(self, kind: str, name: str, jobset: JobSet) -> Iterator[Unit]:
        by_namespace = self._found.get((kind, name), {})
        namespaces = dict.fromkeys([jobset.namespace, ""]) if jobset.namespace else by_namespace
        for namespace in namespaces:
            yield from by_namespace.get(namespace or "", ())
