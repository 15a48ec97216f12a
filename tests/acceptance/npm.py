"""Packages of npm that tests run: installed once per machine, at the versions of a lock file.

They lie outside of the checkout, keyed by the lock file, so that a `git clean` costs no download and two checkouts share
them.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path.home() / ".cache" / "jobsetgen"
INSTALLS_WITHIN = 300.0
# How npm says that a package cannot be had from here. Anything else, such as another checksum, is a failure.
_OUT_OF_REACH = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT"
    r"|E401|E403|E404|E429|E5\d\d)\b"
)


class CannotInstallError(Exception):
    """This machine lacks what the packages need; the message says in one sentence what."""


def installed(locked: Path, cache: Path = CACHE) -> Path:
    """Return the folder `node_modules` of a folder with a lock file, which is installed first if it is not in the cache.

    Raises CannotInstallError where node, npm or npm's registry is missing, and RuntimeError where npm fails.
    """
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise CannotInstallError(f"there is no {tool} on the PATH")
    lock = (locked / "package-lock.json").read_bytes()
    home = cache / locked.name
    folder = home / hashlib.sha256(lock).hexdigest()[:16]
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of two runs at once, the second waits and finds it done
        if not folder.exists():
            _install(locked, folder)
    return folder / "node_modules"


def _install(locked: Path, folder: Path) -> None:
    """Install beside the folder and rename: an install that is cut short leaves nothing that looks whole."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(locked / name, made)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        try:
            done = subprocess.run(
                command, cwd=made, capture_output=True, text=True, timeout=INSTALLS_WITHIN, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise CannotInstallError(f"npm was not done within {INSTALLS_WITHIN:.0f} seconds") from late
        if found := _OUT_OF_REACH.search(done.stderr if done.returncode else ""):
            raise CannotInstallError(f"npm cannot get the packages from its registry: {found[0]}")
        if done.returncode:
            raise RuntimeError(f"npm ci failed:\n{done.stderr}")
        made.rename(folder)
