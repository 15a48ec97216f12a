"""How many diagnostics the formats show, and how they count the rest."""

from __future__ import annotations

import json

import pytest

from jobsetgen.diagnostics import MOST_SHOWN, Diagnostic, Place, Severity, diagnostic, shown
from jobsetgen.review.on_terminal import Screen, as_blocks
from jobsetgen.review.reporters import REPORTERS, as_json
from jobsetgen.review.source_lines import SourceLines
from jobsetgen.source.codes import SYNTAX

LEFT_OUT = "1 error and 3 notices more; only the first 10,000 diagnostics are shown"


def item(line: int, severity: Severity) -> Diagnostic:
    return Diagnostic(place=Place("a.yaml", line), code="JSG002", severity=severity, message=f"number {line}")


NOTICES = [item(line, "notice") for line in range(1, 4)]
MANY = [*NOTICES, *(item(line, "error") for line in range(4, MOST_SHOWN + 5))]


def test_what_no_real_input_reaches_is_shown_whole():
    assert shown(MANY[:MOST_SHOWN]).left_out == ()


def test_errors_come_before_all_others_and_stay_in_their_order():
    report = shown(MANY)
    assert [each.line for each in report.items] == list(range(4, MOST_SHOWN + 4))
    assert [each.line for each in report.left_out] == [1, 2, 3, MOST_SHOWN + 4]


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_a_format_counts_what_it_leaves_out(form):
    text = REPORTERS[form](MANY)
    assert LEFT_OUT in text
    assert text.count("number ") == MOST_SHOWN


def test_json_has_the_number_of_those_that_it_leaves_out():
    document = json.loads(as_json(MANY))
    assert (len(document["diagnostics"]), document["leftOut"]) == (MOST_SHOWN, 4)
    assert json.loads(as_json(NOTICES))["leftOut"] == 0


def test_a_terminal_counts_them_too():
    assert as_blocks(MANY, SourceLines([]), Screen(width=80, is_colored=False)).endswith(f"{LEFT_OUT}\n\n")


def test_a_message_keeps_the_ends_of_what_nobody_reads_whole():
    message = diagnostic(SYNTAX, Place("a.yaml"), f"unknown name '{'x' * 1_000_000}' in a list").message
    assert len(message) < 2010
    assert message.startswith("unknown name 'xxx")
    assert message.endswith("xxx' in a list")
