"""`jobsetgen rule`: the page of a code, and the list of all."""

from __future__ import annotations

import json
import os
import re

import pytest

from jobsetgen.rules.registry import CODES
from tests.acceptance.processes import run as process
from tests.cases import ROOT

PAGES = ROOT / "docs" / "rules"
IDS = [code.id for code in CODES]


@pytest.mark.parametrize("code", IDS)
def test_the_markdown_of_a_code_is_its_page_in_the_documentation(code, cli):
    run = cli("rule", code, "--format", "markdown")
    assert (run.status, run.err) == (0, "")
    assert run.out == (PAGES / f"{code}.md").read_text(encoding="utf-8")


def test_the_markdown_of_the_list_is_the_index_of_the_documentation(cli):
    assert cli("rule", "-f", "markdown").out == (PAGES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", IDS)
def test_prose_fits_a_terminal_and_examples_keep_their_lines(code, cli):
    page = json.loads(cli("rule", code, "-f", "json").out)
    text = cli("rule", code).out
    # What stands in backquotes is on one line.
    assert [quoted for quoted in re.findall("`[^`]+`", page["description"]) if quoted not in text] == []
    for line in text.splitlines():
        assert len(line) <= 80 or line.startswith("    ")
    unwrapped = " ".join(text.split())
    assert " ".join(page["description"].split()) in unwrapped
    for example in page["examples"]:
        indented = [f"    {line}".rstrip() for line in example["yaml"].splitlines()]
        # What a terminal would obey is shown by its escape.
        assert "\n".join(indented).replace("\x01", "\\x01") in text


def test_a_page_has_nothing_that_a_terminal_would_obey(cli):
    assert "\x01" in (PAGES / "JSG001.md").read_text(encoding="utf-8")
    assert all(line.isprintable() for line in cli("rule", "JSG001").out.splitlines())


def test_upper_and_lower_case_are_the_same(cli):
    assert cli("rule", "jsg226") == cli("rule", "JSG226")


def test_the_list_has_every_code_with_its_severity_and_name(cli):
    rows = [line.split() for line in cli("rule").out.splitlines() if line.startswith("  ")]
    assert rows == [[code.id, code.severity, code.name] for code in CODES]


def test_the_list_for_programs_has_the_groups_of_the_index(cli):
    listed = json.loads(cli("rule", "--format", "json").out)
    assert listed["version"] == 1
    assert [each["code"] for each in listed["codes"]] == IDS
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    titles = [line.removeprefix("## ") for line in index.splitlines() if line.startswith("## ")]
    assert list(dict.fromkeys(each["group"] for each in listed["codes"])) == titles


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("JSG227", "Did you mean JSG226, JSG225 or JSG224? "),
        ("JSG22", "Did you mean JSG220, JSG221 or JSG222? "),
        ("226", "Did you mean JSG226, JSG225 or JSG224? "),
        ("JSG999", ""),
        ("failure", ""),
        ("", ""),
        ("JSG" + "9" * 5000, ""),
    ],
    ids=lambda value: value[:12],
)
def test_an_unknown_code_is_wrong_usage_and_names_the_nearest(code, meant, cli):
    run = cli("rule", code)
    assert (run.status, run.out) == (2, "")
    assert run.err.endswith(f"Error: unknown code '{code}'. {meant}To list all codes, run: jobsetgen rule\n")


def test_a_code_that_is_not_utf8_is_wrong_usage(tmp_path):
    done = process("rule", os.fsdecode(b"JSG\xff"), folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"the value is not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_installed_program_prints_a_page_in_any_folder(tmp_path):
    done = process("rule", "JSG226", folder=tmp_path)
    golden = ROOT / "tests" / "golden" / "snapshots" / "rule" / "JSG226.txt"
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == golden.read_bytes()
