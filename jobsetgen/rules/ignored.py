"""The warnings and notices that options suppress: `lint.ignore`, and the flag `--ignore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, strings
from jobsetgen.project.codes import IGNORED_CODE
from jobsetgen.project.layer import Layer
from jobsetgen.rules.registry import CODES, MERGED
from jobsetgen.words import nearest

_SEVERITIES = {code.id: code.severity for code in CODES}
_IGNORABLE = [code.id for code in CODES if code.severity != "error"]
_REASON = "Ignored by lint.ignore of the project or by --ignore."


def refusal(code: str) -> tuple[str, str]:
    """Return why a code cannot be ignored, with a suggestion; both empty if it can.

    A code that was merged into another is one of that other's severity.
    """
    severity = _SEVERITIES.get(_current(code))
    if severity is None:
        known = nearest(code.upper(), _IGNORABLE)
        return f"unknown code {code}", f"did you mean {known}?" if known else ""
    if severity == "error":
        return f"{code} is the code of an error, and errors cannot be ignored", ""
    return "", ""


def refused_codes(layers: Sequence[Layer]) -> Iterator[Diagnostic]:
    """Yield an error for each code that a layer cannot ignore."""
    for layer in layers:
        for index, code in enumerate(strings(mapping(layer.data, "lint"), "ignore")):
            message, suggestion = refusal(code)
            if message:
                hint = suggestion[:1].upper() + suggestion[1:]
                finding = Finding(path=("lint", "ignore", index), message=message, hint=hint)
                yield layer.document.diagnostic(IGNORED_CODE, finding)


def without_ignored(
    diagnostics: Iterable[Diagnostic], settings: Settings
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return the diagnostics that count, and those that options suppress, with the reason.

    An error counts whatever the options say.
    """
    codes = frozenset(map(_current, settings.lint.ignore))
    kept: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    for item in diagnostics:
        if item.is_error or item.code not in codes:
            kept.append(item)
        else:
            suppressed.append(replace(item, suppression=_REASON))
    return kept, suppressed


def _current(code: str) -> str:
    """Return a code as it is written now, in upper case; that of a merged one is its successor."""
    return MERGED.get(code.upper(), code.upper())
