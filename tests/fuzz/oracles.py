"""What must hold for every input, whatever it is."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jobsetgen.model.codes import NOTHING
from jobsetgen.source.loader import load
from jobsetgen.source.text import MAX_BYTES
from tests.fuzz import places, running
from tests.fuzz.case import Case, Command
from tests.fuzz.running import Done, RunawayError
from tests.fuzz.twin import Twin

LEAST_SECONDS, SECONDS_A_BYTE, SECONDS_A_BYTE_OUT = 3.0, 50e-6, 5e-6
"""The processor time that a command may take: many times what it takes, and far less than a runaway does."""
_LARGE = 30_000
"""Bytes of output, from which on compiling it again takes longer than anything else; it is tried for some inputs."""


class FoundError(AssertionError):
    """An oracle does not hold. Findings with the same key are of one kind."""

    def __init__(self, oracle: str, about: str, text: str) -> None:
        super().__init__(f"{oracle}: {about}\n{text}")
        self.key = f"{oracle}: {about}"


class Bench(NamedTuple):
    """Where inputs are examined: a folder, and a process with another hash seed."""

    folder: Path
    twin: Twin | None = None


def examine(case: Case, bench: Bench) -> list[Done]:
    """Run an input, and return how its commands ended. Raises FoundError where an oracle does not hold."""
    with running.in_folder(bench.folder, case):
        found = [_examined(case, command) for command in case.commands]
        for oracle in _OF_STORIES:
            oracle(case, found)
    if "seed" in case.checks and bench.twin is not None:
        _same("another hash seed", found, bench.twin.run(case))
    if "process" in case.checks:
        with running.in_folder(bench.folder, case):
            _same("a process of its own", found, [running.run_process(each, case.stdin) for each in case.commands])
    return found


def _examined(case: Case, command: Command) -> Done:
    before = _tree()
    done = _ran(case, command)
    for oracle in _OF_COMMANDS:
        oracle(case, done)
    if done.status == 1 and command[0] != "check" and "--fail-on-change" not in command and _tree() != before:
        raise _found("touched files", done)
    return done


def _ran(case: Case, command: Command) -> Done:
    limit = LEAST_SECONDS + SECONDS_A_BYTE * case.size
    try:
        done = running.run(command, case.stdin, 10 * limit)
    except RunawayError as error:
        raise FoundError("time", _where(error), f"{command}") from error
    except Exception as error:
        raise FoundError("exception", f"{type(error).__name__} {_where(error)}", traceback.format_exc()) from error
    if done.seconds > limit + SECONDS_A_BYTE_OUT * len(done.out):
        raise _found("time", done, f"{done.seconds:.1f} s")
    return done


def _where(error: BaseException) -> str:
    """Return the innermost place of the product in a traceback."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if "/jobsetgen/" in each.filename]
    return f"in {frames[-1].filename.rpartition('/jobsetgen/')[2]} {frames[-1].name}" if frames else "elsewhere"


def _found(oracle: str, done: Done, detail: str = "") -> FoundError:
    text = f"{' '.join(done.command)}\nstatus {done.status}\n{done.err.decode()[:2000]}\n{done.out.decode()[:1000]}"
    return FoundError(oracle, " ".join([*done.command[:1], detail]).strip(), text)


# --- Of every command -----------------------------------------------------------------------------
def _status(_case: Case, done: Done) -> None:
    allowed = {0, 1}
    if done.command[0] not in ("krm", "argocd"):
        allowed.add(2)
    if "--exit-code" in done.command or "--fail-on" in done.command:
        allowed.add(4)
    if done.status not in allowed:
        raise _found("status", done, str(done.status))


def _words(_case: Case, done: Done) -> None:
    strange = places.strange_lines(done)
    if strange:
        raise _found("strange line", done, strange[0][:60])
    if done.status and not done.err and not done.out:
        raise _found("fails without a word", done)


def _place(case: Case, done: Done) -> None:
    for item in places.said(done):
        # What a flag sets is named by the flag.
        is_elsewhere = "layers" in case.checks and not item.file.startswith("--") and item.file not in case.files
        if is_elsewhere or places.outside(item, case.files):
            raise _found("place", done, item.code)


def _quiet(_case: Case, done: Done) -> None:
    """Nothing is on standard output of what is refused, unless it is the report that was asked for."""
    name = done.command[0]
    is_report = name in ("krm", "check") or (name == "validate" and "--format" in done.command)
    is_report = is_report or "--fail-on-change" in done.command or done.status == 4
    # `explain` and `graph` say that there is nothing to show.
    is_report = is_report or b"contains no JobSets" in done.err
    if done.status and done.out and not is_report:
        raise _found("output of an error", done)


def _format(_case: Case, done: Done) -> None:
    """What is for programs is JSON."""
    if {"json", "sarif"} & set(done.command) and done.out:
        try:
            json.loads(done.out)
        except ValueError as error:
            raise _found("no JSON", done) from error


_OF_COMMANDS: tuple[Callable[[Case, Done], None], ...] = (_status, _words, _place, _quiet, _format)


# --- Of what commands do together -----------------------------------------------------------------
def _again(case: Case, found: Sequence[Done]) -> None:
    """Compiling the output again changes nothing."""
    done = found[0]
    is_output = done.command[0] in ("build", "argocd") and "-o" not in done.command and "--preview" not in done.command
    if (
        not is_output
        or done.status
        or not done.out
        or done.command[:2] in (("argocd", "discover"), ("argocd", "parameters"))
    ):
        return
    if not _is_asked(case, done, "fixed") or len(done.out) > MAX_BYTES:
        return
    target = ("--target", "jobset") if _gives_jobsets(case, done.command) else ()
    command = ("build", "--allow-empty", "-", *_version(case, done.command), *target)
    again = _ran(case._replace(stdin=done.out), command)
    if again.status:
        raise _found("output is refused", again)
    if again.out != done.out:
        raise _found("fixed point", done, "")


def _as_jobsets(case: Case, found: Sequence[Done]) -> None:
    """The JobSets of an output give the same plain objects, without the options."""
    done = found[0]
    is_printed = done.command[0] == "build" and not {"-o", "--preview", "--each"} & set(done.command)
    if not is_printed or done.status or not done.out or not _is_asked(case, done, "jobsets"):
        return
    if _gives_jobsets(case, done.command):
        return
    target = _ran(case, (*done.command, "--target", "jobset"))
    if target.status:
        raise _found("JobSets are refused", target)
    plain = _ran(case._replace(stdin=target.out), ("build", "--allow-empty", "-", *_version(case, done.command)))
    if plain.status:
        raise _found("JobSets are refused when they are read", plain)
    if plain.out != done.out:
        raise _found("JobSets give other objects", target)


def _is_asked(case: Case, done: Done, check: str) -> bool:
    """Whether an oracle that compiles an output is asked for this input."""
    return "again" in case.checks or (check in case.checks and (len(done.out) <= _LARGE or "large" in case.checks))


def _gives_jobsets(case: Case, command: Command) -> bool:
    """Whether a flag, or a project of an input, asks for JobSets."""
    names = [name for name in case.files if name.endswith("jobsetgen.yaml")]
    return "--target" in command or any(_project(case, name).get("target") == "jobset" for name in names)


def _project(case: Case, name: str) -> dict[str, Any]:
    """Return what a project file of an input says, if it says anything."""
    documents = load(name, case.files.get(name, b"")).documents
    data = documents[0].data if documents else None
    return data if isinstance(data, dict) else {}


def _version(case: Case, command: Command) -> tuple[str, ...]:
    """Return the flag for the Kubernetes version of an output, which has dropped the fields of later ones."""
    name = "--kubernetes-version"
    if name in command:
        return name, command[command.index(name) + 1]
    version = _project(case, "jobsetgen.yaml").get("kubernetesVersion") if "." in command else None
    return (name, version) if version else ()


def _repeated(_case: Case, found: Sequence[Done]) -> None:
    """What was built is up to date, and building it again writes the same."""
    if len(found) != 3 or found[0].command[0] != "build" or found[0].status:
        return
    for done in found[1:]:
        if done.status:
            raise _found("not up to date", done)


def _equal(_case: Case, found: Sequence[Done]) -> None:
    """An input and itself, or its output, are equal to `diff`."""
    done = found[-1]
    names = done.command[1:3]
    is_equal = names == ("old.yaml", "old.yaml") or (names == ("old.yaml", "out") and found[0].status == 0)
    if done.command[0] == "diff" and is_equal and done.status == 4:
        raise _found("a difference from itself", done)


def _unchanged_items(case: Case, found: Sequence[Done]) -> None:
    """A function that fails returns the items as they were; what it prints is YAML."""
    done = found[0]
    # A file of more bytes is never read, but a stream may have them.
    if done.command != ("krm",) or not done.out or len(done.out) > MAX_BYTES:
        return
    printed = load("out.yaml", done.out)
    if printed.diagnostics or len(printed.documents) != 1:
        raise _found("output is not read", done)
    if done.status:
        given = load("in.yaml", case.stdin).documents[0].data
        if printed.documents[0].data.get("items") != (given.get("items") or []):
            raise _found("changed items", done)


def _same_diagnostics(_case: Case, found: Sequence[Done]) -> None:
    """`validate` and `build` report the same."""
    if len(found) != 2 or found[0].command[0] != "validate" or 2 in (found[0].status, found[1].status):
        return
    one, other = (sorted(each for each in places.said(done) if each.code != NOTHING.id) for done in found)
    if one != other:
        raise _found("other diagnostics", found[0])


def _same(oracle: str, found: Sequence[Done], others: Sequence[Done]) -> None:
    for one, other in zip(found, others, strict=True):
        if (one.status, one.out, one.err) != (other.status, other.out, other.err):
            text = f"{one.err.decode()[:1000]}\n{other.err.decode()[:1000]}"
            raise FoundError(oracle, one.command[0], f"{one.command}: {one.status} and {other.status}\n{text}")


_OF_STORIES: tuple[Callable[[Case, Sequence[Done]], None], ...] = (
    _again,
    _as_jobsets,
    _repeated,
    _equal,
    _unchanged_items,
    _same_diagnostics,
)


def _tree() -> dict[str, Any]:
    """Return the files of the current folder with their sizes and times."""
    found = {}
    for path in Path().rglob("*"):
        about = path.lstat()
        found[str(path)] = (about.st_size, about.st_mtime_ns)
    return found
