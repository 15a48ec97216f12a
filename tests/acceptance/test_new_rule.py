"""`make rule`: a rule, a case and a page that a person goes on from, in a copy of the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from scripts.new_rule import FOLDERS
from tests.cases import ROOT

PARTS = ("jobsetgen", "scripts", "schemas", "docs/rules", "tests/compat/codes.json", "tests/rules", "tests/cases.py")


@pytest.fixture
def copy(tmp_path):
    """A copy of what the script reads and writes."""
    for part in PARTS:
        target = tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def python(copy, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_writes_a_rule_a_case_and_a_page(copy, folder):
    done = python(copy, "-m", "scripts.new_rule", f"{folder}/my_rule")
    assert done.stderr == ""
    written = done.stdout.split()
    code = written[-1].removeprefix("docs/rules/").removesuffix(".md")
    assert written == [
        f"jobsetgen/rules/{folder}/my_rule.py",
        f"tests/rules/cases/{folder}/my_rule.yaml",
        f"docs/rules/{code}.md",
    ]
    assert code not in json.loads((ROOT / "tests" / "compat" / "codes.json").read_text())
    assert json.loads((copy / "tests" / "compat" / "codes.json").read_text())[code] == "my rule"

    assert python(copy, "-m", "ruff", "check", written[0]).returncode == 0
    assert python(copy, "-m", "ruff", "format", "--check", written[0]).returncode == 0
    page = python(copy, "-c", "from jobsetgen.cli.main import main; main()", "rule", code).stdout
    assert page.startswith(f"{code}: my rule\n")


def test_a_name_that_is_taken_is_refused(copy):
    done = python(copy, "-m", "scripts.new_rule", "lints/backoff_hides_failure")
    assert done.returncode == 2
    assert "there is a code of the title 'backoff_hides_failure' already" in done.stderr


def test_a_keyword_is_refused_before_anything_is_written(copy):
    done = python(copy, "-m", "scripts.new_rule", "lints/class")
    assert done.returncode == 2
    assert "'class' is a keyword of Python" in done.stderr
    assert not (copy / "jobsetgen" / "rules" / "lints" / "class.py").exists()


@pytest.mark.parametrize("name", ["my_rule", "others/my_rule", "lints/My-Rule", "lints/", "lints/a/b"])
def test_a_name_of_another_form_is_refused(copy, name):
    done = python(copy, "-m", "scripts.new_rule", name)
    assert done.returncode == 2
    assert f"not '{name}'" in done.stderr
