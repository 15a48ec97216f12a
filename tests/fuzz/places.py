"""The diagnostics that a command prints, in whatever format, and whether each is at a place in its file."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.fuzz.running import Done

_TEXT = re.compile(
    r"^(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|notice)\[(?P<code>JSG\d{3})\]: ."
)
_GITHUB = re.compile(
    r"^::(?P<severity>error|warning|notice) file=(?P<file>[^,]*),line=(?P<line>\d+),col=(?P<column>\d+),title=(?P<code>JSG\d{3})::."
)
_RESULT = re.compile(r"(?P<severity>error|warning|info): (?P<code>JSG\d{3}): .")
_COLOR = re.compile(r"\x1b\[[\d;]*m")
_BREAK = re.compile(r"\r\n|\r|\n")
# What a command says that is no diagnostic.
_OTHER = re.compile(
    r"  hint: .|jobsetgen: .|Usage: |Try '|Error: |[\d,]+ (?:errors?|warnings?|notices?)\b.* more; only |$"
)


class Said(NamedTuple):
    """A diagnostic as it was printed."""

    file: str
    line: int
    column: int
    severity: str
    code: str


def said(done: Done) -> list[Said]:
    """Return the diagnostics that a command has printed."""
    form = done.command[done.command.index("--format") + 1] if "--format" in done.command else "text"
    out = done.out.decode()
    if done.command[0] == "validate" and out and form in ("json", "sarif"):
        return list(_of_json(out) if form == "json" else _of_sarif(out))
    text = out if form == "github" and done.command[0] == "validate" else done.err.decode()
    return list(_of_text(_COLOR.sub("", text)))


def strange_lines(done: Done) -> list[str]:
    """Return the lines on standard error that are neither diagnostics nor sentences of the program."""
    lines = done.err.decode().split("\n")
    # With --color, diagnostics have the lines of the source below.
    if "--color" in done.command:
        return [line for line in lines if line.startswith("Traceback")]
    return [line for line in lines if not (_TEXT.match(line) or _OTHER.match(line) or _RESULT.search(line))]


def outside(item: Said, files: Mapping[str, bytes]) -> bool:
    """Whether a diagnostic names a place that its file does not have."""
    content = files.get(item.file)
    if content is None:
        return item.line < 1 or item.column < 1
    lines = _BREAK.split(_decoded(content))
    return not (1 <= item.line <= len(lines) and 1 <= item.column <= len(lines[item.line - 1]) + 1)


def _decoded(content: bytes) -> str:
    is_wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return content.decode("utf-16" if is_wide else "utf-8-sig", "replace")


def _of_text(text: str) -> Iterator[Said]:
    for line in text.split("\n"):
        found = _TEXT.match(line) or _GITHUB.match(line)
        if found is not None:
            file = found["file"].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
            yield Said(file, int(found["line"]), int(found["column"]), found["severity"], found["code"])
        elif (result := _RESULT.search(line)) is not None:
            yield Said("", 1, 1, result["severity"].replace("info", "notice"), result["code"])


def _of_json(text: str) -> Iterator[Said]:
    for item in json.loads(text)["diagnostics"]:
        yield Said(*(item[field] for field in Said._fields))


def _of_sarif(text: str) -> Iterator[Said]:
    for result in json.loads(text)["runs"][0]["results"]:
        if result.get("suppressions"):
            continue
        place = result["locations"][0]["physicalLocation"]
        region = place.get("region", {"startLine": 1, "startColumn": 1})
        severity = result["level"].replace("note", "notice")
        yield Said(
            place["artifactLocation"]["uri"], region["startLine"], region["startColumn"], severity, result["ruleId"]
        )
