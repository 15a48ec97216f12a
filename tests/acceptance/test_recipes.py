"""Recipes that people copy, from the documentation and deploy/: where they install from, and how they pass file names."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.acceptance.conftest import REPOSITORY
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


def in_recipes(find: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """Return what a function finds in the recipes, by file."""
    found = {path.relative_to(ROOT).as_posix(): find(path.read_text(encoding="utf-8")) for path in RECIPES}
    return {name: each for name, each in found.items() if each}


def test_no_recipe_installs_a_bare_name():
    assert in_recipes(bare_installs) == {}


def test_no_recipe_reads_a_file_name_as_an_option():
    assert in_recipes(open_commands) == {}


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


_ADDRESS = re.compile(r"""(?:git\+)?https?://[^\s"'`|)]*jobsetgen[^\s"'`|)]*""")
_REVISION = re.compile(r"^ *rev: (\S+)", re.M)


def other_addresses(text: str) -> list[str]:
    """Return the addresses of our repository, and the revisions, that are not the placeholders."""
    addresses = [found for found in _ADDRESS.findall(text) if "jobsetgen.io" not in found]
    placeholders = {REPOSITORY, f"{REPOSITORY}@COMMIT", f"git+{REPOSITORY}@COMMIT"}
    return [*(set(addresses) - placeholders), *(set(_REVISION.findall(text)) - {"COMMIT"})]


def test_recipes_have_one_placeholder_for_the_repository_and_one_for_the_commit():
    assert in_recipes(other_addresses) == {}


@pytest.mark.parametrize(
    "text",
    [
        'pip install "jobsetgen @ git+https://github.com/example/jobsetgen@COMMIT"',
        f"jobsetgen: {REPOSITORY}@v0.1.0",
        f"repo: {REPOSITORY}.git",
        "  rev: v0.1.0\n",
    ],
)
def test_another_placeholder_is_detected(text):
    assert len(other_addresses(text)) == 1


def test_the_readme_installs_as_the_page_does():
    readme, page = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/installing.md"))
    section = readme.partition("\n## Install\n")[2].partition("\n## ")[0]
    (command,) = re.findall(r"^```sh\n(.*)\n```$", section, re.M)
    assert f"```sh\n{command}\n```" in page.partition("\n## pip\n")[2].partition("\n## ")[0]
    assert "(docs/installing.md)" in section
