"""The text for terminals: what it says first, its width and its colors."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from jobsetgen.diff.as_text import as_text
from tests.conftest import FIXTURES
from tests.unit.diff.builders import comparison, image_change, removal
from tests.unit.diff.conftest import FOLDER
from tests.unit.diff.examples import EXAMPLES, thousand_jobs
from tests.unit.diff.hostile import TEXTS, broken, hostile
from tests.unit.diff.test_markup import ANY_TEXT

CODE = re.compile(r"\x1b\[[0-9;]*m")
FORMS = {
    "no-change": (80, False),
    "recreates": (80, False),
    "pruned-claim": (80, True),
    "blocked": (120, False),
    "policy": (120, True),
    "more-slices": (80, False),
    "projects": (120, False),
    "old-does-not-compile": (80, True),
    "hand-edit": (120, True),
}
"""The width of each example, and whether it is in color."""


@pytest.mark.parametrize("name", FORMS)
def test_a_text_as_a_reviewer_reads_it(name, read_by_people):
    width, color = FORMS[name]
    read_by_people(f"text/{name}.txt", as_text(EXAMPLES[name](), width=width, color=color))


def test_every_example_has_one_snapshot():
    assert {path.stem for path in (FOLDER / "text").iterdir()} == set(FORMS) == set(EXAMPLES)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_line_is_wider_than_the_terminal(name, width):
    text = as_text(EXAMPLES[name](), width=width, color=False)
    assert [line for line in text.splitlines() if len(line) > width] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_color_adds_nothing_but_color(name):
    colored, plain = (as_text(EXAMPLES[name](), width=80, color=color) for color in (True, False))
    assert CODE.sub("", colored) == plain
    assert "\x1b" not in plain
    assert colored != plain


@pytest.mark.parametrize(("sets", "code"), [([removal()], "1;31"), ([image_change()], "1;33"), ([], "1;32")])
def test_the_color_of_the_first_line_is_that_of_the_verdict(sets, code):
    assert as_text([comparison(*sets)], width=80, color=True).startswith(f"\x1b[{code}m")


def test_an_image_change_of_1_000_jobs_is_under_40_lines():
    text = as_text(thousand_jobs(), width=80, color=False)
    assert len(text.splitlines()) < 40
    assert text.startswith("Recreates 1 set (2,000 pods, 8,000 TPU chips) when applied.\n")


def lines_in_danger(text):
    """Return the lines that a terminal or the log of a CI job would not show as they are."""
    dangerous = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
    return [line for line in text.split("\n") if dangerous.search(line) or re.match(r"\s*::|.*##(\[|vso\[)", line)]


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_reaches_the_terminal_unescaped(name, color):
    text = TEXTS[name]
    printed = as_text([hostile(text), broken(text)], width=80, color=color)
    assert lines_in_danger(CODE.sub("", printed)) == []
    assert [line for line in CODE.sub("", printed).split("\n") if len(line) > 80] == []


@pytest.mark.parametrize("before", range(50, 90))
def test_a_line_that_is_wrapped_begins_with_no_workflow_command(before):
    note = f"{'x' * before} ::error::x"
    assert lines_in_danger(as_text([comparison(image_change(notes=(note,)))], width=80, color=False)) == []


@given(ANY_TEXT)
def test_no_text_at_all_reaches_the_terminal_unescaped(text):
    printed = as_text([hostile(text)] * 2, width=80, color=False)
    assert lines_in_danger(printed) == []


def test_colors_reach_the_terminal_and_text_of_the_specs_does_not(cli, tmp_path):
    spec = (FIXTURES / "valid" / "minimal" / "jobset.yaml").read_text()
    tmp_path.joinpath("old.yaml").write_text(spec)
    tmp_path.joinpath("new.yaml").write_text(re.sub("image: .*", r'image: "a\\e[31mb"', spec, count=1))
    run = cli("diff", "--color", "always", "old.yaml", "new.yaml", folder=tmp_path)
    assert run.out.startswith("\x1b[1;33mRecreates 1 set")
    assert r"a\x1b[31mb" in run.out
