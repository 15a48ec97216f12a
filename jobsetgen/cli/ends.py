"""The two ends of a change in a repository: a commit, and a later one or the work tree."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import Protocol

from jobsetgen.cli.contents import Content, folder_content, source_content
from jobsetgen.cli.locations import Location, locate
from jobsetgen.cli.operands import STDIN, content_of, in_tree, own_folder, project_folder, shown
from jobsetgen.project.dependencies import Dependencies, dependencies, without_mere_bases
from jobsetgen.project.discovery import projects_of
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.git_objects import Objects
from jobsetgen.project.revisions import Revision
from jobsetgen.source.text import Source


class End(Protocol):
    """One state of a repository."""

    @property
    def name(self) -> str:
        """What people call it; empty for the work tree."""

    @property
    def revision(self) -> str:
        """Its commit, or empty."""

    def has(self, location: Location) -> bool:
        """Whether there is anything at a location."""

    def content(self, location: Location) -> Content:
        """Read what is at a location that it has. Raises StopError for what cannot be read."""

    def projects(self, locations: Sequence[Location]) -> Iterator[str]:
        """Yield the folders of the projects that locations belong to or contain."""


class WorkTree:
    """The files as they are now, committed or not."""

    name = ""
    revision = ""

    def has(self, location: Location) -> bool:
        """Whether there is anything at a location."""
        return os.path.lexists(location.typed)

    def content(self, location: Location) -> Content:
        """Read what is at a location."""
        return path_content(location.typed)

    def projects(self, locations: Sequence[Location]) -> Iterator[str]:
        """Yield the folders of projects, without those of other repositories inside."""
        for folder in projects_of([each.typed for each in locations]):
            found = locate(folder)
            if found.repository == locations[0].repository:
                yield found.path


class Commit:
    """The files of a commit."""

    def __init__(self, objects: Objects, revision: str, name: str) -> None:
        self.name = name
        self.revision = revision
        self._objects = objects
        self._top = Revision(objects, revision)
        self._parts: dict[str, Dependencies] = {}

    def has(self, location: Location) -> bool:
        """Whether there is anything at a location."""
        return self._top.entry(location.path) in ("file", "folder")

    def content(self, location: Location) -> Content:
        """Read what is at a location."""
        if self._top.entry(location.path) == "folder":
            files = self._folder(location.path, location.typed)
            return folder_content(files, files)
        folder, name = posixpath.split(location.path)
        files = self._folder(folder, posixpath.dirname(location.typed))
        if name == FILE_NAME:
            return folder_content(files, files)
        return source_content([Source(name=files.shown(name), content=files.read(name))])

    def projects(self, locations: Sequence[Location]) -> Iterator[str]:
        """Yield the folders of projects."""
        found = [folder for each in locations for folder in self._projects_at(each.path)]
        yield from without_mere_bases({folder: self._parts_of(folder) for folder in found})

    def _projects_at(self, path: str) -> Iterator[str]:
        """Yield the projects in and below a folder, or those that a file is a part of."""
        nearest = self._nearest_project(path)
        if self._top.entry(path) == "folder":
            yield from nearest
            yield from self._projects_below(path)
            return
        yield from (each for each in nearest if self._parts_of(each).may_have_rendered(path))
        for folder in self._projects_below("."):
            if self._parts_of(folder).include(path):
                yield folder

    def _projects_below(self, path: str) -> Iterator[str]:
        for folder in self._folder(path, path).folders_with(FILE_NAME):
            if not _is_hidden(folder):
                yield posixpath.normpath(posixpath.join(path, folder))

    def _parts_of(self, folder: str) -> Dependencies:
        if folder not in self._parts:
            self._parts[folder] = dependencies(self._top, folder)
        return self._parts[folder]

    def _folder(self, path: str, shown_as: str) -> Revision:
        return Revision(self._objects, self.revision, path, shown_as)

    def _nearest_project(self, path: str) -> Iterator[str]:
        """Yield the folder of the nearest project at a path or above it."""
        while self._top.entry(posixpath.join(path, FILE_NAME)) != "file":
            if path == ".":
                return
            path = posixpath.dirname(path) or "."
        yield path


def path_content(path: str) -> Content:
    """Read a path of the command line, or standard input."""
    project = project_folder(path)
    if project is not None:
        return folder_content(in_tree(project), own_folder(project))
    if path != STDIN and os.path.isdir(path):
        return folder_content(in_tree(path), own_folder(path))
    return source_content([Source(name=shown(path), content=content_of(path))])


def _is_hidden(folder: str) -> bool:
    return any(step.startswith(".") for step in folder.split("/"))
