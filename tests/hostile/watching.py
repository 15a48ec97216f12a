"""What a command may not have done: read or written beside the repository, or left anything half written."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from jobsetgen.output.layout import HEADER
from jobsetgen.output.ownership import has_our_header
from tests.hostile.place import SECRET, Place
from tests.hostile.running import BYTES, SECONDS, Command, Ended

STATUSES = (0, 1, 2, 3)
"""Those that the documentation has for these commands."""

_MOST_HASHED = 40_000_000
_FOREIGN = (SECRET.encode(), b"root:x:0:0", b"PYTHONPATH=")
_LONGEST_REPORT = 2_000_000


class Entry(NamedTuple):
    """What is known of a file or a folder; of a folder neither size nor time, which what is in it changes."""

    mode: int
    inode: int
    size: int
    changed: int
    content: str
    is_ours: bool
    foreign: tuple[str, ...] = ()


State = Mapping[bytes, Entry]


def state(top: Path) -> State:
    """Return what is in a folder, links not followed, as deep as paths are allowed to be."""
    found: dict[bytes, Entry] = {}
    pending = [os.fsencode(top)]
    while pending:
        folder = pending.pop()
        for path in _inside(folder):
            try:
                status = os.lstat(path)
            except OSError:
                # Nobody reaches what has a longer path; what vanishes meanwhile was there for a trick.
                continue
            found[path] = _entry(path, status)
            if stat.S_ISDIR(status.st_mode):
                pending.append(path)
    return found


def _inside(folder: bytes) -> list[bytes]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        # Nobody reaches what has a longer path, or may not be read by us.
        return []


def _entry(path: bytes, status: os.stat_result) -> Entry:
    if stat.S_ISDIR(status.st_mode):
        return Entry(status.st_mode, status.st_ino, 0, 0, "", False)
    content, is_ours = "", False
    foreign: tuple[str, ...] = ()
    if stat.S_ISLNK(status.st_mode):
        content = os.fsdecode(os.readlink(path))
    elif stat.S_ISREG(status.st_mode):
        text = _bytes(path)
        content, is_ours = hashlib.sha256(text).hexdigest(), _is_ours(os.fsdecode(os.path.basename(path)), text)
        if is_ours:
            foreign = tuple(each.decode() for each in _FOREIGN if each in text)
    return Entry(status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns, content, is_ours, foreign)


def _is_ours(name: str, text: bytes) -> bool:
    is_leftover = name.startswith(".jobsetgen-") and HEADER.encode().startswith(text[: len(HEADER)])
    return is_leftover or has_our_header(name, text)


def _bytes(path: bytes) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_MOST_HASHED)
    except OSError:
        return b""


def wrong(place: Place, command: Command, ended: Ended, before: State, after: State) -> list[str]:
    """Return what a command has done wrong, a sentence each."""
    return [
        *_of_the_end(command, ended),
        *_of_the_texts(place, ended, after),
        *_of_files(place, command, ended, before, after),
    ]


def _of_the_end(command: Command, ended: Ended) -> Iterator[str]:
    if ended.status not in STATUSES:
        yield f"status {ended.status}"
    if ended.seconds > SECONDS:
        yield f"{ended.seconds:.0f} s of processor time"
    if ended.bytes > BYTES:
        yield f"{ended.bytes / 1e6:.0f} MB of memory"
    if b"Traceback" in ended.err:
        yield "a traceback"
    if ended.status and ended.out and not command.name.startswith("check"):
        yield "output beside an error"
    if len(ended.err) > _LONGEST_REPORT:
        yield f"a report of {len(ended.err)} bytes"
    raw = set(ended.err + ended.out) & {0x1B, 0x07, 0x08, 0x0D}
    if raw:
        yield f"raw control characters {sorted(raw)}"


def _of_the_texts(place: Place, ended: Ended, after: State) -> Iterator[str]:
    for foreign in _FOREIGN:
        if foreign in ended.out or foreign in ended.err:
            yield f"{foreign.decode()} was printed"
    for path, entry in after.items():
        for text in entry.foreign:
            if any(_is_below(path, output) for output in (*place.outputs, *place.projects)):
                yield f"{text} was written into {os.fsdecode(path)}"


def _of_files(place: Place, command: Command, ended: Ended, before: State, after: State) -> Iterator[str]:
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    disturbed = bool(place.meanwhile)
    for path in sorted(changed):
        # A project may choose any folder below its own, where somebody's files are kept.
        allowed = [*place.outputs]
        if command.name.startswith("build --each"):
            allowed += [place.app, place.moved, *place.projects]
        if place.out.is_symlink():
            # Within its work tree, a link to another folder is somebody's choice.
            allowed.append(place.repository)
        is_in_output = any(_is_below(path, output) for output in allowed)
        if disturbed and _is_below(path, place.repository):
            continue
        if not command.writes or not is_in_output:
            yield f"{os.fsdecode(path)} was changed"
        elif path in before and not before[path].is_ours and not stat.S_ISDIR(before[path].mode):
            yield f"{os.fsdecode(path)} is somebody's and was changed"
    if command.writes and not disturbed:
        yield from _of_outputs(place, command, ended, before, after)


def _of_outputs(place: Place, command: Command, ended: Ended, before: State, after: State) -> Iterator[str]:
    """Yield what is half done: a failed build leaves each folder as it was, and none leaves temporary files."""
    new = set(after) - set(before)
    yield from (f"{os.fsdecode(path)} was left" for path in new if path.endswith(b".tmp"))
    if command.name.startswith("build --each"):
        # One project that cannot be written keeps no other from being written, and a hook fails on changes.
        return
    if ended.status:
        for path in sorted({**before, **after}):
            if before.get(path) != after.get(path):
                yield f"status {ended.status}, but {os.fsdecode(path)} was changed"


def _is_below(path: bytes, folder: Path) -> bool:
    whole = os.fsencode(folder)
    return path == whole or path.startswith(whole + b"/")
