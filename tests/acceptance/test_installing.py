"""Each command of docs/installing.md, run with the repository as a bare clone where people keep it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.conftest import Kept
from tests.acceptance.processes import make_environment
from tests.acceptance.processes import run as jobsetgen
from tests.cases import ROOT

PAGE = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
_INSTALLED = re.compile(r"^jobsetgen @ git\+(\S+)@([0-9a-f]{40})$", re.M)
# Writes down how it was called, a line for each call.
_RECORDER = """#!/bin/sh
{ printf '%s' "$PWD"; printf '\\t%s' "$@"; echo; } >> "$CALLS"
"""


def command_blocks(heading: str) -> list[str]:
    """Return the commands under a heading of the page."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S)


class Machine:
    """A folder in which commands of the page run: its placeholders filled, its own tools first on the PATH."""

    def __init__(self, folder: Path, kept: Kept) -> None:
        self.folder, self.kept = folder, kept
        self.tools = folder / "tools"
        make_environment(self.tools)

    def run(self, commands: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run commands in one shell, until one fails."""
        own = {name: text for name, text in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
        path = os.pathsep.join([str(self.tools / "bin"), own["PATH"]])
        return subprocess.run(
            ["sh", "-e", "-c", commands.replace("COMMIT", self.kept.commit)],
            cwd=self.folder,
            env={**own, **self.kept.environment, "PATH": path, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def succeed(self, commands: str, **variables: str) -> str:
        """Run commands that must not fail, and return what they print."""
        done = self.run(commands, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def machine(tmp_path, kept):
    return Machine(tmp_path, kept)


def builds_as_here(program: Path | str, app: Path) -> bool:
    """Whether an installed program builds the multislice example as the one of these tests does."""
    words = ("build", "--namespace", "training", "jobset.yaml")
    done = subprocess.run([program, *words], cwd=app, capture_output=True, check=True)
    return done.stdout == jobsetgen(*words, folder=app).stdout


def test_a_checkout_is_copied_to_the_server_and_names_the_commit(machine, kept, tmp_path):
    (copy,) = re.findall(r"^```sh\n(.*?)^```$", PAGE.partition("\n## ")[0], re.M | re.S)
    server = tmp_path / "server.git"
    machine.succeed(f"git clone --quiet {kept.url} checkout; git init --quiet --bare {server}")
    printed = machine.succeed(f"cd checkout; {copy}", GIT_CONFIG_KEY_0=f"url.file://{server}.insteadOf")
    assert re.fullmatch(r"[0-9a-f]{40}\n", printed)
    assert machine.succeed(f"git -C {server} rev-parse main") == printed


def test_pip_installs_the_commit(machine, kept, app):
    (install,) = command_blocks("pip")
    assert "COMMIT" in install
    printed = machine.succeed(f"{install}\npip freeze")
    assert _INSTALLED.findall(printed) == [(kept.url, kept.commit)]
    assert builds_as_here(machine.tools / "bin" / "jobsetgen", app)


def test_what_pip_installed_links_to_the_repository_in_sarif(machine, kept, app):
    machine.succeed(command_blocks("pip")[0])
    (app / "jobset.yaml").write_text((app / "jobset.yaml").read_text().replace("replicas: 4", "replicsa: 4"))
    done = machine.run("cd app; jobsetgen validate --format sarif jobset.yaml")
    rules = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["helpUri"].rpartition("/")[0] for rule in rules} == {f"{kept.url}/blob/{kept.commit}/docs/rules"}


def test_pipx_installs_the_commit(machine, kept, app, tmp_path):
    (install,) = command_blocks("pipx")
    folders = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    machine.succeed(f"pip install --quiet pipx~=1.18.0\n{install}", **folders)
    assert builds_as_here(tmp_path / "bin" / "jobsetgen", app)
    printed = machine.succeed("pipx runpip jobsetgen freeze", **folders)
    assert _INSTALLED.findall(printed) == [(kept.url, kept.commit)]


def test_the_image_for_argo_cd_is_made_of_the_commit(machine, kept, app, tmp_path):
    (build,) = command_blocks("The image for Argo CD")
    podman = machine.tools / "bin" / "podman"
    podman.write_text(_RECORDER)
    podman.chmod(0o755)
    calls = tmp_path / "calls"
    machine.succeed(build, CALLS=str(calls))
    folder, *words = calls.read_text().splitlines()[0].split("\t")
    _, *pushed = calls.read_text().splitlines()[1].split("\t")
    assert words[-1] == "."
    assert pushed == ["push", words[words.index("-t") + 1]]
    context = Path(folder)
    assert machine.succeed(f"git -C {context} rev-parse HEAD").strip() == kept.commit

    # What it runs as it builds, in the folders of this test instead of the container's.
    file = (context / words[words.index("-f") + 1]).read_text()
    steps = "\n".join(re.findall(r"^RUN (.+)$", file, re.M))
    environment = tmp_path / "opt"
    machine.succeed(re.sub(r"/srv\b", folder, steps.replace("/opt/jobsetgen", str(environment))))
    assert builds_as_here(environment / "bin" / "jobsetgen", app)


@pytest.fixture(scope="module")
def collected(tmp_path_factory, kept):
    """Return a machine with the wheels and their hashes, collected as the page says."""
    made = Machine(tmp_path_factory.mktemp("offline"), kept)
    made.succeed(command_blocks("Offline, with hashes")[0])
    return made


def install(collected: Machine, folder: Path) -> subprocess.CompletedProcess[str]:
    """Install what was collected in another environment of the same machine, which finds no other wheels."""
    (_, command) = command_blocks("Offline, with hashes")
    make_environment(folder)
    return collected.run(f"PATH={shlex.quote(f'{folder}/bin')}:$PATH\n{command}", PIP_FIND_LINKS="")


def test_every_collected_wheel_has_its_version_and_hash(collected):
    lines = (collected.folder / "requirements.txt").read_text().splitlines()
    wheels = [path.name for path in (collected.folder / "wheels").iterdir()]
    assert len(lines) == len(wheels) > 5
    assert all(re.fullmatch(r"[\w.]+==[\w.+!]+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert {line.partition("==")[0] for line in lines} >= {"jobsetgen", "click", "jinja2", "jsonschema"}


def test_the_collected_wheels_are_all_that_is_needed(collected, app, tmp_path):
    done = install(collected, tmp_path / "venv")
    assert done.returncode == 0, done.stderr
    assert builds_as_here(tmp_path / "venv" / "bin" / "jobsetgen", app)


def test_a_collected_wheel_that_was_changed_is_refused(collected, tmp_path):
    (wheel,) = (collected.folder / "wheels").glob("jobsetgen-*.whl")
    content = wheel.read_bytes()
    wheel.write_bytes(content + b"\0")
    done = install(collected, tmp_path / "venv")
    wheel.write_bytes(content)
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
