"""Pipes, sockets and devices, and what the user may not read or write."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress

from tests.hostile.place import SET, Place, Trick


def _pipe(name: str) -> Trick:
    def make(place: Place) -> None:
        path = place.write(name, "")
        path.unlink()
        os.mkfifo(path)

    return make


def _socket(name: str) -> Trick:
    def make(place: Place) -> None:
        path = place.write(name, "")
        path.unlink()
        above = os.open(path.parent, os.O_RDONLY)
        with socket.socket(socket.AF_UNIX) as made:
            # A name below the open folder is short enough for a socket.
            made.bind(f"/proc/self/fd/{above}/{path.name}")
        os.close(above)

    return make


def _device(name: str) -> Trick:
    def make(place: Place) -> None:
        path = place.write(name, SET)
        # Only root can make one.
        with suppress(PermissionError):
            path.unlink()
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))

    return make


def _mode(name: str, mode: int, *, is_folder: bool = False) -> Trick:
    def make(place: Place) -> None:
        path = place.repository / name
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
            place.write(f"{name}/inside.yaml", SET.replace("train", "inside"))
        elif not path.exists():
            place.write(name, SET.replace("train", "more"))
        path.chmod(mode)

    return make


TRICKS: dict[str, Trick] = {
    "a pipe": _pipe("app/more.yaml"),
    "a pipe as the project file": _pipe("app/jobsetgen.yaml"),
    "a pipe as a kustomization": _pipe("app/kustomization.yaml"),
    "a pipe as JSON": _pipe("app/more.json"),
    "a pipe as a manifest of the output": _pipe("out/train/job.train-workers-0.yaml"),
    "a pipe as the kustomization of the output": _pipe("app/rendered/kustomization.yaml"),
    "a pipe as the output": _pipe("out"),
    "a socket": _socket("app/more.yaml"),
    "a socket as the README of the output": _socket("out/README.md"),
    "a device without an end": _device("app/more.yaml"),
    "a device in the output": _device("app/rendered/train/job.train-workers-0.yaml"),
    "a file that may not be read": _mode("app/more.yaml", 0),
    "a project file that may not be read": _mode("app/jobsetgen.yaml", 0),
    "a compiled folder that may not be listed": _mode("app", 0o311),
    "a compiled folder that may not be entered": _mode("app", 0o644),
    "a compiled folder that may not be written": _mode("app", 0o555),
    "a folder that may not be read": _mode("app/closed", 0, is_folder=True),
    "an output that may not be read": _mode("out", 0, is_folder=True),
    "an output that may not be written": _mode("app/rendered", 0o555, is_folder=True),
    "a set's folder that may not be written": _mode("out/train", 0o555, is_folder=True),
    "a set's folder that may not be entered": _mode("app/rendered/train", 0, is_folder=True),
    "a repository that may not be written": _mode("", 0o555),
}
