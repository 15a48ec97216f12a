"""Run kustomize on a copy of the files that it needs, and on nothing else.

Imported only for a project that reads a folder through kustomize.
"""

from __future__ import annotations

import functools
import os
import posixpath
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.project.files import Files
from jobsetgen.project.kustomizations import collect
from jobsetgen.project.kustomize_codes import KUSTOMIZE_FAILED
from jobsetgen.source.text import MAX_BYTES, Source
from jobsetgen.stop import StopError

MINIMUM = (5, 0)
"""The oldest release of kustomize whose rules for URLs `kustomization_fields` knows."""

CPU_SECONDS = 20
WALL_SECONDS = 40
MEMORY = 2_000_000_000

_ALLOW = (
    "Add --allow-kustomize to the commands 'generate' and 'parameters' in the plugin.yaml of the"
    " sidecar, or commit the output of kustomize build."
)
_INSTALL = f"Install kustomize {MINIMUM[0]}.{MINIMUM[1]} or later; kubectl kustomize is not used."
_VERSION = re.compile(r"v(\d+)\.(\d+)\.\d+")
# What Go's runtime prints when memory cannot be had.
_NO_MEMORY = re.compile(r"out of memory|cannot allocate memory|failed to (reserve|create new OS)")
_PANIC = re.compile(r"^(?:panic|fatal error): .*", re.M)
# kustomize quotes whole objects.
_SECRET = re.compile(rb"""[sS]ecretGenerator|kind[\\"']*\s*:\s*[\\"']*Secret\b""")
_CONFIG = re.compile(r" with config: `.*?`", re.S)
_OWN_WORDS = re.compile(r"^(# Warning: .*|\d{4}/\d\d/\d\d .*|Error: )\n?", re.M)


class _Ended(NamedTuple):
    """How a run has ended: its output, or why there is none and what the program says of it."""

    output: bytes
    problem: str = ""
    words: str = ""

    @property
    def told(self) -> str:
        """The problem, with the words of the program."""
        return f"{self.problem}: {self.words}" if self.words else self.problem


class Kustomized(NamedTuple):
    """A folder as kustomize renders it, or the errors with the kustomizations that have them."""

    source: Source | None
    diagnostics: Sequence[Diagnostic] = ()
    kustomizations: Sequence[Source] = ()


def kustomized(files: Files, folder: str, about: Place) -> Kustomized:
    """Return a folder of `files` as kustomize renders it, or the errors.

    `about` is the resource in the jobsetgen.yaml that names the folder. Places in the result are
    lines of what kustomize prints, and the name of the source says so. Raises StopError if the
    machine fails.
    """
    if not files.may_run_kustomize:
        message = "kustomize may not run in the Argo CD plugin"
        return Kustomized(None, [diagnostic(KUSTOMIZE_FAILED, about, message, _ALLOW)])
    collected = collect(files, folder, about)
    if collected.diagnostics:
        # The line of an error may be in a generator of Secrets.
        shown = [each for each in collected.sources if not _SECRET.search(each.content)]
        return Kustomized(None, collected.diagnostics, shown)
    try:
        problem, hint, output = _output(collected.contents, files, folder)
    except OSError as error:
        raise StopError("machine", f"cannot copy files for kustomize: {error.strerror}") from error
    if problem:
        return Kustomized(None, [diagnostic(KUSTOMIZE_FAILED, about, problem, hint)])
    name = f"{files.shown(folder)} (rendered by kustomize)"
    return Kustomized(Source(name=name, content=output))


def _output(contents: Mapping[str, bytes], files: Files, folder: str) -> tuple[str, str, bytes]:
    """Return why there is no output, what to do about it, and the output."""
    program = _program()
    problem = _unfit(program)
    if problem:
        return problem, _INSTALL, b""
    ended = _rendered(program, contents, files, folder)
    return ended.told, "", ended.output


def _program() -> str:
    """Return the path of kustomize, or an empty string.

    A relative folder in PATH does not count: it may belong to the repository.
    """
    folders = os.environ.get("PATH", "").split(os.pathsep)
    absolute = os.pathsep.join(folder for folder in folders if os.path.isabs(folder))
    return shutil.which("kustomize", path=absolute) or ""


@functools.cache
def _unfit(program: str) -> str:
    """Return why a program cannot be used, or an empty string."""
    if not program:
        return "kustomize is not on the PATH"
    with tempfile.TemporaryDirectory(prefix="jobsetgen-") as empty:
        ended = _run([program, "version"], empty)
    if ended.problem:
        return f"cannot run {program}: {ended.told}"
    text = ended.output.decode(errors="backslashreplace").strip()
    found = _VERSION.search(text)
    if found is None:
        return f"{program} does not say its version, but '{text[:80]}'"
    if (int(found[1]), int(found[2])) < MINIMUM:
        return f"{program} is kustomize {found[0]}; the minimum is {MINIMUM[0]}.{MINIMUM[1]}"
    return ""


def _rendered(program: str, contents: Mapping[str, bytes], files: Files, folder: str) -> _Ended:
    """Run kustomize on a copy of its files, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="jobsetgen-") as temporary:
        # kustomize resolves links before it names a path.
        top = os.path.realpath(temporary)
        start = _copied(top, contents, folder)
        words = ["build", "--load-restrictor", "LoadRestrictionsRootOnly"]
        ended = _run([program, *words, posixpath.normpath(posixpath.join(start, folder))], top)
    if ended.words and any(map(_SECRET.search, contents.values())):
        return ended._replace(words="its reason is not shown, because it may quote a Secret")
    return ended._replace(words=_with_names(ended.words, top, start, files))


def _copied(top: str, contents: Mapping[str, bytes], folder: str) -> str:
    """Write the files below `top`, and return the folder to which their names are relative.

    It is as deep as the names lead out of it. The names of the folders in between are random, so
    that no file of the repository can be written twice under different names.
    """
    names = [posixpath.normpath(name) for name in (*contents, folder)]
    start = top
    for _ in range(max(name.split("/").count("..") for name in names)):
        start = tempfile.mkdtemp(dir=start)
    for name, content in contents.items():
        path = Path(posixpath.normpath(posixpath.join(start, name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    return start


def _with_names(text: str, top: str, start: str, files: Files) -> str:
    """Return what kustomize says with the names of the files in place of those of their copies."""
    shown = files.shown("")
    own = "" if shown == "." else f"{shown}/"
    named = text.replace(f"{start}/", own).replace(start, shown)
    while start != top:
        start = posixpath.dirname(start)
        own = f"{own}../"
        named = named.replace(f"{start}/", own).replace(start, own.rstrip("/"))
    return named


def _run(command: list[str], folder: str) -> _Ended:
    """Run a program in a folder, without environment and within limits.

    Without a PATH, kustomize can start neither git nor Helm; without a HOME, it has no plugins.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
                preexec_fn=_limit,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return _Ended(b"", f"cannot run {command[0]}: {error}")
        try:
            status = process.wait(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            return _Ended(b"", f"kustomize takes longer than {WALL_SECONDS} s")
        finally:
            _end(process)
        return _judged(status, _content(output), _content(errors))


def _limit() -> None:
    """Limit what the new process may use; called in it before the program starts."""
    _lower(resource.RLIMIT_CPU, CPU_SECONDS)
    _lower(resource.RLIMIT_AS, MEMORY)
    # One byte more than may be read, so that the longest output is told from one that was cut.
    _lower(resource.RLIMIT_FSIZE, MAX_BYTES + 1)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with everything that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(MAX_BYTES + 1)


def _judged(status: int, output: bytes, errors: bytes) -> _Ended:
    """Return the output of a process, or what is wrong with it."""
    if len(output) > MAX_BYTES:
        return _Ended(b"", f"the output of kustomize has more than {MAX_BYTES:,} bytes")
    if status == 0:
        return _Ended(output)
    text = errors.decode(errors="backslashreplace")
    if status == -signal.SIGKILL:
        reason = f"more than {CPU_SECONDS} s of CPU time, or no memory left"
        return _Ended(b"", f"kustomize was killed: {reason}")
    if _NO_MEMORY.search(text):
        return _Ended(b"", f"kustomize needs more than {MEMORY // 1_000_000:,} MB of memory")
    panic = _PANIC.search(text)
    if panic:
        return _Ended(b"", "kustomize has crashed", panic[0])
    sentence = " ".join(_OWN_WORDS.sub("", _CONFIG.sub("", text)).split())
    return _Ended(b"", "kustomize fails", sentence or f"exit status {status}")
