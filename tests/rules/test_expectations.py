"""The harness of the cases: what their comments mean, and that each deviation from them fails."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.cases import ROOT
from tests.rules.expectations import CASES, Case, Said, expectations
from tests.rules.test_cases import test_a_case_gets_the_diagnostics_that_it_expects_and_no_other as check

EXAMPLE = CASES / "lints" / "backoff_hides_failure.yaml"


def expected(text: str) -> list[Said]:
    return list(expectations("set.yaml", text.split("\n")))


def test_a_comment_on_a_line_leaves_message_and_column_open():
    assert expected("a: 1\nb: 2  # error: JSG101\n") == [Said("set.yaml", 2, "error", "JSG101")]


def test_a_line_may_expect_several():
    assert [said.code for said in expected("a: 1  # error: JSG101 # warning: JSG504\n")] == ["JSG101", "JSG504"]


def test_a_comment_below_gives_column_message_and_hint():
    text = "a: 1\n# ^ warning: JSG504@4: no tag: none\n#   hint: Name one.\n"
    assert expected(text) == [Said("set.yaml", 1, "warning", "JSG504", 4, "no tag: none", "Name one.")]


def test_lines_are_counted_without_the_comments_between():
    text = "a: 1\nb: 2\n# ^ error: JSG101@1: second\n# ^^ error: JSG102@1: first\nc: 3\n  # ^ notice: JSG605@1: third\n"
    assert [(said.line, said.message) for said in expected(text)] == [(2, "second"), (1, "first"), (5, "third")]


def test_other_comments_expect_nothing():
    assert expected("# error: what follows is wrong\n# JSG101\na: 1  # jobsetgen: ignore[JSG101] why\n") == []


@pytest.mark.parametrize(
    "comment",
    [
        "# eror: JSG101",
        "# errors: JSG101",
        "# warning:JSG504",
        "# Warning: JSG504",
        "# warning JSG504",
        "# error: JSG1010",
        "# error: JSG101 # eror: JSG102",
        "\n# ^ error: JSG101: no column",
        "\n#  ^ error: JSG101@1: two blanks",
        "\n#^ error: JSG101@1: no blank",
        "\n# ^ error: JSG101@1:",
        "\n#   hint: Belongs to nothing.",
        "\n# ^ error: JSG101@1: a hint with one blank\n# hint: Name one.",
        "\n# ^ error: JSG101@1: a hint further down\nb: 2\n#   hint: Name one.",
        "\n# options: --gitops flux",
        "\n# environment: A=b",
    ],
)
def test_a_comment_that_only_resembles_an_expectation_is_an_error(comment):
    with pytest.raises(ValueError, match=r"^set\.yaml:\d: expects nothing: "):
        expected(f"a: 1  {comment}\n")


@pytest.fixture
def changed(tmp_path):
    """Copy the example with a text of it replaced."""

    def change(old: str, new: str) -> Case:
        text = EXAMPLE.read_text(encoding="utf-8")
        assert old in text
        file = tmp_path / EXAMPLE.name
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return Case(file)

    return change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@23: backoffLimit is 4", "@22: backoffLimit is 4"),
        ("warning: JSG501", "error: JSG501"),
        ("warning: JSG501", "warning: JSG502"),
        ("up to 4 times", "up to 5 times"),
        ("hint: Set backoffLimit: 0,", "hint: Set backoffLimit: 1,"),
        ("# ^ warning: JSG501@23: backoffLimit is 4", "# backoffLimit is 4"),
        ("backoffLimit: 0\n", "backoffLimit: 0  # warning: JSG501\n"),
        ("backoffLimit: 0\n", "backoffLimit: 2\n"),
        ("metadata: {name: retried}", "metadata: {name: Retried}"),
    ],
)
def test_a_deviation_fails(changed, cli, monkeypatch, old, new):
    with pytest.raises((AssertionError, ValueError)):
        check(changed(old, new), cli, monkeypatch)


def test_the_example_itself_holds(cli, monkeypatch):
    check(Case(EXAMPLE), cli, monkeypatch)


def test_comments_are_written_from_what_is_found(tmp_path):
    folder = tmp_path / "tests" / "rules"
    shutil.copytree(ROOT / "tests" / "rules", folder)
    shutil.copy(ROOT / "tests" / "cases.py", tmp_path / "tests")
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    case = folder / "cases" / "lints" / EXAMPLE.name
    text = case.read_text(encoding="utf-8")
    bare = "".join(line for line in text.splitlines(keepends=True) if "# ^" not in line and "#   hint" not in line)
    case.write_text(bare, encoding="utf-8")
    command = [sys.executable, "-m", "scripts.expect", str(case)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert case.read_text(encoding="utf-8") == text
