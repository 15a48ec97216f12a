"""An input: files, what is on standard input, and the commands that are run; and the file that it is saved in."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from typing import NamedTuple

from ruamel.yaml import YAML

Command = tuple[str, ...]

_TOO_MANY_JOBS = re.compile(rb"max-?jobs\W{1,5}([0-9]{6}|[0-9.]+e)", re.IGNORECASE)

_ODD = re.compile("[^\t\n -~\u00a1-\u167f]|\\A[\n ]|[ \t]\n|\\A\\Z|[^\n]\\Z|\t")


class Case(NamedTuple):
    """One input. Its commands are run one after another in a folder that has its files."""

    commands: tuple[Command, ...]
    files: Mapping[str, bytes]
    stdin: bytes = b""
    environment: Mapping[str, str] = {}
    checks: frozenset[str] = frozenset()
    """The oracles that are asked for this input: fixed and jobsets, of outputs that are large if large is among them;
    again, which is all of these; seed, process, kubectl; and layers, that each place is in one of the files."""
    status: int | None = None
    says: str = ""
    """Of an input that once failed: how its last command ends, and what it says."""

    def __repr__(self) -> str:
        # hypothesis prints it where an input fails.
        return f"<{self.size} bytes for {self.commands}>"

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.stdin) + sum(map(len, self.files.values()))

    @property
    def allows_too_many_jobs(self) -> bool:
        """Whether a limit is raised so far that an input can take all time and memory."""
        words = " ".join(word for command in self.commands for word in command)
        texts = (words.encode("utf-8", "surrogatepass"), self.stdin, *self.files.values())
        return any(_TOO_MANY_JOBS.search(text) for text in texts)

    @property
    def digest(self) -> str:
        """A name for it."""
        return hashlib.sha256(written(self).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def written(case: Case, comment: str = "") -> str:
    """Return a case as the text of a file."""
    lines = [f"# {line}\n" for line in comment.splitlines()]
    lines += ["commands:\n", *(f"- [{', '.join(map(_quoted, command))}]\n" for command in case.commands)]
    lines += _mapping("environment", case.environment)
    lines += _mapping("files", {name: _text(content) for name, content in case.files.items()})
    if case.stdin:
        lines.append(f"stdin: {_scalar(_text(case.stdin), '  ')}")
    return "".join(lines)


def read(text: str) -> Case:
    """Return the case that a file holds; every oracle is asked for it."""
    found = YAML(typ="safe", pure=True).load(io.StringIO(text))
    return Case(
        commands=tuple(tuple(map(str, each)) for each in found["commands"]),
        files={name: _bytes(content) for name, content in (found.get("files") or {}).items()},
        stdin=_bytes(found.get("stdin", "")),
        environment=found.get("environment") or {},
        checks=frozenset(["again", "seed", "process", "kubectl"]),
        status=found.get("status"),
        says=found.get("says", ""),
    )


def _mapping(name: str, entries: Mapping[str, str]) -> list[str]:
    if not entries:
        return []
    return [f"{name}:\n", *(f"  {_quoted(key)}: {_scalar(value, '    ')}" for key, value in entries.items())]


def _scalar(text: str, indent: str) -> str:
    """Return a text as a block that a person can read and edit, or quoted where a block would change it."""
    if _ODD.search(text):
        return f"{_quoted(text)}\n"
    return "|\n" + "".join(f"{indent}{line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


def _quoted(text: str) -> str:
    return '"' + re.sub("[^ !#-\\[\\]-~\u00a1-\u167f]", _escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
