"""Decide whether the plugin claims a folder, by searching its files without compiling them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from jobsetgen.project.file import FILE_NAME
from jobsetgen.project.files import KUSTOMIZATIONS, Files
from jobsetgen.project.inputs import has_project, manifests
from jobsetgen.schema import COMPILED_KINDS
from jobsetgen.source.text import narrowed

_OF_OTHERS = frozenset([*KUSTOMIZATIONS, "Chart.yaml"])
# In any YAML form, with tags, anchors, comments or line breaks in between. A match in a comment or
# a string only costs a compile that passes everything through.
_COMPILED = re.compile(
    rb"""\bkind["']?\s{0,100}:\s{0,100}"""
    rb"""(?:(?:[!&>|]\S{0,100}|#[^\n]{0,200})\s{1,100}){0,3}["']?(?:%s)\b"""
    % "|".join(COMPILED_KINDS).encode()
)
_OBJECT = re.compile(rb"""["']apiVersion["']\s{0,100}:""")


def to_compile(files: Files) -> str:
    """Return the file by which the plugin claims a folder, or an empty string.

    It is the project file, or a manifest with a JobSet. A kustomize or Helm folder without a
    project file is not claimed, because the changes made by kustomize or Helm would be lost.
    """
    if has_project(files):
        return FILE_NAME
    if _OF_OTHERS.intersection(files.listing("")):
        return ""
    inside = (name for name in manifests(files) if files.entry(name) != "outside")
    # No file is read after the first match.
    for name in chain(inside, json_objects(files)):
        if _COMPILED.search(narrowed(files.read(name))):
            return name
    return ""


def json_objects(files: Files) -> Iterator[str]:
    """Yield the JSON files of a folder that hold objects.

    They are compiled only if a project lists them.
    """
    for name in files.listing(""):
        is_json = name.endswith(".json") and files.entry(name) == "file"
        if is_json and _OBJECT.search(files.read(name)):
            yield name
