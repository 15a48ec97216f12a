"""Format diagnostics as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jobsetgen.diagnostics import Diagnostic, shown
from jobsetgen.review.left_out import left_out
from jobsetgen.review.terminal import harmless, json_text

_GITHUB_LEVEL = {"error": "error", "warning": "warning", "notice": "notice"}


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return `file:line:col: error[CODE]: message` lines, each with its hint below."""
    report = shown(diagnostics)
    lines = []
    for item in report.items:
        lines.append(
            f"{item.file}:{item.line}:{item.column}: {item.severity}[{item.code}]: {item.message}"
        )
        if item.hint:
            lines.append(f"  hint: {item.hint}")
    lines += left_out(report)
    return "".join(f"{harmless(line)}\n" for line in lines)


def page_command(item: Diagnostic) -> str:
    """Return the command that prints the page of a diagnostic's code."""
    return f"jobsetgen rule {item.code}"


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a JSON document with a list of diagnostics. New releases only add fields.

    `leftOut` is the number of those that are not in the list.
    """
    report = shown(diagnostics)
    entries = [
        {
            "file": item.file,
            "line": item.line,
            "column": item.column,
            "severity": item.severity,
            "code": item.code,
            "message": item.message,
            "hint": item.hint,
            "page": page_command(item),
        }
        for item in report.items
    ]
    return json_text({"version": 1, "diagnostics": entries, "leftOut": len(report.left_out)})


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return GitHub Actions workflow commands, which become annotations on the lines of a PR."""
    report = shown(diagnostics)
    lines = []
    for item in report.items:
        page = f"More: {page_command(item)}"
        text = "\n".join(harmless(words) for words in (item.message, item.hint, page) if words)
        place = f"file={_property(harmless(item.file))},line={item.line},col={item.column},title={item.code}"
        lines.append(f"::{_GITHUB_LEVEL[item.severity]} {place}::{_escaped(text)}\n")
    lines += [f"::notice ::{_escaped(line)}\n" for line in left_out(report)]
    return "".join(lines)


def as_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a SARIF log for code scanning."""
    from jobsetgen.review import sarif

    return sarif.as_sarif(diagnostics)


REPORTERS: dict[str, Callable[[Iterable[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
