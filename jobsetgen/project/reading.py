"""Read a project: its resources, and those of the projects among them, which are its bases."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.options.project import VALUES_SCHEMA
from jobsetgen.plain import string
from jobsetgen.progress import counted
from jobsetgen.project.base_codes import BASE
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import (
    TOP,
    Inputs,
    has_project,
    left_out,
    manifests,
    read_manifests,
    read_sources,
    source_of,
    together,
    unread,
)
from jobsetgen.project.layer import Layer, Resource
from jobsetgen.source.builder import Allowance
from jobsetgen.stop import StopError

if TYPE_CHECKING:
    from jobsetgen.overlays.filling import Budget
    from jobsetgen.overlays.values import Given, Values

MOST_LEVELS = 50
"""The number of projects that may be bases of each other, one below the other."""

MOST_PROJECTS = 1_000
"""The number of projects that one compile may read; one that is listed twice counts twice."""

_TEMPLATES = (".yaml.j2", ".yml.j2")
# What a project changes in its resources is done when they are read.
_APPLIED = frozenset(["replicas", "images"])
# Where a base is written to is not where its overlays are.
_NOT_INHERITED = frozenset(["output"])

_ROOT = "The root is the git work tree or, without one, the project folder."


def read_folder(files: Files) -> Inputs:
    """Read a folder: its project, or otherwise its manifests, sorted by name.

    Raises StopError for an unreadable file, and for a manifest that is a pipe or a broken link.
    """
    return read_project(files) if has_project(files) else read_manifests(files)


def read_project(files: Files, given: Given | None = None) -> Inputs:
    """Read the project of a folder that has one, with its bases.

    `given` are the values for templates from the command line. The layers are those of the bases
    and then the project's own, which overrides them. A resource that cannot be read is reported in
    the diagnostics. Raises StopError if the project file, or a file in the project's own folder,
    cannot be read.
    """
    if files.entry(FILE_NAME) == "outside":
        return Inputs(diagnostics=(left_out(files, FILE_NAME),))
    return _Reader(files, given).project(TOP, ())


class _Step(NamedTuple):
    """A project on the way from the one that is compiled to one of its bases."""

    identity: Hashable
    shown: str
    layer: Layer


class _Member(NamedTuple):
    """What a resource stands for: a file, or a folder with a project, which is a base."""

    name: str
    resource: Resource | None
    is_base: bool = False

    @property
    def is_template(self) -> bool:
        """Whether it is a file to fill with values."""
        return not self.is_base and self.name.endswith(_TEMPLATES)


class _Reader:
    """Reads one project and its bases."""

    def __init__(self, files: Files, given: Given | None) -> None:
        self._files = files
        self._given = given
        self._budget: Budget | None = None
        self._allowance = Allowance()
        self._count = 0

    def project(self, folder: str, way: tuple[_Step, ...]) -> Inputs:
        """Read the project in a folder; `way` are those that led to it as a base."""
        self._count += 1
        own = source_of(self._files, posixpath.join(folder, FILE_NAME))
        layer, diagnostics = read_project_file(own.name, own.content)
        if layer is None:
            return Inputs(diagnostics=tuple(diagnostics), sources=(own,))
        step = _Step(self._files.identity(folder), self._files.shown(folder), layer)
        members = list(self._members(layer, folder, diagnostics))
        parts = [
            self._member(layer, each, (*way, step)) for each in counted("Reading files", members)
        ]
        self._fill(members, parts, (*way, step), folder, diagnostics)
        diagnostics += _disagreements(layer, self._files, members, parts)
        read = together([Inputs(diagnostics=tuple(diagnostics), sources=(own,)), *parts])
        return _finished(layer, read, is_base=bool(way))

    def _members(
        self, layer: Layer, folder: str, diagnostics: list[Diagnostic]
    ) -> Iterator[_Member]:
        """Yield what the resources stand for; append what is wrong with them to `diagnostics`."""
        seen: set[Hashable] = set()
        for member in self._named(layer, folder):
            name = member.name
            message = self._refused(member) or self._duplicate(name, seen)
            if not message:
                yield member
                continue
            hint = _ROOT if self._files.entry(name) == "outside" else ""
            finding = Finding(path=_at(member), message=message, hint=hint)
            diagnostics.append(layer.document.diagnostic(NO_RESOURCE, finding))

    def _named(self, layer: Layer, folder: str) -> Iterator[_Member]:
        if layer.resources is None:
            yield from self._files_in(folder, None)
            return
        for resource in layer.resources:
            yield from self._meant(resource, folder)

    def _meant(self, resource: Resource, folder: str) -> Iterable[_Member]:
        """Return what a resource stands for: a base, the manifests of a folder, or a file."""
        name = posixpath.join(folder, resource.path)
        if self._files.entry(name) != "folder":
            return [_Member(name, resource)]
        is_own = self._files.identity(name) == self._files.identity(folder)
        if not is_own and has_project(self._files, name):
            return [_Member(name, resource, is_base=True)]
        return self._files_in(name, resource)

    def _files_in(self, folder: str, resource: Resource | None) -> Iterator[_Member]:
        for name in manifests(self._files, folder):
            yield _Member(name, resource)

    def _refused(self, member: _Member) -> str:
        """Return why a member cannot be read, or an empty string."""
        name = posixpath.join(member.name, FILE_NAME) if member.is_base else member.name
        return unread(self._files, name)

    def _duplicate(self, name: str, seen: set[Hashable]) -> str:
        """Return a message if a file or a base was seen before; otherwise add it to `seen`."""
        identity = self._files.identity(name)
        if identity in seen:
            return f"duplicate resource {self._files.shown(name)}"
        seen.add(identity)
        return ""

    def _member(self, layer: Layer, member: _Member, way: tuple[_Step, ...]) -> Inputs:
        if member.is_template:
            return Inputs(sources=(source_of(self._files, member.name),))
        if not member.is_base:
            return read_sources([source_of(self._files, member.name)], self._allowance)
        message = self._endless(member.name, way)
        if message:
            finding = Finding(path=_at(member), message=message)
            return Inputs(diagnostics=(layer.document.diagnostic(BASE, finding),))
        try:
            return self.project(member.name, way)
        except StopError as stop:
            if stop.cause == "machine":
                raise
            finding = Finding(path=_at(member), message=stop.message)
            return Inputs(diagnostics=(layer.document.diagnostic(NO_RESOURCE, finding),))

    def _fill(
        self,
        members: Sequence[_Member],
        parts: list[Inputs],
        way: Sequence[_Step],
        folder: str,
        diagnostics: list[Diagnostic],
    ) -> None:
        """Replace the parts of templates by what they are filled to; the bases are read by then.

        If the values do not match the project's schema, none is filled, and `diagnostics` says why.
        """
        layer = way[-1].layer
        templates = [index for index, each in enumerate(members) if each.is_template]
        if not templates and VALUES_SCHEMA.path[0] not in layer.data:
            return
        # Imported here, because most projects have no templates.
        from jobsetgen.overlays.filling import Budget
        from jobsetgen.project.templates import filled_inputs, values_for

        bases = [each for part in parts for each in part.layers]
        values = values_for([*bases, *(step.layer for step in reversed(way))], self._given)
        wrong = self._mismatches(layer, values, folder)
        diagnostics += wrong
        if any(item.is_error for item in wrong):
            return
        self._budget = self._budget or Budget()
        sources = [parts[index].sources[0] for index in templates]
        filled = filled_inputs(sources, values, self._budget)
        for index, found in zip(templates, filled, strict=True):
            parts[index] = found

    def _mismatches(self, layer: Layer, values: Values, folder: str) -> list[Diagnostic]:
        """Return what is wrong with the values by the project's schema, if it has one."""
        path = VALUES_SCHEMA.path
        name = string(layer.data, path[0])
        if not name:
            return []
        from jobsetgen.project.templates import mismatches

        file = posixpath.join(folder, name)
        message = unread(self._files, file)
        if message:
            return [layer.document.diagnostic(NO_RESOURCE, Finding(path=path, message=message))]
        return mismatches(values, source_of(self._files, file))

    def _endless(self, folder: str, way: Sequence[_Step]) -> str:
        """Return why no more bases are read, or an empty string."""
        identity = self._files.identity(folder)
        start = next((index for index, each in enumerate(way) if each.identity == identity), None)
        if start is not None:
            shown = [each.shown for each in way[start:]]
            return f"{shown[0]} is its own base: {' → '.join([*shown, shown[0]])}"
        if len(way) >= MOST_LEVELS:
            return f"more than {MOST_LEVELS} levels of bases"
        if self._count >= MOST_PROJECTS:
            return f"more than {MOST_PROJECTS:,} projects in one compile"
        return ""


def _finished(layer: Layer, read: Inputs, *, is_base: bool) -> Inputs:
    """Return the resources of a project with all that it changes in them, and with its layer."""
    is_changed = is_base or layer.has_changes
    if is_changed and not any(item.is_error for item in read.diagnostics):
        # Imported here, because most projects have neither bases nor changes.
        from jobsetgen.project.changing import changed_by

        changed = changed_by(layer, read.documents)
        read = read._replace(documents=changed.documents).with_diagnostics(changed.diagnostics)
    if is_changed:
        layer = layer.without(_APPLIED)
    if is_base:
        layer = layer.without(_NOT_INHERITED)
    return read._replace(layers=(*read.layers, layer))


def _disagreements(
    layer: Layer, files: Files, members: Sequence[_Member], parts: Sequence[Inputs]
) -> list[Diagnostic]:
    found = [(each, part) for each, part in zip(members, parts, strict=True) if each.is_base]
    if len(found) < 2:
        return []
    from jobsetgen.project.agreement import Base, disagreements

    bases = [Base(files.shown(each.name), _at(each), part.layers) for each, part in found]
    return list(disagreements(layer, bases))


def _at(member: _Member) -> tuple[str | int, ...]:
    return member.resource.at if member.resource else ("resources",)
