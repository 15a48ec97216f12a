"""Read a project: its resources, and those of the projects among them, which are its bases."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from jobsetgen.diagnostics import Finding, Place, diagnostic
from jobsetgen.options.project import CHANGES
from jobsetgen.plain import mapping
from jobsetgen.progress import counted
from jobsetgen.project.base_codes import BASE
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME, read_project_file
from jobsetgen.project.files import Files
from jobsetgen.project.hierarchy import Project
from jobsetgen.project.inputs import (
    TOP,
    Inputs,
    has_project,
    left_out,
    read_manifests,
    read_shared,
    read_sources,
    source_of,
    together,
    unread,
)
from jobsetgen.project.layer import Layer
from jobsetgen.project.limits import Usage
from jobsetgen.project.members import Member, members_of
from jobsetgen.project.template_filling import Parts, TemplateFilling
from jobsetgen.source.allowance import Allowance
from jobsetgen.source.codes import TOO_LARGE
from jobsetgen.source.loader import Loaded, load
from jobsetgen.stop import FlagError, StopError

if TYPE_CHECKING:
    from jobsetgen.overlays import patch_error
    from jobsetgen.overlays.values import Given

# A project file with changes, which nobody had before bases and changes were limited. One in JSON
# may have some anywhere.
_NAMES = "|".join(option.path[0] for option in CHANGES)
_MAY_CHANGE = re.compile(rf"""\A\s*\{{|^["']?(?:{_NAMES})\b""".encode(), re.M)
# Where a base is written to is not where its overlays are.
_NOT_INHERITED = frozenset(["output"])
# What a project adds to each object.
_ADDED = ("labels", "annotations")
_FEWER = "Move objects and long texts to files among the resources."


def read_folder(files: Files, given: Given | None = None) -> Inputs:
    """Read a folder: its project, or otherwise its manifests, sorted by name.

    `given` are values for the templates of a project. Raises StopError for an unreadable file, for
    a manifest that is a pipe or a broken link, and for values without a project.
    """
    if has_project(files):
        return read_project(files, given)
    if given:
        message = f"values require a project, a folder with a {FILE_NAME}"
        raise StopError("usage", message)
    return read_manifests(files)


def read_project(files: Files, given: Given | None = None) -> Inputs:
    """Read the project of a folder that has one, with its bases.

    `given` are the values for templates from the command line. The layers are those of the bases
    and then the project's own, which overrides them. A resource that cannot be read is reported in
    the diagnostics. Raises StopError if the project file, or a file in the project's own folder,
    cannot be read.
    """
    if files.entry(FILE_NAME) == "outside":
        return Inputs(diagnostics=(left_out(files, FILE_NAME),))
    return _Reader(files, given).read_all()


class _ProjectFile(NamedTuple):
    """A project file that was read, and its options unless it has errors."""

    layer: Layer | None
    inputs: Inputs


class _Reader:
    """Reads one project and its bases."""

    def __init__(self, files: Files, given: Given | None) -> None:
        self._files = files
        self._patching: patch_error.Allowance | None = None
        self._allowance = Allowance()
        self._usage = Usage()
        # A base that several projects have is parsed once.
        self._known: dict[Hashable, Inputs] = {}
        self._projects: dict[Hashable, _ProjectFile] = {}
        self._templates = TemplateFilling(files, given, self._usage)

    def read_all(self) -> Inputs:
        """Read the project of the folder itself, or only what is wrong if a limit is exceeded."""
        inputs = self.read(TOP)
        # Errors of an incomplete input would mislead.
        return inputs._replace(documents=()) if self._usage.is_exceeded else inputs

    def read(self, folder: str, overlay: Project | None = None) -> Inputs:
        """Read the project in a folder; `overlay` is the one that has it as a base."""
        layer, inputs = self._project_file(posixpath.join(folder, FILE_NAME))
        if layer is None:
            return inputs
        identity, shown = self._files.identity(folder), self._files.shown(folder)
        project = Project(folder, identity, shown, layer, overlay)
        members, wrong = members_of(self._files, layer, folder)
        parts: dict[Member, Inputs] = {}
        for member in counted("Reading files", members):
            parts[member] = self._part(project, member)
        filled = self._once(project, parts, self._templates.filled(project, parts))
        inputs = together([inputs.with_diagnostics(wrong), *filled])
        finished = self._finished(project, self._agreed(project, parts, inputs))
        return finished.with_diagnostics(self._templates.unused_values(project, finished))

    def _project_file(self, name: str) -> _ProjectFile:
        """Read a project file, or the one of a base that was read before."""
        key = self._files.identity(name)
        if key not in self._projects:
            own = source_of(self._files, name)
            is_plain = not self._projects and not _MAY_CHANGE.search(own.content)
            message = "" if is_plain else self._usage.add_bytes(len(own.content))
            if message:
                wrong = diagnostic(TOO_LARGE, Place(own.name), message, _FEWER)
                return _ProjectFile(None, Inputs(diagnostics=(wrong,), sources=(own,)))
            layer, diagnostics = read_project_file(own.name, own.content, self._allowance)
            inputs = Inputs(diagnostics=tuple(diagnostics), sources=(own,))
            self._projects[key] = _ProjectFile(layer, inputs)
            return self._projects[key]
        known = self._projects[key]
        # Its errors were reported where it was read.
        return known._replace(inputs=known.inputs._replace(diagnostics=()))

    def _part(self, project: Project, member: Member) -> Inputs:
        if member.kind == "base":
            return self._base(project, member)
        if member.kind == "kustomize":
            return self._kustomized(project, member)
        if member.kind == "template":
            return self._templates.read(member.name)
        return self._file(project, member.name)

    def _file(self, project: Project, name: str) -> Inputs:
        """Read a manifest, or one that another project has as well."""
        key = self._files.identity(name)
        if key not in self._known:
            source = source_of(self._files, name)
            self._known[key] = (
                read_shared(source, self._allowance)
                if project.is_base
                else read_sources([source], self._allowance)
            )
            return self._known[key]
        return self._known[key]._replace(diagnostics=())

    def _base(self, project: Project, member: Member) -> Inputs:
        if self._usage.is_exceeded:
            return Inputs()
        identity = self._files.identity(member.name)
        message = project.refusal(identity) or self._usage.add_project()
        if message:
            finding = Finding(path=member.at, message=message)
            return Inputs(diagnostics=(project.layer.document.diagnostic(BASE, finding),))
        try:
            return self.read(member.name, project)
        except StopError as stop:
            if isinstance(stop, FlagError) or stop.cause == "machine":
                raise
            finding = Finding(path=member.at, message=stop.message)
            return Inputs(diagnostics=(project.layer.document.diagnostic(NO_RESOURCE, finding),))

    def _kustomized(self, project: Project, member: Member) -> Inputs:
        from jobsetgen.project.kustomize import kustomized

        place = project.layer.document.place(member.at)
        found = kustomized(self._files, member.name, place)
        if found.source is None:
            return Inputs(diagnostics=tuple(found.diagnostics), sources=tuple(found.kustomizations))
        return read_sources([found.source], self._allowance)

    def _once(self, project: Project, parts: Parts, filled: Sequence[Inputs]) -> Sequence[Inputs]:
        """Return the filled parts without the objects that a part before has as well."""
        members = list(parts)
        if not any(member.kind == "base" for member in members):
            return filled
        from jobsetgen.project.repeats import Part, without_repeats

        read = [
            Part(self._files.shown(member.name), member.at, each.documents)
            for member, each in zip(members, filled, strict=False)
        ]
        once = without_repeats(project.layer, read)
        kept = [
            each._replace(documents=documents)
            for each, documents in zip(filled, once.documents, strict=False)
        ]
        return [*kept, *filled[len(kept) :], Inputs(diagnostics=once.diagnostics)]

    def _agreed(self, project: Project, parts: Parts, read: Inputs) -> Inputs:
        """Return what was read of a project, with what its bases do not agree on."""
        found = [(member, part) for member, part in parts.items() if member.kind == "base"]
        if len(found) < 2:
            return read
        from jobsetgen.project.agreement import agreed
        from jobsetgen.project.bases import Base

        bases = [Base(self._files.shown(each.name), each.at, part) for each, part in found]
        return agreed(project.layer, bases, read)

    def _finished(self, project: Project, read: Inputs) -> Inputs:
        """Return the resources of a project with all that it changes in them, and its layer."""
        read = read._replace(layers=(*read.layers, project.layer))
        if not project.is_base and not project.layer.has_changes:
            return read
        added = sum(len(mapping(project.layer.data, name)) for name in _ADDED)
        message = self._usage.add_objects(each.root.size + added for each in read.documents)
        if message:
            place = project.layer.document.place(("resources",))
            read = read.with_diagnostics([diagnostic(TOO_LARGE, place, message)])
        if self._usage.is_exceeded:
            return read._replace(documents=())
        if not any(item.is_error for item in read.diagnostics):
            read = self._changed(project, read)
        if not project.is_base:
            return read
        from jobsetgen.project.namespaces import in_own_namespace

        *bases, own = read.layers
        inherited = own.without(_NOT_INHERITED)._replace(is_of_base=True)
        return in_own_namespace(read._replace(layers=(*bases, inherited)))

    def _changed(self, project: Project, read: Inputs) -> Inputs:
        # Imported here, because most projects have neither bases nor changes.
        from jobsetgen.overlays import patch_error
        from jobsetgen.project.changing import changed_by

        patches: list[Inputs] = []

        def read_patch(path: str, place: Place) -> Loaded:
            name = posixpath.join(project.folder, path)
            refused = unread(self._files, name, path)
            if refused:
                return Loaded([], [diagnostic(NO_RESOURCE, place, *refused)])
            source = source_of(self._files, name)
            message = self._usage.add_bytes(len(source.content))
            if message:
                return Loaded([], [diagnostic(TOO_LARGE, place, message)])
            patches.append(Inputs(sources=(source,)))
            return load(source.name, source.content, allowance=self._allowance)

        namespace = project.namespace(read.layers)
        self._patching = self._patching or patch_error.Allowance()
        changed = changed_by(project.layer, read, read_patch, self._patching, namespace)
        return together([changed, *patches])
