"""A base of a project, as it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.overlays.objects import placed_identity
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.jobsets import is_jobset
from jobsetgen.source.documents import Document
from jobsetgen.source.lists import opened


class Base(NamedTuple):
    """A base: its name for people, where the project lists it, and what was read of it."""

    shown: str
    at: Path
    read: Inputs

    @property
    def has_jobsets(self) -> bool:
        """Whether it has JobSets, which its options apply to."""
        return any(is_jobset(each.data) for each in self.read.documents)

    @property
    def namespace(self) -> str:
        """The namespace that it sets, or inherits of its own bases."""
        chosen = (layer.namespace for layer in reversed(self.read.layers))
        return next(filter(None, chosen), "")

    @property
    def given_namespaces(self) -> set[str]:
        """The namespaces that it and its own bases give to objects."""
        given = (each.given_namespace for each in self.read.documents)
        return {each.data for each in given if each}


def lacks_namespace(documents: Iterable[Document]) -> bool:
    """Whether any of some documents is a JobSet that has no namespace, also not from a base."""
    objects = (item for document in documents for item in opened(document))
    return any(is_jobset(each.data) and not placed_identity(each).namespace for each in objects)
