"""Every command in the documentation, run as it is printed; its output is what stands below it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_ELISION = "...\n"
# Pages whose commands write files, and so are run in an empty folder instead of the repository.
_FROM_NOTHING = ("docs/editors.md", "docs/kustomize.md", "docs/pre-commit.md")


def sessions(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, each with the output printed below it."""
    found = []
    for block in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            if command.endswith("<<'END'"):  # what follows is typed, too
                text, _, output = output.partition("END\n")
                command = f"{command}\n{text}END"
            found.append((command, output))
    return found


def matches(printed: str, output: str) -> bool:
    """Whether the output is what is printed; a line of three dots stands for any number of lines."""
    parts = [re.escape(part) for part in f"\n{printed}".split(f"\n{_ELISION}")]
    return re.fullmatch("\n(?:.*\n)*".join(parts), f"\n{output}") is not None


@pytest.mark.parametrize("page", [page for page in PAGES if sessions(page)])
def test_commands_print_what_the_page_says(page, tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    folder = tmp_path if page in _FROM_NOTHING else ROOT
    for command, printed in sessions(page):
        here = command.replace("/tmp/rendered", f"{tmp_path}/rendered")
        done = subprocess.run(
            here, shell=True, cwd=folder, text=True, env={**os.environ, "PATH": path, "LC_ALL": "C"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        output = done.stdout.replace(f"{tmp_path}/rendered", "/tmp/rendered")
        assert matches(printed, output), f"$ {command}\n{output}"


def test_an_elision_stands_for_any_number_of_lines():
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("a\n...\n", "a\n")
    assert matches("...\nb\n", "b\n")
    assert not matches("a\n...\nd\n", "a\nb\n")
    assert not matches("a\n", "a\nb\n")


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "CHANGELOG.md", *PAGES])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / page).parent.joinpath(target).exists(), target


def test_the_picture_in_the_readme_is_the_one_that_its_command_prints(cli):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = (command for command, _ in sessions("README.md") if command.startswith("jobsetgen graph"))
    (shown,) = re.findall(r"^```mermaid\n(.*?)^```$", text, re.M | re.S)
    assert shown == cli(*command.split()[1:]).out
