"""What a person sees at a terminal, and what a pipe gets instead."""

from __future__ import annotations

import pytest

from scripts.make_terminal_pictures import shown
from tests.acceptance.processes import run
from tests.acceptance.test_hostile_words import COMMAND, ESCAPES
from tests.acceptance.test_secrets import CANARY, JOBSET, SECRET

WRONG = JOBSET.removeprefix("---\n").replace("- name: w", "- name: W_").replace(", namespace: research", "")
LINE = "    6 |   - name: W_\n      |           ^^\n"
RED = "\x1b[1;31merror[JSG"


@pytest.fixture
def folder(tmp_path):
    """A folder with one JobSet, which has an error."""
    (tmp_path / "set.yaml").write_text(WRONG)
    return tmp_path


@pytest.mark.parametrize("command", ["build", "validate", "explain", "graph", "check -o out", "diff git:HEAD set.yaml"])
def test_a_terminal_has_source_and_a_summary_as_the_last_line(command, folder):
    if command.startswith("diff"):
        command = "diff empty set.yaml"
        (folder / "empty").mkdir()
    text = shown(f"jobsetgen {command} --color never {'' if 'diff' in command else 'set.yaml'}", folder)
    assert LINE in text
    assert text.splitlines()[-1].startswith("1 error in 1 file")


def test_colors_and_no_colors(folder):
    assert RED in shown("jobsetgen validate set.yaml", folder)
    assert "\x1b" not in shown("jobsetgen validate --color never set.yaml", folder)


def test_a_pipe_gets_lines_only(folder):
    plain = run("validate", "set.yaml", folder=folder).stderr
    assert plain.startswith(b"set.yaml:6:11: error[JSG")
    assert b" | " not in plain
    assert b"in 1 file" not in plain
    assert run("validate", "--color", "never", "set.yaml", folder=folder).stderr == plain


def test_a_pipe_gets_the_same_as_a_terminal_if_asked(folder):
    text = run("validate", "--color", "always", "set.yaml", folder=folder).stderr.decode()
    assert text == shown("jobsetgen validate set.yaml", folder)


@pytest.mark.parametrize(
    ("variables", "is_colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
@pytest.mark.parametrize("command", ["validate", "diff"])
def test_variables_decide_where_no_flag_does(variables, is_colored, command, folder):
    if command == "validate":
        output = run("validate", "set.yaml", folder=folder, **variables).stderr
    else:
        (folder / "new.yaml").write_text(JOBSET)
        (folder / "empty").mkdir()
        output = run("diff", "empty", "new.yaml", folder=folder, **variables).stdout
    assert (b"\x1b[" in output) == is_colored


@pytest.mark.parametrize(("color", "is_colored"), [("always", True), ("never", False)])
def test_the_flag_decides_over_variables(color, is_colored, folder):
    done = run("validate", "--color", color, "set.yaml", folder=folder, NO_COLOR="1", FORCE_COLOR="1")
    assert (b"\x1b[" in done.stderr) == is_colored


def test_validate_says_that_nothing_is_wrong(tmp_path):
    (tmp_path / "set.yaml").write_text(JOBSET.replace("a:1", f"a@sha256:{'0' * 64}"))
    text = shown("jobsetgen validate --color never set.yaml", tmp_path)
    assert text.splitlines()[-1].endswith("in 1 file; 1 JobSet")
    assert shown("jobsetgen validate --color never --quiet set.yaml", tmp_path) == ""


def test_a_build_without_problems_prints_its_output_only(tmp_path):
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    done = run("build", "--color", "always", "a.yaml", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")


def test_wrong_usage_has_no_summary(folder):
    done = run("build", "--color", "always", "set.yaml", "--fail-on-change", folder=folder)
    assert b"in 1 file" not in done.stderr


@pytest.mark.parametrize("value", [CANARY, f"!!int {CANARY}", f"!secret {CANARY}", f'"{CANARY}', f"a: {CANARY}"])
def test_no_source_of_a_secret_is_shown(tmp_path, value):
    wrong = SECRET.replace("name: registry", "name: Registry_").replace("{password: CANARY, user", "{password: V, user")
    (tmp_path / "set.yaml").write_text(wrong.replace("V,", f"{value},").replace("CANARY", CANARY) + WRONG)
    done = run("validate", "set.yaml", "--color", "always", folder=tmp_path)
    assert done.returncode == 1
    assert b"error[JSG" in done.stderr
    assert CANARY not in done.stderr.decode()


def test_nothing_of_the_source_is_obeyed(tmp_path):
    name = f"a{ESCAPES}.yaml".replace("/", "")
    (tmp_path / name).write_text(WRONG.replace("W_", f"W_{COMMAND} # \u202e{COMMAND}##[error]x"))
    done = run("validate", ".", "--color", "always", folder=tmp_path, NO_COLOR="1")
    text = done.stderr.decode()
    for code in ("0", "1", "2", "1;31", "1;33", "1;34", "1;36"):
        text = text.replace(f"\x1b[{code}m", "")
    assert "\\u202e" in text
    assert "##[" not in text
    assert all(letter == "\n" or letter.isprintable() for letter in text)


def test_standard_input_has_source(folder):
    done = run("validate", "--color", "always", "-", folder=folder, stdin=WRONG.encode(), NO_COLOR="1")
    assert b"- name: W_" in done.stderr
