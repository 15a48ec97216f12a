"""A project fixture: one text file with all files of a small repository, and what becomes of it.

The format is that of Go's txtar: a comment, then each file after a line `-- NAME --`. The comment
says what the fixture shows; a line `build: FOLDER` in it names the project, by default `prod`. The
last file, `expected`, is what the build says, or the objects that the project hands to the compile;
in the folder `sources`, it is where `explain --sources` says that fields come from.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from jobsetgen import emit
from jobsetgen.project.files import Memory
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.reading import read_project

HERE = Path(__file__).parent
EXPECTED = "expected"
_NAME = re.compile(r"^-- (.+) --\n", re.M)
_PROJECT = re.compile(r"^build: (\S+)$", re.M)


class Archive(NamedTuple):
    """A fixture: its project's folder, the files of its repository, and what is expected."""

    project: str
    files: dict[str, str]
    expected: str

    def read(self) -> Inputs:
        """Read the project."""
        contents = {name: text.encode() for name, text in self.files.items()}
        return read_project(Memory(contents, self.project))


def archives(kind: str) -> list[Path]:
    """Return the fixtures that are valid or invalid, by name."""
    return sorted((HERE / kind).glob("*.txtar"))


def read_archive(path: Path) -> Archive:
    """Read a fixture."""
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Archive:
    """Read the text of a fixture."""
    comment, *parts = _NAME.split(text)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    named = _PROJECT.search(comment)
    expected = files.pop(EXPECTED, "")
    return Archive(project=named[1] if named else "prod", files=files, expected=expected)


def with_expected(text: str, expected: str) -> str:
    """Return the text of a fixture with what is expected of it."""
    before, _, _ = text.partition(f"-- {EXPECTED} --\n")
    return f"{before}-- {EXPECTED} --\n{expected}"


def objects_of(inputs: Inputs) -> str:
    """Return the objects that a project hands to the compile, as YAML."""
    return emit.SEPARATOR.join(emit.text(document.data) for document in inputs.documents)
