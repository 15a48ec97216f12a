"""Names of files that are no words."""

from __future__ import annotations

import os
from pathlib import Path

from jobsetgen.output.layout import HEADER
from tests.hostile.place import SET, Place, Trick

_NAMES: dict[str, bytes] = {
    "255 bytes": b"n" * 250 + b".yaml",
    "a newline": b"a\n::error::b.yaml",
    "a carriage return": b"a\r::add-mask::b.yaml",
    "the escapes of a terminal": b"\x1b]0;title\x07\x1b[2J.yaml",
    "no UTF-8": b"\xff\xfe\xc3.yaml",
    "an option": b"--output=..",
    "an option of a manifest": b"--namespace=kube-system.yaml",
    "a dash": b"-",
    "blanks": b"  .yaml",
    "a glob": b"*[?].yaml",
    "marks of a shell": b"$(touch hacked);`touch hacked`.yaml",
    "a text that runs backwards": "\u202egnp.yaml".encode(),
    "a letter in two forms": "e\u0301.yaml".encode(),
    "HTML": b"<img src=x onerror=alert(1)>.yaml",
    "a home": b"~",
    "a variable": b"$HOME.yaml",
    "a device of Windows": b"NUL.yaml",
    "a backslash": b"..\\..\\outside.yaml",
}


def _manifest(name: bytes) -> Trick:
    def make(place: Place) -> None:
        _make(os.fsencode(place.app), name, SET.replace("train", "named").encode())

    return make


def _wrong(name: bytes) -> Trick:
    def make(place: Place) -> None:
        _make(os.fsencode(place.app), name, SET.replace("replicas: 2", "replica: 2").encode())

    return make


def _project(name: bytes) -> Trick:
    def make(place: Place) -> None:
        folder = os.path.join(os.fsencode(place.repository), name)
        os.makedirs(folder)
        place.projects.append(Path(os.fsdecode(folder)))
        _make(folder, b"jobsetgen.yaml", (place.app / "jobsetgen.yaml").read_bytes())
        _make(folder, b"jobset.yaml", SET.encode())

    return make


def _in_the_output(name: bytes) -> Trick:
    def make(place: Place) -> None:
        for output in (place.out, place.rendered):
            output.mkdir(exist_ok=True)
            _make(os.fsencode(output), name, HEADER.encode())

    return make


def _make(folder: bytes, name: bytes, content: bytes) -> None:
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


TRICKS: dict[str, Trick] = {
    **{f"a manifest named by {what}": _manifest(name) for what, name in _NAMES.items()},
    **{f"a wrong manifest named by {what}": _wrong(name) for what, name in _NAMES.items()},
    **{f"a file of the output named by {what}": _in_the_output(name) for what, name in _NAMES.items()},
    **{f"a project named by {what}": _project(name) for what, name in _NAMES.items() if len(name) < 200},
}
