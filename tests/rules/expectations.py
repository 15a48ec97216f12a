"""The cases of rules: YAML files that say in comments which diagnostics they expect, and on which lines.

    image: train  # warning: JSG504

expects a warning of that code on its own line. Where the message matters, the lines below hold the column, the message
and its hint:

    image: train
    # ^ warning: JSG504@8: the image 'train' has no tag: nodes, and restarts, may run different versions of it
    #   hint: Use the tag of a version, or better, its digest.

`^` is the nearest line above that is no such comment, `^^` the one before that, and so on. A file is checked whole:
what is found and not expected fails as well, on any line. A comment that only resembles one of these, such as a
misspelt severity or a message without its column, is an error: it would expect nothing. `# options: --gitops flux` on its first line gives the
options of the command line, and `# environment: NAME=value` there sets a variable. A case that needs several files is
a folder, which is compiled as a project.

To write the comments below the lines from what is found now: python -m scripts.expect FILE... Then read the diff.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

CASES = Path(__file__).resolve().parent / "cases"

_OPTIONS = re.compile(r"# options: (.*)")
_ENVIRONMENT = re.compile(r"# environment: (\w+)=(.*)")
_SAME_LINE = re.compile(r"# (error|warning|notice): (JSG\d{3})(?=\s|$)")
_BELOW = re.compile(r"\s*# (\^+) (error|warning|notice): (JSG\d{3})@(\d+): (.+)")
_HINT = re.compile(r"\s*#   hint: (.+)")
# What resembles one of the above, and would otherwise expect or set nothing.
_RESEMBLES = re.compile(
    r"#\s*\^|#\s*hint\b|#\s*(?:options|environment)\s*:|#\s*\w+\s*:\s*JSG|#\s*(?:error|warning|notice)\b.*JSG\d", re.I
)


class Said(NamedTuple):
    """A diagnostic as a case expects it; without a message, the column and the hint are left open as well."""

    file: str
    line: int
    severity: str
    code: str
    column: int = 0
    message: str = ""
    hint: str = ""


class Case(NamedTuple):
    """A file or a folder that is compiled with some options."""

    path: Path

    @property
    def name(self) -> str:
        """Its folder and title, such as `lints/backoff_hides_failure`; more cases of a rule have a suffix."""
        return str(self.path.relative_to(CASES)).removesuffix(".yaml")

    @property
    def rule(self) -> str:
        """The rule that it is a case of: its folder and title."""
        return self.name.partition(".")[0]

    @property
    def folder(self) -> Path:
        """Where it is compiled."""
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def files(self) -> list[Path]:
        """Its YAML files, by name."""
        return sorted(self.path.rglob("*.yaml")) if self.path.is_dir() else [self.path]

    @property
    def arguments(self) -> list[str]:
        """What `validate` is told: the path from the folder, and the options."""
        options = [match[1] for line in self._first_lines() if (match := _OPTIONS.fullmatch(line))]
        path = "." if self.path.is_dir() else self.path.name
        return [path, *shlex.split(" ".join(options))]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that are set for it."""
        found = (_ENVIRONMENT.fullmatch(line) for line in self._first_lines())
        return {match[1]: match[2] for match in found if match}

    def expected(self) -> list[Said]:
        """Return what it expects, sorted."""
        return sorted(said for file in self.files for said in self._expected_of(file))

    def _first_lines(self) -> list[str]:
        return [file.read_text(encoding="utf-8").partition("\n")[0] for file in self.files]

    def _expected_of(self, file: Path) -> Iterator[Said]:
        name = str(file.relative_to(self.folder))
        yield from expectations(name, file.read_text(encoding="utf-8").split("\n"))


def cases() -> list[Case]:
    """Return every case, by name."""
    entries = [path for folder in sorted(CASES.iterdir()) for path in sorted(folder.iterdir())]
    return [Case(path) for path in entries]


def is_expectation(line: str) -> bool:
    """Whether a line is a comment about the lines above it."""
    return bool(_BELOW.fullmatch(line) or _HINT.fullmatch(line))


def expectations(file: str, lines: Sequence[str]) -> Iterator[Said]:
    """Yield what the comments in a file expect."""
    above: list[int] = []
    for number, line in enumerate(lines, start=1):
        _refuse_what_expects_nothing(file, lines, number)
        if below := _BELOW.fullmatch(line):
            carets, severity, code, column, message = below.groups()
            hint = _HINT.fullmatch(lines[number]) if number < len(lines) else None
            yield Said(file, above[-len(carets)], severity, code, int(column), message, hint[1] if hint else "")
        elif not is_expectation(line):
            above.append(number)
            for found in _SAME_LINE.finditer(line):
                yield Said(file, number, found[1], found[2])


def _refuse_what_expects_nothing(file: str, lines: Sequence[str], number: int) -> None:
    """Raise ValueError for a comment that resembles an expectation or an option, and is none."""
    line = lines[number - 1]
    rest = "" if _is_known(lines, number) else _SAME_LINE.sub("", line)
    if _RESEMBLES.search(rest):
        raise ValueError(f"{file}:{number}: expects nothing: {line.strip()}")


def _is_known(lines: Sequence[str], number: int) -> bool:
    """Whether a line is an expectation below its line, the hint of one, or an option on the first line."""
    line = lines[number - 1]
    if number == 1:
        return bool(_OPTIONS.fullmatch(line) or _ENVIRONMENT.fullmatch(line))
    if _HINT.fullmatch(line):
        return bool(_BELOW.fullmatch(lines[number - 2]))
    return bool(_BELOW.fullmatch(line))
