"""From the paths on the command line to what is compiled: files, folders, standard input, and the project file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from jobsetgen.diagnostics import Diagnostic, Finding, Place, diagnostic
from jobsetgen.project.codes import NO_RESOURCE
from jobsetgen.project.project import FILE_NAME, Project, read_project
from jobsetgen.source.text import MAX_BYTES, Source
from jobsetgen.stop import StopError

# kustomize's own files are no objects, and lie beside manifests in many folders.
_NOT_MANIFESTS = frozenset([FILE_NAME, "kustomization.yaml", "kustomization.yml"])


_OF_OTHERS = ("kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml")
# In whatever form of YAML, with tags, anchors, comments or line breaks between. A comment or a text
# may have it, too, which costs a compile that passes it through.
_JOBSET = re.compile(
    rb"""\bkind["']?\s{0,100}:\s{0,100}(?:(?:[!&>|]\S{0,100}|#[^\n]{0,200})\s{1,100}){0,3}["']?JobSet\b"""
)
_OBJECT = re.compile(rb"""["']apiVersion["']\s{0,100}:""")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files to compile, in order; the project that governs them, if any; and what is wrong with the project.

    `parameters` are laid over the project, and `flags` over these: parts of a project file that
    come from elsewhere.
    """

    sources: tuple[Source, ...]
    project: Project | None
    diagnostics: tuple[Diagnostic, ...]
    parameters: tuple[Project, ...] = ()
    flags: tuple[Project, ...] = ()

    @property
    def projects(self) -> tuple[Project, ...]:
        """Return whatever decides on the settings, the last word last."""
        own = (self.project,) if self.project else ()
        return (*own, *self.parameters, *self.flags)


def read_inputs(paths: Sequence[str]) -> Inputs:
    """Read everything that the paths name; `-` is standard input, and no path at all the current folder.

    Raises StopError for a path that is not there or cannot be read, and for two projects in
    one call.
    """
    sources: list[Source] = []
    project: Project | None = None
    diagnostics: list[Diagnostic] = []
    projects = 0
    for path in paths or ["."]:
        project_file = _project_file(path)
        if project_file is None:
            sources += [_source(name) for name in _manifests(path)]
            continue
        projects += 1
        if projects > 1:
            raise StopError(
                "usage",
                "only one project (a folder with a jobsetgen.yaml) can be compiled at a time",
            )
        project, problems = read_project(shown(str(project_file)), _content(str(project_file)))
        diagnostics += problems
        if project is not None:
            sources += _resources(project, project_file.parent, diagnostics)
    return Inputs(tuple(sources), project, tuple(diagnostics))


def read_folder_alone(folder: str) -> Inputs:
    """Read a folder that nobody has reviewed: nothing outside of it is read, whatever its links say.

    A link that leads out is in the diagnostics, and then nothing at all is read.
    """
    root, project_file = Path(folder).resolve(), _project_file(folder)
    names = [str(project_file)] if project_file else list(_manifests(folder))
    found = [
        diagnostic(NO_RESOURCE, Place(shown(name)), message)
        for name in names
        if (message := _outside(Path(name), root))
    ]
    inputs = Inputs((), None, tuple(found)) if found else read_inputs([folder])
    if inputs.project is None or inputs.project.resources is None:
        # As a plain directory Argo CD would apply them; left out, they would be pruned.
        message = (
            f"this object is left out: name it among the resources of a {FILE_NAME}, or move it"
            " away"
        )
        json = tuple(
            diagnostic(NO_RESOURCE, Place(shown(name)), message)
            for name in _json_objects(folder, root)
        )
        inputs = replace(inputs, diagnostics=(*inputs.diagnostics, *json))
    return inputs


def _json_objects(folder: str, root: Path) -> Iterator[str]:
    """Yield the JSON files of a folder that hold objects: they are read where a project names them, and only there."""
    for path in sorted(Path(folder).glob("*.json")):
        if not _outside(path, root) and path.is_file() and _OBJECT.search(_content(str(path))):
            yield str(path)


def to_compile(folder: str) -> str:
    """Return the file that makes a folder one to compile: its project file, or one with a JobSet in it; or nothing.

    A folder of kustomize or Helm is theirs, unless it has a project file: compiled here, what they
    add would be lost.
    """
    root = Path(folder).resolve()
    if project_file := _project_file(folder):
        return str(project_file)
    if any(os.path.lexists(root / name) for name in _OF_OTHERS):
        return ""
    manifests = (name for name in _manifests(folder) if not _outside(Path(name), root))
    inside = chain(
        manifests, _json_objects(folder, root)
    )  # none is read behind the first that is one
    # Without its zeros UTF-16 reads as ASCII.
    return next((name for name in inside if _JOBSET.search(_content(name).replace(b"\0", b""))), "")


def _project_file(path: str) -> Path | None:
    """Return the project file that a path names, itself or as the folder it lies in."""
    found = Path(path)
    if path != "-" and os.path.isdir(path):
        found = found / FILE_NAME
        if os.path.lexists(found) and not os.path.isfile(found):
            raise StopError("usage", f"cannot read {found}: it is no file, or a link to none")
    return found if found.name == FILE_NAME and os.path.isfile(found) else None


def _manifests(path: str) -> Iterator[str]:
    """Yield the files of a folder by name, or the one file that a path names."""
    folder = Path(path)
    if path == "-" or not os.path.isdir(path):
        yield path
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda each: each.name)
    except OSError as error:
        raise StopError("usage", f"cannot read {path}: {error.strerror}") from error
    for entry in entries:
        hidden = entry.name.startswith(".") or entry.name in _NOT_MANIFESTS
        if entry.suffix in (".yaml", ".yml") and not hidden and not os.path.isdir(entry):
            # Left out, it would be missing in the output, and be pruned.
            if not os.path.isfile(entry):
                raise StopError("usage", f"cannot read {entry}: it is no file, or a link to none")
            yield str(entry)


def _resources(project: Project, folder: Path, diagnostics: list[Diagnostic]) -> Iterator[Source]:
    """Yield the files of a project; what is not there, or leads out of its folder by a link or `..`, is reported."""
    entries = project.resources
    named = (
        [(folder, ())]
        if entries is None
        else [(folder / name, (index,)) for index, name in enumerate(entries)]
    )
    root = folder.resolve()
    seen: set[Path] = set()
    for target, index in named:
        # A folder that leads out is one mistake, however many files are in it.
        for manifest in [str(target)] if _outside(target, root) else _manifests(str(target)):
            message = (
                _outside(Path(manifest), root) or _no_file(manifest) or _twice(Path(manifest), seen)
            )
            if message:
                finding = Finding(path=("resources", *index), message=message)
                diagnostics.append(project.document.diagnostic(NO_RESOURCE, finding))
            else:
                yield _source(
                    manifest if manifest != "-" else "./-"
                )  # a file of that name, and not standard input


def _outside(manifest: Path, root: Path) -> str:
    """Say why a file is none of the project's, or nothing. Of what lies outside nothing is said, not even whether."""
    try:
        if not manifest.resolve().is_relative_to(root):
            return f"{shown(str(manifest))} lies outside of the folder that is compiled"
        if os.path.exists(manifest):
            return ""
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that no file can have
        pass
    return f"there is no file {shown(str(manifest))}"


def _no_file(manifest: str) -> str:
    """Say that what a project names is no file, or nothing: a pipe would be waited for."""
    return "" if os.path.isfile(manifest) else f"{shown(manifest)} is no file"


def _twice(manifest: Path, seen: set[Path]) -> str:
    """Say that a file is among the resources already, or nothing, and add it to them."""
    found = manifest.resolve()
    if found in seen:
        return f"{shown(str(manifest))} is here twice"
    seen.add(found)
    return ""


def shown(name: str) -> str:
    """Return how diagnostics name a path of the command line: with forward slashes, as text, `-` as stdin."""
    return (
        "stdin"
        if name == "-"
        else Path(name)
        .as_posix()
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )


def _source(name: str) -> Source:
    return Source(name=shown(name), content=_content(name))


def _content(name: str) -> bytes:
    """Read no more than what the loader would take anyway."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with open(name, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StopError("usage", f"cannot read {name}: {error.strerror}") from error
