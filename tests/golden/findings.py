"""What each format of diagnostics says, read back: the findings, alike for all formats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from jobsetgen.diagnostics import Diagnostic

_TEXT = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): (?P<severity>\w+)\[(?P<code>\w+)\]: (?P<words>.*)")
_GITHUB = re.compile(
    r"::(?P<severity>\w+) file=(?P<file>[^,]*),line=(?P<line>\d+),col=(?P<column>\d+),title=(?P<code>\w+)::(?P<words>.*)"
)
_HINT = "  hint: "
_SARIF_SEVERITY = {"error": "error", "warning": "warning", "note": "notice"}


class Finding(NamedTuple):
    """One diagnostic; its words are the message and, as a second sentence, the hint."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    words: str


def from_values(diagnostics: Iterable[Diagnostic]) -> list[Finding]:
    """Return the findings of diagnostics themselves."""
    return [
        Finding(item.file, item.line, item.column, item.severity, item.code, _words(item.message, item.hint))
        for item in diagnostics
    ]


def from_text(text: str) -> list[Finding]:
    """Return the findings of lines for a terminal, a hint on a line of its own."""
    found: list[Finding] = []
    for line in _lines(text):
        if line.startswith(_HINT):
            last = found.pop()
            found.append(last._replace(words=_words(last.words, line.removeprefix(_HINT))))
        else:
            found.append(_matched(_TEXT, line))
    return found


def from_json(text: str) -> list[Finding]:
    """Return the findings of the document for programs."""
    entries = json.loads(text)["diagnostics"]
    assert [entry["page"] for entry in entries] == [f"jobsetgen rule {entry['code']}" for entry in entries]
    return [
        Finding(
            entry["file"],
            entry["line"],
            entry["column"],
            entry["severity"],
            entry["code"],
            _words(entry["message"], entry["hint"]),
        )
        for entry in entries
    ]


def from_github(text: str) -> list[Finding]:
    """Return the findings of workflow commands: a hint, and the command for the page, behind line breaks."""
    found = []
    for item in (_matched(_GITHUB, line) for line in _lines(text)):
        *words, page = _unescaped(item.words).split("\n")
        assert page == f"More: jobsetgen rule {item.code}"
        found.append(item._replace(file=_unescaped(item.file), words=_words(*words)))
    return found


def from_sarif(text: str) -> list[Finding]:
    """Return the findings of a SARIF log."""
    (run,) = json.loads(text)["runs"]
    found = []
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        region = physical["region"]
        found.append(
            Finding(
                unquote(physical["artifactLocation"]["uri"]),
                region["startLine"],
                region["startColumn"],
                _SARIF_SEVERITY[result["level"]],
                result["ruleId"],
                result["message"]["text"],
            )
        )
    return found


READERS = {"text": from_text, "json": from_json, "github": from_github, "sarif": from_sarif}


def _lines(text: str) -> list[str]:
    """Return the lines of a text, which end in nothing but line feeds."""
    return text.split("\n")[:-1]


def _words(message: str, hint: str = "") -> str:
    return f"{message}. {hint}" if hint else message


def _matched(pattern: re.Pattern[str], line: str) -> Finding:
    match = pattern.fullmatch(line)
    assert match, line
    parts = match.groupdict()
    return Finding(**{**parts, "line": int(parts["line"]), "column": int(parts["column"])})


def _unescaped(text: str) -> str:
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text
