"""The documentation holds: its commands print what stands below them, its links lead somewhere, its marks are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.pages import LINKING, PAGES, README, anchors, broken, consoles, links, read, sessions
from tests.acceptance.processes import IDENTITY
from tests.cases import ROOT
from tests.cluster.harness import binaries

_ELISION = "...\n"
# Pages whose commands write files, and so are run in an empty repository instead of this one.
_FROM_NOTHING = (README, "docs/editors.md", "docs/kustomize.md", "docs/overlays.md", "docs/pre-commit.md")
# Commands of pages that a machine may not have.
_OPTIONAL = ("git", "kubectl", "helm")


def matches(printed: str, output: str) -> bool:
    """Whether the output is what is printed; a line of three dots stands for any number of lines."""
    parts = [re.escape(part) for part in f"\n{printed}".split(f"\n{_ELISION}")]
    return re.fullmatch("\n(?:.*\n)*".join(parts), f"\n{output}") is not None


def empty_repository(folder: Path) -> Path:
    """Return a new repository with nothing but the fixtures, and without a commit."""
    folder.mkdir()
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    if shutil.which("git"):
        subprocess.run(["git", "init", "--quiet", "--initial-branch", "main"], cwd=folder, check=True)
    return folder


def search_path() -> str:
    """Return the PATH for the commands of a page: jobsetgen is on it, and helm if it has been built on this machine."""
    built = [str(binaries.build("helm"))] if binaries.is_built("helm") else []
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], *built])


def skip_if_missing(command: str, path: str) -> None:
    """Skip the rest of a page if a command needs a tool that is not on this machine."""
    for tool in _OPTIONAL:
        if re.search(rf"(?:^ *|[|;&] *){tool} ", command, re.M) and shutil.which(tool, path=path) is None:
            pytest.skip(f"{tool} is not on the PATH")


@pytest.mark.parametrize("page", [page for page in PAGES if sessions(page)])
def test_commands_print_what_the_page_says(page, tmp_path):
    path = search_path()
    folder = empty_repository(tmp_path / "repository") if page in _FROM_NOTHING else ROOT
    for command, printed in sessions(page):
        skip_if_missing(command, path)
        here = command.replace("/tmp/rendered", f"{tmp_path}/rendered")
        done = subprocess.run(
            here, shell=True, cwd=folder, text=True, env={**os.environ, **IDENTITY, "PATH": path, "LC_ALL": "C"},
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


class TestMarks:
    @pytest.mark.parametrize("page", PAGES)
    def test_every_console_block_is_marked(self, page):
        assert [block.line for block in consoles(read(page)) if not block.mark] == []

    @pytest.mark.parametrize("page", PAGES)
    def test_every_mark_is_before_a_console_block(self, page):
        marks = re.findall(r"<!-- (?:run|cluster|illustrative)\b", read(page))
        assert len(marks) == len([block for block in consoles(read(page)) if block.mark])

    @pytest.mark.parametrize("page", PAGES)
    def test_what_is_run_has_commands(self, page):
        ran = [block for block in consoles(read(page)) if block.mark == "run" and not block.reason]
        assert [block.line for block in ran if block.language != "console" or "$ " not in block.text] == []

    @pytest.mark.parametrize("page", PAGES)
    def test_what_another_test_runs_names_it(self, page):
        elsewhere = [block.reason for block in consoles(read(page)) if block.mark == "run" and block.reason]
        assert [name for name in elsewhere if not (ROOT / "tests" / "acceptance" / name).exists()] == []

    def test_at_most_one_block_in_ten_is_illustrative_and_says_why(self):
        blocks = [block for page in PAGES for block in consoles(read(page))]
        shown = [block for block in blocks if block.mark == "illustrative"]
        assert all(block.reason for block in shown)
        assert len(shown) <= len(blocks) / 10

    def test_a_mark_is_read_from_the_line_before(self):
        text = "<!-- cluster -->\n```sh\na\n```\n\n1. b:\n\n   <!-- illustrative: why not -->\n   ```console\n   $ c\n   ```\n"
        first, second = consoles(text)
        assert (first.line, first.language, first.mark, first.reason) == (2, "sh", "cluster", "")
        assert (second.mark, second.reason, second.text) == ("illustrative", "why not", "$ c\n")

    @pytest.mark.parametrize("before", ["", "<!-- run -->\n\n", "<!-- tested -->\n", "run\n"])
    def test_another_line_is_no_mark(self, before):
        (block,) = consoles(f"{before}```console\n$ a\n```\n")
        assert block.mark == ""


class TestLinks:
    @pytest.mark.parametrize("page", LINKING)
    def test_links_lead_somewhere(self, page):
        assert broken(page, read(page)) == []

    def test_a_link_to_no_file_or_no_heading_is_found(self):
        text = (
            "# A page\n\n[a](#a-page) [b](#b) [c](docs/project.md#all-options) [d](docs/project.md#none) [e](none.md)\n"
        )
        assert broken("README.md", text) == ["#b", "docs/project.md#none", "none.md"]

    def test_links_are_not_looked_for_in_code(self):
        text = "[a](a.md) `[b](b.md)`\n\n```sh\n[c](c.md)\n```\n\n[d](https://example.com/d)\n"
        assert links(text) == ["a.md"]
        assert links("`<!-- a -->` [b](b.md) `c`") == ["b.md"]

    def test_anchors_are_those_of_the_forges(self):
        text = "# What's `a-b_c`, and why?\n\n```sh\n# no heading\n```\n\n## Again\n\n## Again\n\n## [A](b.md) link\n"
        assert anchors(text) == {"whats-a-b_c-and-why", "again", "again-1", "a-link"}

    def test_the_list_of_pages_has_every_page(self):
        listed = {(ROOT / "docs" / target).resolve() for target in links(read("docs/README.md"))}
        assert {(ROOT / page).resolve() for page in PAGES if page != "docs/README.md"} <= listed
        assert "docs/README.md" in links(read("README.md"))


def test_the_picture_on_the_page_is_the_one_that_its_command_prints(cli):
    page = "docs/commands.md"
    (command,) = (command for command, _ in sessions(page) if command.startswith("jobsetgen graph"))
    (shown,) = re.findall(r"^```mermaid\n(.*?)^```$", read(page), re.M | re.S)
    assert shown == cli(*command.split()[1:]).out
