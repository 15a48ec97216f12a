"""README.md and .gitattributes: what stands beside the manifests at the root of an output folder.

They are for people and for git: no tool reads them as manifests, and the kustomization does not
list them. A file of somebody else in their place is left as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jobsetgen.output.layout import (
    GITATTRIBUTES,
    KUSTOMIZATION,
    PREVIEW_ENDING,
    README,
    header,
    set_folders,
)
from jobsetgen.output.ownership import is_foreign
from jobsetgen.pipeline import Compilation, is_preview
from jobsetgen.project.files import is_top
from jobsetgen.review.readme import readme

_FLAGS = {README: "--no-readme", GITATTRIBUTES: "--no-gitattributes"}
_GENERATED = "linguist-generated=true gitlab-generated text eol=lf"


class Companions(NamedTuple):
    """The files to write or to compare, with their texts; and notices about those left out."""

    files: dict[str, str]
    notices: list[str]


def companions(folder: str, compilation: Compilation) -> Companions:
    """Return the companions of an output folder, which may not exist yet."""
    wanted: list[str] = []
    notices: list[str] = []
    for name in _chosen(compilation):
        reason = _refusal(folder, name, compilation)
        if reason:
            notices.append(f"{folder}/{name} {reason}; to silence this, pass {_FLAGS[name]}")
        else:
            wanted.append(name)
    return Companions({name: _text(name, compilation, wanted) for name in wanted}, notices)


def _chosen(compilation: Compilation) -> Iterator[str]:
    if compilation.settings.readme:
        yield README
    if compilation.settings.gitattributes:
        yield GITATTRIBUTES


def _refusal(folder: str, name: str, compilation: Compilation) -> str:
    """Return why a companion is not written, or an empty string."""
    root = Path(folder)
    if name == GITATTRIBUTES and is_top(root):
        return f"is not written, because {folder} is the root of a git repository"
    if name == GITATTRIBUTES and (source := _input_below(root, compilation.files)):
        return f"is not written, because {folder} contains the input {source}"
    if is_foreign(root / name):
        return "was not written by jobsetgen and is left unchanged"
    return ""


def _input_below(root: Path, names: Sequence[str]) -> str:
    """Return the first input that lies in a folder or below it, or an empty string."""
    # Unlike resolve(), it raises nothing for links in a circle.
    top = os.path.realpath(root)
    is_below: dict[Path, bool] = {}
    for name in names:
        folder = Path(name).parent
        if folder not in is_below:
            is_below[folder] = Path(os.path.realpath(folder)).is_relative_to(top)
        # The names of flags and of standard input are no files.
        if is_below[folder] and Path(name).is_file():
            return name
    return ""


def _text(name: str, compilation: Compilation, wanted: Sequence[str]) -> str:
    if name == README:
        return header(name) + readme(compilation)
    return header(name) + "".join(f"{line}\n" for line in _attributes(compilation, wanted))


def _attributes(compilation: Compilation, wanted: Sequence[str]) -> Iterator[str]:
    """Yield the attributes of what we write: diffs are folded, and line ends are never converted.

    Diffs of the companions stay open. So do those of objects that pass through, which a person
    wrote. A preview is shown as the YAML that it is.
    """
    for name in sorted(wanted):
        yield f"/{name} text eol=lf"
    yield f"/{KUSTOMIZATION} {_GENERATED}"
    for folder in set_folders(compilation):
        yield f"/{folder}/** {_GENERATED}"
    if any(map(is_preview, compilation.parts(preview=True))):
        yield f"*{PREVIEW_ENDING.removeprefix('.yaml')} linguist-language=YAML"
