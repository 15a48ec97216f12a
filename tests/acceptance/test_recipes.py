"""Recipes that people copy, from the documentation and deploy/: where they install from, and how they pass file names."""

from __future__ import annotations

import re
import sys

import pytest

from tests.acceptance.processes import run_tool
from tests.cases import ROOT

FOLDERS = ("docs", "deploy", "templates", ".ci")
FILES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", ".pre-commit-hooks.yaml")
RECIPES = [
    *(ROOT / name for name in FILES),
    *sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()),
]
# As a word of a command or an item of a list: not a path, not a package of another name, not `jobsetgen @ git+...`.
_BARE = r"""(?<![\w./@+-])["']?jobsetgen(?:\[[\w,-]*\])?["']?(?![\w./-])(?!\s*@\s)"""
_INSTALL = re.compile(
    rf"(?:pip[\d.]*|uv|pipx|poetry|pdm|conda)[ ](?:\S+[ ])*?(?:install|add|run|inject|download|wheel)\b[^\n|;&]*?{_BARE}"
    rf"|\buvx\b[^\n|;&]*?{_BARE}"
    rf"|additional_dependencies:[^\n]*?{_BARE}"
    rf"|{_BARE}\s*(?:[=~!]=|[<>]=?\s*\d)"
)
_COMMAND = re.compile(r"\bjobsetgen (?:build|check|validate|explain|graph)\b[^|;&\n`#]*")
_OPTIONAL = re.compile(r"\$\{\w+:\+--[^}]*\}")
_FROM_OUTSIDE = re.compile(r"""(?<!\S)["']?(?:\$|\*|\{\})""")


def commands(text: str) -> str:
    """Return a text with each command on one line."""
    return text.replace("\\\n", " ")


def bare_installs(text: str) -> list[str]:
    """Return the installs by our bare name, which nobody owns on the package index."""
    return [found[0] for found in _INSTALL.finditer(commands(text))]


def open_commands(text: str) -> list[str]:
    """Return our commands that get names from a variable, a pattern or xargs, and could read one as an option."""
    found = []
    for line in commands(text).splitlines():
        for command in _COMMAND.findall(line):
            before, _, _ = _OPTIONAL.sub("", command).partition(" -- ")
            takes_names = _FROM_OUTSIDE.search(before) or "xargs" in line
            if takes_names and not command.rstrip().endswith(" --"):
                found.append(command.strip())
    return found


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_recipe_installs_no_bare_name(path):
    assert bare_installs(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_recipe_reads_no_file_name_as_an_option(path):
    assert open_commands(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install jobsetgen",
        'run: pip install "jobsetgen==$VERSION"',
        "python3 -m pip install --quiet -U 'jobsetgen[test]~=0.1'",
        "pip install \\\n  jobsetgen",
        "pip3 install click jobsetgen",
        "pip download --no-deps jobsetgen",
        "pipx run jobsetgen build .",
        "uvx jobsetgen build",
        "uv tool install jobsetgen",
        "uv add jobsetgen",
        "additional_dependencies: [jobsetgen]",
        "requirements: [jobsetgen>=0.1]",
    ],
)
def test_an_install_by_a_bare_name_is_detected(text):
    assert bare_installs(text) != []


@pytest.mark.parametrize(
    "text",
    [
        'pip install "jobsetgen @ git+https://git.example.com/tools/jobsetgen@COMMIT"',
        'pip install "jobsetgen @ git+$JOBSETGEN"',
        "pip install . && jobsetgen build",
        "pip install /srv/jobsetgen",
        "pip install jobsetgen-0.1.0-py3-none-any.whl",
        "- name: Install jobsetgen",
        "podman build -t registry.example.com/jobsetgen-argocd:0.1.0 .",
    ],
)
def test_other_installs_pass(text):
    assert bare_installs(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'jobsetgen check --output="$OUTPUT" "$FILE"',
        "jobsetgen validate *.yaml",
        "git diff --name-only | xargs jobsetgen validate",
        "jobsetgen build \\\n  $(FILES)",
        "jobsetgen validate --each {}",
    ],
)
def test_a_file_name_that_could_be_an_option_is_detected(text):
    assert open_commands(text) != []


@pytest.mark.parametrize(
    "text",
    [
        'jobsetgen check ${GITOPS:+--gitops="$GITOPS"} --output="$OUTPUT" -- "$FILE"',
        "jobsetgen validate -- *.yaml",
        "git diff --name-only -z | xargs -0 jobsetgen validate --",
        "jobsetgen build -o rendered jobset",
    ],
)
def test_other_commands_pass(text):
    assert open_commands(text) == []


def test_the_install_command_of_the_readme_works(kept, tmp_path):
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Install\n")[2].partition("\n## ")[0]
    (command,) = re.findall(r"^```sh\n(.*)\n```$", section, re.M)
    assert command.count("COMMIT") == 1
    assert run_tool([sys.executable, "-m", "venv", "venv"], tmp_path).returncode == 0
    filled = command.replace("COMMIT", kept.commit)
    done = run_tool(["sh", "-c", f"PATH=venv/bin:$PATH; {filled} && jobsetgen --version"], tmp_path, **kept.environment)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^jobsetgen 0\.", done.stdout, re.M)
    assert (tmp_path / "venv" / "bin" / "jobsetgen").exists()
