"""A README that we write is a fixed point of the real Prettier, and the real markdownlint has nothing against it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.output.layout import README_HEADER
from jobsetgen.review.readme import readme
from tests.acceptance.npm import CannotInstallError, installed
from tests.conftest import SNAPSHOTS
from tests.unit.review.test_readme import CONFIG, HOSTILE, SET, compiled, guide, many

LOCKED = Path(__file__).resolve().parent / "markdown"
PRETTIER = ("prettier/bin/prettier.cjs", "--check")
MARKDOWNLINT = ("markdownlint-cli2/markdownlint-cli2-bin.mjs",)
TOOLS = {"prettier": PRETTIER, "markdownlint": MARKDOWNLINT}


@pytest.fixture(scope="module")
def modules() -> Path:
    """The folder with the tools; where they cannot be had, what needs them is skipped."""
    try:
        return installed(LOCKED)
    except CannotInstallError as reason:
        pytest.skip(f"no Prettier and no markdownlint: {reason}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """READMEs of every shape: those that a reviewer has read, hostile ones, and of few and many sets."""
    folder = tmp_path_factory.mktemp("readmes")
    texts = {path.stem: path.read_text("utf-8") for path in (SNAPSHOTS / "readme").glob("*.md")}
    assert len(texts) > 10
    texts |= {f"hostile-{number}": README_HEADER + guide(text) for number, text in enumerate(HOSTILE)}
    texts |= {f"sets-{count}": README_HEADER + readme(many(count)) for count in (2, 50, 60)}
    texts["no-sets"] = README_HEADER + readme(compiled(CONFIG))
    texts["nothing"] = README_HEADER + readme(compiled("", Settings(allow_empty=True)))
    texts["pictures"] = README_HEADER + readme(many(3))
    texts["one-namespace-each"] = README_HEADER + readme(
        compiled(f"{SET.format(name='a')}---\n{SET.format(name='a').replace('research', 'other')}")
    )
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def run(modules: Path, tool: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, *options = TOOLS[tool]
    command = ["node", str(modules / program), *options, "*.md"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_readme_stays_as_it_is(modules, folder, tool):
    done = run(modules, tool, folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", TOOLS)
def test_a_readme_that_is_not_well_formed_is_noticed(modules, folder, tool, tmp_path):
    text = (folder / "sets-2.md").read_text("utf-8")
    (tmp_path / "a.md").write_text(text.replace("\n\n## ", "\n##  "), encoding="utf-8")
    assert run(modules, tool, tmp_path).returncode != 0


def test_the_lock_file_pins_what_is_installed_and_no_host():
    lock = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    for name, version in lock["packages"][""]["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert all("resolved" not in each for each in packages.values())
