"""Format diagnostics as a SARIF 2.1.0 log.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from jobsetgen.diagnostics import Code, Diagnostic, Shown, shown
from jobsetgen.release import Release, installed
from jobsetgen.review.left_out import left_out
from jobsetgen.review.pages import page_as_markdown, page_as_text, paragraphs, summary
from jobsetgen.review.terminal import json_text
from jobsetgen.rules.registry import CODES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {"error": "error", "warning": "warning", "notice": "note"}


def as_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """Return diagnostics as a log of the installed release."""
    log = sarif_log(list(diagnostics), installed())
    return json_text(log)


def sarif_log(diagnostics: Sequence[Diagnostic], release: Release) -> dict[str, Any]:
    """Return a log of diagnostics found by a release."""
    report = shown(diagnostics)
    used = {item.code for item in report.items}
    run = {
        "tool": {
            "driver": {
                "name": "jobsetgen",
                "version": release.version,
                **_known("informationUri", release.repository),
                "rules": [_rule(code, release) for code in CODES if code.id in used],
            }
        },
        # Our columns count code points, not UTF-16 units.
        "columnKind": "unicodeCodePoints",
        "results": [_result(item) for item in report.items],
        **_notifications(report),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _notifications(report: Shown) -> dict[str, Any]:
    """Return what the log says of the results that are not in it; nothing if all are."""
    notes = [{"level": "note", "message": {"text": line}} for line in left_out(report)]
    if not notes:
        return {}
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}]}


def _rule(code: Code, release: Release) -> dict[str, Any]:
    return {
        "id": code.id,
        "name": code.name,
        "shortDescription": {"text": summary(code)},
        "fullDescription": {"text": "\n\n".join(paragraphs(code))},
        **_known("helpUri", release.file_url(f"docs/rules/{code.id}.md")),
        "help": {"text": page_as_text(code), "markdown": page_as_markdown(code)},
        "defaultConfiguration": {"level": _LEVEL[code.severity]},
    }


def _result(item: Diagnostic) -> dict[str, Any]:
    region = {"startLine": item.line, "startColumn": item.column}
    if item.place.end_column is not None:
        region |= {"endLine": item.line, "endColumn": item.place.end_column}
    location = {"artifactLocation": {"uri": quote(item.file)}, "region": region}
    return {
        "ruleId": item.code,
        "level": _LEVEL[item.severity],
        "message": {"text": f"{item.message}. {item.hint}" if item.hint else item.message},
        "locations": [{"physicalLocation": location}],
        **_suppressions(item),
    }


def _suppressions(item: Diagnostic) -> dict[str, Any]:
    """Return why a result is suppressed; nothing for one that is not."""
    if not item.suppression:
        return {}
    reason = {"kind": "external", "status": "accepted", "justification": item.suppression}
    return {"suppressions": [reason]}


def _known(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}
