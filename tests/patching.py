"""Patch objects in tests: YAML in, data and messages with their places out."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.changed import Changed
from jobsetgen.overlays.patches import patched
from jobsetgen.source.loader import Loaded, load


class Patched(NamedTuple):
    """What patches have made of objects, and what was wrong, as `file:line:column CODE message`."""

    changed: Changed
    messages: list[str]

    @property
    def data(self) -> list[Any]:
        return [document.data for document in self.changed.documents]

    @property
    def only(self) -> Any:
        """The only object, where nothing was wrong."""
        assert self.messages == []
        [data] = self.data
        return data


def patch(base: str, patches: str, files: Mapping[str, str] | None = None) -> Patched:
    """Apply `patches` of a project file to the objects of a base; files are those that they name."""
    texts = files or {}

    def read(path: str, place: Place) -> Loaded:
        return load(path, textwrap.dedent(texts[path]).encode())

    documents = load("base.yaml", textwrap.dedent(base).encode()).documents
    [project] = load("jobsetgen.yaml", textwrap.dedent(patches).encode()).documents
    changed = patched(documents, project, read)
    messages = [f"{each.file}:{each.line}:{each.column} {each.code} {each.message}" for each in changed.diagnostics]
    return Patched(changed, messages)


def hints(result: Patched) -> list[str]:
    return [each.hint for each in result.changed.diagnostics]
