"""Which files a process has opened, as strace has seen it."""

from __future__ import annotations

import os
import re
import site
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cases import ROOT
from tests.hostile.place import Place
from tests.hostile.running import interpreter

# strace -y shows where a descriptor leads: openat(AT_FDCWD</cwd>, "name", FLAGS) = 3</real/path>
_OPENED = re.compile(r"\b(?:openat2?|open|creat)\(.* = \d+<(.*?)>$", re.M)
_RUN = re.compile(r'\bexecve\("([^"]*)".* = 0$', re.M)
# The libraries of the system, its languages and its clock, and what Python and git read of the machine.
_OF_THE_SYSTEM = (
    "/usr/", "/lib/", "/lib64/", "/etc/ld.so",
    "/etc/locale.alias",
    "/etc/ssl/openssl.cnf", "/etc/localtime", "/etc/python", "/etc/gitconfig",
    "/etc/nsswitch.conf", "/etc/passwd", "/dev/null", "/dev/urandom", "/proc/self/", "/proc/meminfo",
    "/proc/filesystems", "/sys/devices/system/cpu",
)  # fmt: skip
# A process that limits its children asks what it uses itself; strace resolves /proc/self.
_OWN_MEMORY = re.compile(r"/proc/[0-9]+/statm")
_GIT = ("/usr/bin/git", "/usr/local/bin/git", "/bin/git")


def foreign_paths(log: str, place: Place) -> list[str]:
    """Return the files that were opened and the programs that were run, without those that are known."""
    return sorted({*_unknown_files(log, place), *_unknown_programs(log)})


def _unknown_files(log: str, place: Place) -> Iterator[str]:
    known = (
        *_OF_THE_SYSTEM,
        f"{ROOT}/jobsetgen",
        f"{ROOT}/schemas",
        f"{ROOT}/templates",
        *_python(),
        str(place.repository),
    )
    # The folders on the way are opened to be listed.
    folders = {str(each) for each in (ROOT, *ROOT.parents, *place.repository.parents)}
    for path in _OPENED.findall(log):
        if not path.startswith(known) and path not in folders and not _OWN_MEMORY.fullmatch(path):
            yield path


def _unknown_programs(log: str) -> Iterator[str]:
    yield from (path for path in _RUN.findall(log) if path not in (interpreter(), *_GIT))


def _python() -> list[str]:
    folders = [*site.getsitepackages(), sys.prefix, sys.base_prefix, str(Path(os.path.realpath(interpreter())).parent)]
    return [folder for folder in folders if folder != "/"]
