"""Whether a folder is one for the plugin, told by bytes: nothing is compiled for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import Files
from jobsetgen.project.inputs import has_project, manifests
from jobsetgen.schema import COMPILED_KINDS

_OF_OTHERS = frozenset(
    ["kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml"],
)
# In whatever form of YAML, with tags, anchors, comments or line breaks between. A comment or a
# text may have it, too, which costs a compile that passes it through.
_COMPILED = re.compile(
    rb"""\bkind["']?\s{0,100}:\s{0,100}"""
    rb"""(?:(?:[!&>|]\S{0,100}|#[^\n]{0,200})\s{1,100}){0,3}["']?(?:%s)\b"""
    % "|".join(COMPILED_KINDS).encode()
)
_OBJECT = re.compile(rb"""["']apiVersion["']\s{0,100}:""")


def to_compile(files: Files) -> str:
    """Return the file that makes a folder one to compile, or nothing.

    It is the folder's project file, or one with a JobSet in it. A folder of kustomize or Helm is
    theirs, unless it has a project file: compiled here, what they add would be lost.
    """
    if has_project(files):
        return FILE_NAME
    if _OF_OTHERS.intersection(files.listing("")):
        return ""
    inside = (name for name in manifests(files) if files.entry(name) != "outside")
    # Nothing is read behind the first file that has one.
    for name in chain(inside, json_objects(files)):
        # Without its zeros UTF-16 reads as ASCII.
        if _COMPILED.search(files.read(name).replace(b"\0", b"")):
            return name
    return ""


def json_objects(files: Files) -> Iterator[str]:
    """Yield the JSON files of a folder that hold objects.

    They are read where a project names them, and only there.
    """
    for name in files.listing(""):
        is_json = name.endswith(".json") and files.entry(name) == "file"
        if is_json and _OBJECT.search(files.read(name)):
            yield name
