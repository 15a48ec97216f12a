"""Builds the components of a cluster from their pinned Go modules, once per machine.

The binaries lie outside the checkout, keyed by what they are made from, so that a `git clean` costs no half hour and two
checkouts share them. What the components read (CRDs, webhooks, stages) comes from the very same modules: nothing of
theirs is copied, and a version is changed in one place.

Run as a program (`python -m tests.cluster.harness.binaries`), it builds all that is missing and says how long each took.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MODULES = Path(__file__).resolve().parents[1] / "modules"
GROUPS = ("etcd", "kube", "jobset", "kwok", "kustomize", "kpt", "argo", "flux", "coredns", "pause")
# Kueue is not among them: only the full tier needs it, and its first test builds it. Nor is helm: tests/helm_binary.py
# builds it.
CANNOT = 3  # the exit status on a machine that lacks something; a build that fails ends with 1
_VERSION = "k8s.io/component-base/version"
# How Go says that a module cannot be had from here.
_OUT_OF_REACH = re.compile("dial tcp|no such host|i/o timeout|TLS handshake|connection (reset|refused)|: [45][0-9]{2} ")
seconds: dict[str, float] = {}  # what was built by this process, and how long each took


class BuildError(Exception):
    """A component could not be built, or its module not be had."""


def why_not() -> str | None:
    """Return in one sentence why no cluster can run here, or None."""
    if os.geteuid() != 0:
        return "a cluster of one's own needs root, for its network namespace"
    for tool in ("go", "ip", "nsenter", "setpriv"):
        if shutil.which(tool) is None:
            return f"there is no {tool} on the PATH"
    return _without_namespaces()


@functools.cache
def _without_namespaces() -> str | None:
    """Try what a sandbox often forbids even to root."""
    name = f"jobsetgen-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"network namespaces cannot be made here: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "delete", name], check=True)
    return None


def binary(group: str, name: str = "") -> Path:
    """Return a component's executable, by its module and, where the module has several, its name; build it first."""
    return build(group) / (name or group)


def build(group: str) -> Path:
    """Return the folder with the executables of a module. It appears whole or not at all."""
    folder = _cache() / group / _key(group)
    with _locked(_cache() / f"{group}.lock"):
        if not folder.exists():
            _build(group, folder)
    return folder


def is_built(group: str) -> bool:
    """Whether the executables of a module are there, so that nothing has to be built."""
    return (_cache() / group / _key(group)).exists()


def module_folder(group: str, module: str) -> Path:
    """Return the read-only folder that holds the sources of a module which a group requires."""
    found = json.loads(_go(group, "list", "-m", "-json", module))
    if "Dir" not in found:
        found = json.loads(_go(group, "mod", "download", "-json", module))
    return Path(found["Dir"])


def version(group: str, module: str) -> str:
    """Return the version of a module that a group requires, as its go.mod has it."""
    return next(str(each["Version"]) for each in _module(group)["Require"] if each["Path"] == module)


def _build(group: str, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for name, package in _tools(group).items():
            begin = time.monotonic()
            _go(group, "build", "-ldflags", _ldflags(group), "-o", str(made / name), package)
            seconds[name] = time.monotonic() - begin
            print(f"built {name} in {seconds[name]:.0f} s", file=sys.stderr, flush=True)
        made.rename(folder)


def _tools(group: str) -> dict[str, str]:
    """Return the packages of a module's tool lines by executable; the only one is called as the group is."""
    packages = [each["Path"] for each in _module(group)["Tool"]]
    return {package.rpartition("/")[2] if len(packages) > 1 else group: package for package in packages}


def _ldflags(group: str) -> str:
    """Return what the linker is told. Kubernetes calls itself v0.0.0 unless told, and then refuses its own clients."""
    if group != "kube":
        return "-s -w"
    full = version("kube", "k8s.io/kubernetes")
    match = re.match(r"v(\d+)\.(\d+)\.", full)
    assert match, full
    words = {"gitVersion": full, "gitMajor": match[1], "gitMinor": match[2]}
    return " ".join(["-s -w", *(f"-X {_VERSION}.{key}={value}" for key, value in words.items())])


def _key(group: str) -> str:
    """Return a name for what a group is built from: other content, other folder."""
    digest = hashlib.sha256(_ldflags(group).encode())
    for path in sorted(each for each in (MODULES / group).rglob("*") if each.is_file()):
        digest.update(b"\0%s\0" % path.relative_to(MODULES).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache() -> Path:
    named = os.environ.get("JOBSETGEN_CLUSTER_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "jobsetgen" / "cluster"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other processes out; the lock ends with its holder, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@functools.cache
def _module(group: str) -> dict[str, Any]:
    return dict(json.loads(_go(group, "mod", "edit", "-json")))


def _go(group: str, *arguments: str) -> str:
    environment = {**os.environ, "GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
    command = ["go", *arguments]
    done = subprocess.run(command, cwd=MODULES / group, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)} in modules/{group}:\n{(done.stderr or done.stdout)[-4000:]}")
    return done.stdout


def main() -> None:
    """Build what is missing, so that a test does not seem to hang for a quarter of an hour."""
    reason = why_not()
    if reason:
        print(f"no cluster can run here: {reason}", file=sys.stderr)
        sys.exit(CANNOT)
    for group in GROUPS:
        try:
            build(group)
        except BuildError as error:
            print(error, file=sys.stderr)
            sys.exit(CANNOT if _OUT_OF_REACH.search(str(error)) else 1)


if __name__ == "__main__":
    main()
