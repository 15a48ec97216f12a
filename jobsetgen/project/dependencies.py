"""Which files a project is made of, without compiling it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.plain import string
from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import MANIFESTS
from jobsetgen.project.layer import Layer, Resource
from jobsetgen.project.members import TEMPLATES
from jobsetgen.stop import StopError

_SUFFIXES = (*MANIFESTS, *TEMPLATES)


class Dependencies(NamedTuple):
    """What a project is made of, as normalized paths.

    `files` are named one by one. Of `folders`, each manifest directly inside counts, also a new
    one; of `trees`, each file below. `bases` are the folders of its bases, at every level. A file
    counts whether it exists or not. `output` is the folder that it is rendered into, if it sets one.
    """

    files: frozenset[str]
    folders: frozenset[str]
    trees: frozenset[str]
    bases: frozenset[str]
    output: str | None = None
    is_valid: bool = True

    @property
    def has_output(self) -> bool:
        """Whether the project sets where it is rendered."""
        return self.output is not None

    def include(self, path: str) -> bool:
        """Whether a file is a part of the project."""
        if path in self.files:
            return True
        folder = posixpath.dirname(path) or "."
        if folder in self.folders and path.endswith(_SUFFIXES):
            return True
        return any(path.startswith(f"{tree}/") for tree in self.trees)

    def may_have_rendered(self, path: str) -> bool:
        """Whether a file is one of the project's output; of an invalid project, any file may be."""
        if not self.is_valid:
            return True
        return self.output is not None and path.startswith(f"{self.output}/")


class PartsIndex:
    """Finds those among many projects that a file is a part of, without asking each of them."""

    def __init__(self, parts: Mapping[str, Dependencies]) -> None:
        self._names = list(parts)
        self._files: dict[str, list[int]] = {}
        self._folders: dict[str, list[int]] = {}
        self._trees: dict[str, list[int]] = {}
        for number, each in enumerate(parts.values()):
            _add_to(self._files, each.files, number)
            _add_to(self._folders, each.folders, number)
            _add_to(self._trees, each.trees, number)

    def projects_with(self, path: str) -> list[str]:
        """Return the projects that `include` a file, in the order in which they were given."""
        found = set(self._files.get(path, ()))
        folder = posixpath.dirname(path) or "."
        if path.endswith(_SUFFIXES):
            found.update(self._folders.get(folder, ()))
        if self._trees:
            for tree in _folders_above(path):
                found.update(self._trees.get(tree, ()))
        return [self._names[number] for number in sorted(found)]


def _add_to(table: dict[str, list[int]], names: Iterable[str], number: int) -> None:
    for name in names:
        table.setdefault(name, []).append(number)


def _folders_above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def dependencies(files: Files, folder: str) -> Dependencies:
    """Return what the project in a folder is made of; paths are relative to the root of `files`.

    What is wrong with the project, or with a base, does not matter here.
    """
    found = _Found(files)
    layer = found.add_project(folder)
    return Dependencies(
        files=frozenset(found.files),
        folders=frozenset(found.folders),
        trees=frozenset(found.trees),
        bases=frozenset(found.projects) - {posixpath.normpath(folder)},
        output=_output(layer, folder),
        is_valid=layer is not None,
    )


def _output(layer: Layer | None, folder: str) -> str | None:
    if layer is None or "output" not in layer.data:
        return None
    return _path(folder, string(layer.data, "output"))


def without_mere_bases(parts: Mapping[str, Dependencies]) -> list[str]:
    """Return the folders of projects without those that are only there for others among them.

    Such a base has no output of its own: it is compiled as a part of its overlays.
    """
    bases = {base for each in parts.values() for base in each.bases}
    return [folder for folder, each in parts.items() if folder not in bases or each.has_output]


class _Found:
    """What was found so far, each project once."""

    def __init__(self, files: Files) -> None:
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.trees: set[str] = set()
        self.projects: set[str] = set()
        self._source = files

    def add_project(self, start: str) -> Layer | None:
        """Add a project with its bases, and return its layer if it is valid."""
        pending = [posixpath.normpath(start)]
        own: Layer | None = None
        while pending:
            folder = pending.pop()
            if folder in self.projects:
                continue
            self.projects.add(folder)
            layer = self._layer(folder)
            if layer:
                own = own or layer
                pending += self._add(layer, folder)
        return own

    def _layer(self, folder: str) -> Layer | None:
        name = posixpath.normpath(posixpath.join(folder, FILE_NAME))
        self.files.add(name)
        try:
            layer, _ = read_project_file(self._source.shown(name), self._source.read(name))
        except StopError:
            return None
        return layer

    def _add(self, layer: Layer, folder: str) -> list[str]:
        """Add what a project names, and return the folders of its bases."""
        self.files.update(_path(folder, name) for name in layer.other_files())
        if layer.resources is None:
            self.folders.add(folder)
            return []
        return [base for each in layer.resources for base in self._add_resource(each, folder)]

    def _add_resource(self, resource: Resource, folder: str) -> list[str]:
        path = _path(folder, resource.path)
        if resource.kustomize:
            self.trees.add(path)
            self.files |= self._of_kustomize(path)
            return []
        if path != folder and self._is_project(path):
            return [path]
        # It is one of them; which one does not matter for a file that is gone.
        self.files.add(path)
        self.folders.add(path)
        return []

    def _of_kustomize(self, folder: str) -> set[str]:
        """Return the files that kustomize reads for a folder, in whatever folders they are."""
        # Imported here, because few projects have such a folder.
        from jobsetgen.project.kustomizations import collect

        try:
            return set(collect(self._source, folder, Place(folder)).contents)
        except StopError:
            return set()

    def _is_project(self, folder: str) -> bool:
        return self._source.entry(posixpath.join(folder, FILE_NAME)) == "file"


def _path(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))
