"""What the resources of a project stand for: files, templates, folders of kustomize, and bases."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterator
from typing import Literal, NamedTuple

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Path
from jobsetgen.options.project import VALUES, VALUES_SCHEMA
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Files
from jobsetgen.project.folder_codes import NO_MANIFESTS, UNREAD_KUSTOMIZATION
from jobsetgen.project.ignored_kustomization import ignored_fields
from jobsetgen.project.inputs import has_project, manifests, unread
from jobsetgen.project.layer import Layer, Resource
from jobsetgen.stop import StopError
from jobsetgen.words import listed

MemberKind = Literal["base", "kustomize", "template", "file"]
"""What a member is."""

TEMPLATES = (".yaml.j2", ".yml.j2")
"""How the names of templates end."""

_THROUGH_KUSTOMIZE = "Set 'kustomize: true' on the resource, or list its manifests one by one."
_SUBFOLDERS = "List the folder that has them; its own folders are not searched."


class Member(NamedTuple):
    """One part of a project: the name of its file or folder, and where the project names it.

    `path` is what is written there, if it names nothing else.
    """

    name: str
    kind: MemberKind
    at: Path
    path: str = ""


class _Problem(NamedTuple):
    """What is wrong with a resource, and a hint."""

    message: str
    hint: str = ""
    code: Code = NO_RESOURCE

    def at(self, layer: Layer, path: Path) -> Diagnostic:
        """Return it as a diagnostic of the project file."""
        finding = Finding(path=path, message=self.message, hint=self.hint)
        return layer.document.diagnostic(self.code, finding)


def members_of(files: Files, layer: Layer, folder: str) -> tuple[list[Member], list[Diagnostic]]:
    """Return the members of the project in a folder, and what is wrong with its resources.

    Without `resources`, raises StopError if the folder cannot be read, or if a manifest in it is a
    pipe or a broken link.
    """
    members: list[Member] = []
    diagnostics: list[Diagnostic] = []
    seen: set[Hashable] = set()
    for member in _named(files, layer, folder):
        if isinstance(member, Diagnostic):
            diagnostics.append(member)
            continue
        refusal = _refused(files, member) or _duplicate(files, member, seen)
        if refusal:
            diagnostics.append(refusal.at(layer, member.at))
        else:
            members.append(member)
    return members, diagnostics


def _named(files: Files, layer: Layer, folder: str) -> Iterator[Member | Diagnostic]:
    with_templates = VALUES.path[0] in layer.data or VALUES_SCHEMA.path[0] in layer.data
    if layer.resources is None:
        # What the project itself uses in another way is no manifest.
        others = {files.identity(posixpath.join(folder, path)) for path in layer.other_files()}
        for member in _inside(files, folder, ("resources",), with_templates):
            if files.identity(member.name) not in others:
                yield member
        return
    for resource in layer.resources:
        try:
            yield from list(_meant(files, layer, resource, folder, with_templates))
        except StopError as stop:
            if stop.cause == "machine":
                raise
            yield _Problem(stop.message).at(layer, resource.at)


def _meant(
    files: Files, layer: Layer, resource: Resource, folder: str, with_templates: bool
) -> Iterator[Member | Diagnostic]:
    """Yield what a resource stands for; a folder without a project stands for its manifests."""
    name = _shortened(files, posixpath.join(folder, resource.path))
    if resource.kustomize:
        yield Member(name, "kustomize", resource.at, resource.path)
        return
    if files.entry(name) != "folder":
        yield Member(name, _kind(name), resource.at, resource.path)
        return
    is_own = files.identity(name) == files.identity(folder)
    if not is_own and has_project(files, name):
        yield Member(name, "base", resource.at)
        return
    inside = list(_inside(files, name, resource.at, with_templates))
    yield from inside
    # The kustomization beside a project is about its output.
    warning = None if is_own else _folder_warning(files, name, has_manifests=bool(inside))
    if warning:
        yield warning.at(layer, resource.at)


def _folder_warning(files: Files, name: str, *, has_manifests: bool) -> _Problem | None:
    """Return what is suspicious about a folder that is read without a project, or None."""
    shown = files.shown(name)
    fields = ignored_fields(files, name)
    if fields:
        message = f"the kustomization of {shown} is not read: {listed(fields)}"
        return _Problem(message, _THROUGH_KUSTOMIZE, UNREAD_KUSTOMIZATION)
    if has_manifests:
        return None
    return _Problem(f"no *.yaml or *.yml files in {shown}", _SUBFOLDERS, NO_MANIFESTS)


def _shortened(files: Files, name: str) -> str:
    """Return a name without detours such as `a/../b`, unless a link makes that another file.

    A base of a base of a base would otherwise have an ever longer name.
    """
    if "../" not in name or files.entry(name) == "missing":
        return name
    short = posixpath.normpath(name)
    return short if files.identity(short) == files.identity(name) else name


def _inside(files: Files, folder: str, at: Path, with_templates: bool) -> Iterator[Member]:
    """Yield the manifests directly in a folder.

    Its templates count if the project has values: other tools render files of the same name.
    """
    more = TEMPLATES if with_templates else ()
    for name in manifests(files, folder, more):
        yield Member(name, _kind(name), at)


def _kind(name: str) -> MemberKind:
    return "template" if name.endswith(TEMPLATES) else "file"


def _refused(files: Files, member: Member) -> _Problem | None:
    """Return why a member cannot be read, or None."""
    name = member.name
    if member.kind == "base":
        name = posixpath.join(name, FILE_NAME)
    entry = files.entry(name)
    if member.kind == "kustomize" and entry == "folder":
        return None
    if member.kind == "kustomize" and entry in ("file", "special"):
        return _Problem(f"{files.shown(name)} is not a folder")
    found = unread(files, name, member.path)
    if found:
        return _Problem(found.message, found.hint)
    if member.kind == "file" and posixpath.basename(name) == FILE_NAME:
        return _Problem(f"{files.shown(name)} is the file of a project", "List its folder instead.")
    return None


def _duplicate(files: Files, member: Member, seen: set[Hashable]) -> _Problem | None:
    """Return that a member was seen before; otherwise add it to `seen`."""
    identity = files.identity(member.name)
    if identity in seen:
        return _Problem(f"duplicate resource {files.shown(member.name)}")
    seen.add(identity)
    return None
