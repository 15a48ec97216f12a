"""Patterns in Python's words are found where Go's regexp finds them: patterns.json holds what it was seen to find."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from jobsetgen.re2 import PatternError, translate
from tests.cases import ROOT

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "patterns.json").read_text(encoding="utf-8"))
TEXTS = TABLE["texts"]
# What the table and the classes were made with; an older Go knows less.
SINCE = (1, 26)


def go() -> str | None:
    """Return the machine's Go, if it is new enough."""
    program = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if program is None:
        return None
    printed = subprocess.run([program, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"go(\d+)\.(\d+)", printed)
    return program if version and (int(version[1]), int(version[2])) >= SINCE else None


GO = go()


def found(pattern: str) -> list[str]:
    """Return the texts in which a pattern is found after its translation."""
    compiled = re.compile(translate(pattern), re.ASCII)
    return [text for text in TEXTS if compiled.search(text)]


@pytest.mark.parametrize("pattern", [pattern for pattern, marks in TABLE["patterns"].items() if marks != "-"])
def test_it_is_found_where_go_finds_it(pattern):
    marks = TABLE["patterns"][pattern]
    assert found(pattern) == [text for text, mark in zip(TEXTS, marks, strict=True) if mark == "1"]


@pytest.mark.parametrize("pattern", [pattern for pattern, marks in TABLE["patterns"].items() if marks == "-"])
def test_what_go_does_not_compile_is_refused(pattern):
    with pytest.raises(PatternError):
        translate(pattern)


@pytest.mark.skipif(GO is None, reason="Go is not on this machine, or too old")
def test_the_table_is_what_go_says():
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    done = subprocess.run(
        [str(GO), "run", "oracle.go"], cwd=HERE, env=environment, input=json.dumps(TABLE).encode(),
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == TABLE


@pytest.mark.skipif(GO is None, reason="Go is not on this machine, or too old")
def test_the_classes_and_cases_are_gos():
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    command = [str(GO), "run", "scripts/unicode_tables/main.go"]
    printed = json.loads(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
    tables = json.loads((ROOT / "jobsetgen" / "re2" / "unicode.json").read_text(encoding="utf-8"))
    if printed["unicode"] != tables["unicode"]:
        pytest.skip(f"this Go knows Unicode {printed['unicode']}, and the tables are of {tables['unicode']}")
    assert printed == tables


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("exit code 137$", r"exit code 137\Z"),
        (r"^exit\s+code [[:digit:]]{1,3}\z", r"\Aexit[\t\n\f\r ]+code [0-9]{1,3}\Z"),
        (r"(?i)oom", "[Oo][Oo][Mm]"),
        (r"(?i)k", r"[Kk\u212a]"),
        (r"(?P<index>\d+)", "(?:[0-9]+)"),
        (r"\S+?", r"[^\t\n\f\r ]+"),
        (r"a{,3}", r"a\{,3\}"),
        (r"\Qa.b\E*", r"a\.b*"),
        (r"(?m)^a$", r"(?m:^)a(?m:$)"),
        (r"\B", r"(?!\b)"),
        ("中", r"\u4e2d"),
    ],
)
def test_how_it_reads(pattern, expected):
    assert translate(pattern) == expected


def test_a_nest_that_is_deep_but_not_too_deep_compiles():
    pattern = "(" * 99 + "a" + ")*" * 99
    assert re.compile(translate(pattern), re.ASCII).search("a")


def test_groups_that_nest_deeper_than_python_takes_are_refused():
    with pytest.raises(PatternError, match="the groups nest too deeply, at character 100"):
        translate("(" * 100 + "a" + ")" * 100)


def test_a_pattern_that_runs_away_is_one_that_takes_python_long():
    text = "a" * 22 + "!"
    assert seconds_of_a_search("(a+)+$", text) > 100 * seconds_of_a_search("a+$", text)


def seconds_of_a_search(pattern: str, text: str) -> float:
    """Return the processor time of a search by Python."""
    began = time.process_time()
    re.search(translate(pattern), text)
    return time.process_time() - began
