"""What the resources of a project stand for: files, templates, folders of kustomize, and bases."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterable, Iterator
from typing import Literal, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Finding, Path
from jobsetgen.options.project import VALUES, VALUES_SCHEMA
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import has_project, manifests, unread
from jobsetgen.project.layer import Layer, Resource

MemberKind = Literal["base", "kustomize", "template", "file"]

TEMPLATES = (".yaml.j2", ".yml.j2")
"""How the names of templates end."""

ROOT = "The root is the git work tree or, without one, the project folder."
"""The hint for a name that leads out of the root."""


class Member(NamedTuple):
    """One part of a project: the name of its file or folder, and where the project names it."""

    name: str
    kind: MemberKind
    at: Path


def members_of(files: Files, layer: Layer, folder: str) -> tuple[list[Member], list[Diagnostic]]:
    """Return the members of the project in a folder, and the errors for those it cannot have.

    Raises StopError for a folder that cannot be read, and for a manifest in it that is a pipe or a
    broken link.
    """
    members: list[Member] = []
    diagnostics: list[Diagnostic] = []
    seen: set[Hashable] = set()
    for member in _named(files, layer, folder):
        message = _refused(files, member) or _duplicate(files, member, seen)
        if message:
            hint = ROOT if files.entry(member.name) == "outside" else ""
            finding = Finding(path=member.at, message=message, hint=hint)
            diagnostics.append(layer.document.diagnostic(NO_RESOURCE, finding))
        else:
            members.append(member)
    return members, diagnostics


def _named(files: Files, layer: Layer, folder: str) -> Iterator[Member]:
    with_templates = VALUES.path[0] in layer.data or VALUES_SCHEMA.path[0] in layer.data
    if layer.resources is None:
        yield from _inside(files, folder, ("resources",), with_templates)
        return
    for resource in layer.resources:
        yield from _meant(files, resource, folder, with_templates)


def _meant(files: Files, resource: Resource, folder: str, with_templates: bool) -> Iterable[Member]:
    """Return what a resource stands for; a folder without a project stands for its manifests."""
    name = _shortened(files, posixpath.join(folder, resource.path))
    if resource.kustomize:
        return [Member(name, "kustomize", resource.at)]
    if files.entry(name) != "folder":
        return [Member(name, _kind(name), resource.at)]
    is_own = files.identity(name) == files.identity(folder)
    if not is_own and _is_base(files, name):
        return [Member(name, "base", resource.at)]
    return _inside(files, name, resource.at, with_templates)


def _is_base(files: Files, folder: str) -> bool:
    """Whether a folder is a project, also one whose project file cannot be read."""
    entry = files.entry(posixpath.join(folder, FILE_NAME))
    return entry in ("folder", "special") or has_project(files, folder)


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


def _refused(files: Files, member: Member) -> str:
    """Return why a member cannot be read, or an empty string."""
    if member.kind == "kustomize":
        is_folder = files.entry(member.name) == "folder"
        is_file = files.entry(member.name) in ("file", "special")
        if is_folder or is_file:
            return "" if is_folder else f"{files.shown(member.name)} is not a folder"
        return unread(files, member.name)
    if member.kind == "base":
        return unread(files, posixpath.join(member.name, FILE_NAME))
    return unread(files, member.name)


def _duplicate(files: Files, member: Member, seen: set[Hashable]) -> str:
    """Return a message if a member was seen before; otherwise add it to `seen`."""
    identity = files.identity(member.name)
    if identity in seen:
        return f"duplicate resource {files.shown(member.name)}"
    seen.add(identity)
    return ""
