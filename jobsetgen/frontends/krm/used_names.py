"""The names of the objects that the JobSets of a list use or create."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobsetgen.plain import mapping, objects, string

# No object of the API has a longer name.
_LONGEST = 253
_OF_WATCHER = "-restart-"
_JOB = re.compile(r"(.+)-[0-9]+", re.DOTALL)
_GENERATED = re.compile(r"[0-9a-f]+\Z")


class UsedNames:
    """Tells whether an object has a name that a JobSet would use, however many JobSets there are."""

    def __init__(self, jobsets: Iterable[Mapping[str, Any]]) -> None:
        self.is_empty = True
        # Names, and the beginnings of names that end in a hash.
        self._names: set[str] = set()
        self._generated: set[str] = set()
        self._jobs: set[str] = set()
        self._subdomains: set[str] = set()
        for jobset in jobsets:
            self._add(jobset)

    def _add(self, jobset: Mapping[str, Any]) -> None:
        metadata, spec = mapping(jobset, "metadata"), mapping(jobset, "spec")
        self.is_empty = False
        name = string(metadata, "name")
        if name:
            self._names.add(name)
        else:
            self._generated.add(string(metadata, "generateName"))
        for _, each in objects(spec, "replicatedJobs"):
            self._jobs.add(f"{name}-{string(each, 'name')}")
        self._subdomains.add(string(mapping(spec, "network"), "subdomain"))

    def has(self, kind: str, name: str) -> bool:
        """Whether a JobSet uses or creates an object of a kind and a name.

        The kind is empty if it has no schema. A kind that a JobSet does not create may be one of
        its restart-watcher.
        """
        if len(name) > _LONGEST or kind in ("JobSetGenerator", ""):
            return False
        if kind == "Service":
            return name in self._subdomains or self._is_own(name)
        if kind == "PersistentVolumeClaim":
            return self._is_claim(name)
        if kind == "Job" and self._is_job(name):
            return True
        return self._is_of_watcher(name)

    def _is_claim(self, name: str) -> bool:
        return any(self._is_own(name[at + 1 :]) for at in _places(name, "-") if at)

    def _is_of_watcher(self, name: str) -> bool:
        return any(
            self._is_own(name[:at])
            for at in _places(name, _OF_WATCHER)
            if at + len(_OF_WATCHER) < len(name)
        )

    def _is_own(self, name: str) -> bool:
        """Whether a name is that of a JobSet, or may be one that is generated."""
        return name in self._names or self._is_generated(name)

    def _is_generated(self, name: str) -> bool:
        return any(each in self._generated for each in _stems(name))

    def _is_job(self, name: str) -> bool:
        found = _JOB.fullmatch(name)
        if found is None:
            return False
        return found[1] in self._jobs or any(
            found[1][at:] in self._jobs and self._is_generated(found[1][:at])
            for at in _places(found[1], "-")
        )


def _stems(name: str) -> Iterator[str]:
    """Yield what a name may begin with if its end is a hash."""
    found = _GENERATED.search(name)
    if found:
        yield from (name[:at] for at in range(found.start(), len(name)))


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
