"""What the resources of a project stand for: files, templates, folders of kustomize, and bases."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Hashable, Iterable, Iterator
from typing import Literal, NamedTuple

from jobsetgen.diagnostics import Code, Diagnostic, Finding, Path
from jobsetgen.options.project import VALUES, VALUES_SCHEMA
from jobsetgen.project.codes import IGNORED_KUSTOMIZATION, NO_RESOURCE
from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Files
from jobsetgen.project.ignored_kustomization import ignored_fields
from jobsetgen.project.inputs import has_project, manifests, unread
from jobsetgen.project.layer import Layer, Resource
from jobsetgen.stop import StopError
from jobsetgen.words import listed

MemberKind = Literal["base", "kustomize", "template", "file", "folder"]
"""What a member is; a folder is one that no manifests are read from, and never a member."""

TEMPLATES = (".yaml.j2", ".yml.j2")
"""How the names of templates end."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_COPY = "Copy it into the repository and list its path."
_SUBFOLDERS = "List the folder that has them; its own folders are not searched."

ROOT = "The root is the git work tree or, without one, the project folder; --root sets another."
"""The hint for a name that leads out of the root."""


class Member(NamedTuple):
    """One part of a project: the name of its file or folder, and where the project names it.

    `path` is what is written there, if it names nothing else.
    """

    name: str
    kind: MemberKind
    at: Path
    path: str = ""


def members_of(files: Files, layer: Layer, folder: str) -> tuple[list[Member], list[Diagnostic]]:
    """Return the members of the project in a folder, and the errors for those it cannot have.

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
            finding = Finding(path=member.at, message=refusal.message, hint=refusal.hint)
            diagnostics.append(layer.document.diagnostic(refusal.code, finding))
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
            yield from list(_meant(files, resource, folder, with_templates))
        except StopError as stop:
            if stop.cause == "machine":
                raise
            finding = Finding(path=resource.at, message=stop.message)
            yield layer.document.diagnostic(NO_RESOURCE, finding)


def _meant(files: Files, resource: Resource, folder: str, with_templates: bool) -> Iterable[Member]:
    """Return what a resource stands for; a folder without a project stands for its manifests."""
    name = _shortened(files, posixpath.join(folder, resource.path))
    if resource.kustomize:
        return [Member(name, "kustomize", resource.at, resource.path)]
    if files.entry(name) != "folder":
        return [Member(name, _kind(name), resource.at, resource.path)]
    is_own = files.identity(name) == files.identity(folder)
    if not is_own and has_project(files, name):
        return [Member(name, "base", resource.at)]
    inside = list(_inside(files, name, resource.at, with_templates))
    if not inside or ignored_fields(files, name):
        return [Member(name, "folder", resource.at, resource.path)]
    return inside


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


class _Refusal(NamedTuple):
    """Why a member cannot be read, and a hint."""

    message: str
    hint: str = ""
    code: Code = NO_RESOURCE


def _refused(files: Files, member: Member) -> _Refusal | None:
    """Return why a member cannot be read, or None."""
    if _URL.match(member.path):
        return _Refusal(f"{member.path} is a URL; nothing is fetched", _COPY)
    name = member.name
    if member.kind == "base":
        name = posixpath.join(name, FILE_NAME)
    entry = files.entry(name)
    if member.kind == "kustomize" and entry == "folder":
        return None
    if member.kind == "kustomize" and entry in ("file", "special"):
        return _Refusal(f"{files.shown(name)} is not a folder")
    if member.kind == "folder":
        return _refused_folder(files, name)
    message = unread(files, name)
    if message:
        return _Refusal(message, ROOT if entry == "outside" else "")
    if member.kind == "file" and posixpath.basename(name) == FILE_NAME:
        return _Refusal(f"{files.shown(name)} is the file of a project", "List its folder instead.")
    return None


def _refused_folder(files: Files, name: str) -> _Refusal:
    """Return why no manifests are read from a folder."""
    fields = ignored_fields(files, name)
    if fields:
        message = f"the kustomization of {files.shown(name)} would be ignored: {listed(fields)}"
        return _Refusal(message, "Set 'kustomize: true' on the resource.", IGNORED_KUSTOMIZATION)
    return _Refusal(f"no *.yaml or *.yml files in {files.shown(name)}", _SUBFOLDERS)


def _duplicate(files: Files, member: Member, seen: set[Hashable]) -> _Refusal | None:
    """Return that a member was seen before; otherwise add it to `seen`."""
    identity = files.identity(member.name)
    if identity in seen:
        return _Refusal(f"duplicate resource {files.shown(member.name)}")
    seen.add(identity)
    return None
