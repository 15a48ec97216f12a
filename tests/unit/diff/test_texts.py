"""Strings compared by line."""

from __future__ import annotations

import json

import pytest

from jobsetgen.diff.texts import SAME_JSON, text_diff

LONG = "x" * 81
DIFFS = [
    # One line is shown as a whole
    ("a", "b", ()),
    (LONG, LONG + "y", ()),
    ("a\nb\n", "a\nc\n", ("@@ -1,2 +1,2 @@", " a", "-b", "+c")),
    ("a", "a\nb\n", ("@@ -1 +1,2 @@", "-a", "\\ No newline at end of file", "+a", "+b")),
    ("a\n", "a", ("@@ -1 +1 @@", "-a", "+a", "\\ No newline at end of file")),
    ("", "a\n", ("@@ -0,0 +1 @@", "+a")),
    ("a\n", "", ("@@ -1 +0,0 @@", "-a")),
    # No byte is ignored
    ("a\r\nb\n", "a\nb\n", ("@@ -1,2 +1,2 @@", "-a\r", "+a", " b")),
    ("a \n", "a\n", ("@@ -1 +1 @@", "-a ", "+a")),
    ("a\x0cb\n", "a\x0cc\n", ("@@ -1 +1 @@", "-a\x0cb", "+a\x0cc")),
    # Context of three lines, and one hunk where it overlaps
    ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", ("@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+x", " 6", " 7", " 8")),
    ("x\n1\n2\n3\n4\n5\n6\nx\n", "y\n1\n2\n3\n4\n5\n6\ny\n", ("@@ -1,8 +1,8 @@", "-x", "+y", " 1", " 2", " 3", " 4", " 5", " 6", "-x", "+y")),
    ("x\n1\n2\n3\n4\n5\n6\n7\nx\n", "y\n1\n2\n3\n4\n5\n6\n7\n", ("@@ -1,4 +1,4 @@", "-x", "+y", " 1", " 2", " 3", "@@ -6,4 +6,3 @@", " 5", " 6", " 7", "-x")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "lines"), DIFFS)
def test_a_diff(old, new, lines):
    assert text_diff(old, new) == lines


def numbered(count: int, mark: str = "") -> str:
    return "".join(f"{mark}{number}\n" for number in range(count))


def test_a_hunk_has_at_most_20_lines_and_says_what_is_left_out():
    lines = text_diff(numbered(500, "a"), numbered(500, "b"))
    assert lines[0] == "@@ -1,500 +1,500 @@"
    assert lines[1:11] == tuple(f"-a{number}" for number in range(10))
    assert lines[11] == "… 981 lines left out"
    assert lines[12:] == tuple(f"+b{number}" for number in range(491, 500))


@pytest.mark.parametrize("count", [9, 10, 11])
def test_a_hunk_of_20_lines_is_whole(count):
    lines = text_diff(numbered(count, "a"), numbered(count, "b"))
    assert len(lines) == 1 + min(2 * count, 20)
    assert any("left out" in line for line in lines) == (count > 10)


def test_each_hunk_of_a_long_script_is_shown():
    old = numbered(100_000)
    lines = text_diff(old, old.replace("\n5\n", "\n").replace("\n99990\n", "\nx\n"))
    assert lines == (
        "@@ -3,7 +3,6 @@", " 2", " 3", " 4", "-5", " 6", " 7", " 8",
        "@@ -99988,7 +99987,7 @@", " 99987", " 99988", " 99989", "-99990", "+x", " 99991", " 99992", " 99993",
    )  # fmt: skip


PLAN = {"b": [1, {"c": "x" * 60}], "a": {"d": None, "e": True}}


def test_json_is_compared_in_its_indented_form():
    old = json.dumps(PLAN)
    new = json.dumps({**PLAN, "a": {"e": False, "d": None}}, indent=1)
    assert text_diff(old, new) == (
        "@@ -1,7 +1,7 @@", " {", '   "a": {', '     "d": null,', '-    "e": true', '+    "e": false', "   },", '   "b": [', "     1,",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (json.dumps(PLAN), json.dumps(PLAN, indent=2)),
        (json.dumps(PLAN), json.dumps(PLAN) + " "),
        (json.dumps(PLAN), json.dumps(PLAN, sort_keys=True)),
        ("[1,\n2]", "[1, 2]"),
        ('["ä",\n3e-4]', '["\\u00e4",\n0.0003]'),
    ],
)
def test_json_that_means_the_same_is_said_to_differ_in_its_formatting(old, new):
    assert text_diff(old, new) == (SAME_JSON,) == ("only the formatting of the JSON differs",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"a": 1,\n"a": 2}', '{"a": 2}'),
        ("[1,\n]", "[1]"),
        ("[1e999,\n1]", "[1e998,\n1]"),
        ("[NaN,\n1]", "[NaN, 1]"),
        ('["\\ud800",\n1]', '["\\ud800", 1]'),
        (f"[{'9' * 5000},\n1]", f"[{'9' * 5000}, 1]"),
        ("[" * 100_000 + "\n", "[" * 100_000),
        ('"a"\n', '"a"'),
        ("1\n", "1"),
        ("{}\n---\n", "{}"),
    ],
)
def test_what_is_no_plain_json_is_compared_by_line(old, new):
    lines = text_diff(old, new)
    assert lines[0].startswith("@@ ")
    assert lines[1].removeprefix("-") in old


def test_short_json_is_shown_as_a_whole():
    assert text_diff('{"a": 1}', '{"a": 2}') == ()
