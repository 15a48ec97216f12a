"""The installed program ends at once, with the status of its command and everything that it has printed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from jobsetgen.cli import exits
from tests.acceptance.processes import run as jobsetgen
from tests.cases import FIXTURES

ENTRY = "from jobsetgen.cli.program import main; main()"


def program(*arguments: str, folder) -> subprocess.CompletedProcess[bytes]:
    # Without `env` the process would inherit the width of the terminal, too, which readline sets behind Python's back.
    command = [sys.executable, "-c", ENTRY, *arguments]
    return subprocess.run(command, cwd=folder, env={**os.environ}, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--version"], 0),
        (["build", "--namespace", "training", "valid/multislice"], 0),
        (["build", "invalid/unknown-field"], 1),
        (["build", "gone.yaml"], 2),
        (["diff", "--exit-code", "valid/multislice", "valid/driver-worker"], 4),
    ],
)
def test_its_status_and_output_are_those_of_the_command(arguments, status):
    done = program(*arguments, folder=FIXTURES)
    expected = jobsetgen(*arguments, folder=FIXTURES)
    assert (done.returncode, expected.returncode) == (status, status), done.stderr
    assert (done.stdout, done.stderr) == (expected.stdout, expected.stderr)


@pytest.mark.parametrize(("words", "status"), [(["validate"], 0), (["build", "-o", "out"], 0), (["explain", "-q"], 0)])
def test_where_nothing_can_be_told_the_status_is_that_of_the_command(words, status, tmp_path):
    (tmp_path / "jobset.yaml").write_bytes((FIXTURES / "valid" / "multislice" / "jobset.yaml").read_bytes())
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-c", ENTRY, *words, "jobset.yaml"]
        done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert done.returncode == status


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["build", "--nope"], 2),
        (["nope"], 2),
        (["build", "gone.yaml"], 2),
        (["build", "--each", "--preview"], 2),
        (["argocd"], 2),
        (["build", "-o", "/proc/nope", "."], 3),
    ],
)
def test_nor_does_it_change_the_status_of_an_error(words, status):
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-c", ENTRY, *words]
        folder = FIXTURES / "valid" / "multislice"
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert done.returncode == status


def test_nothing_of_a_long_output_is_lost_in_a_pipe(app):
    path = app / "jobset.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicas: 500"))
    done = program("build", "--namespace", "training", "jobset.yaml", folder=app)
    assert done.returncode == 0
    assert done.stdout.count(b"\nkind: Job\n") == 501  # and the watcher's
    assert done.stdout.endswith(b"\n")


def test_an_interrupt_while_it_starts_ends_it_quietly(tmp_path):
    interrupted = f"""
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
{ENTRY}
"""
    done = subprocess.run([sys.executable, "-c", interrupted], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (exits.INTERRUPTED, b"", b"")


def test_an_unexpected_error_is_shown(tmp_path):
    broken = f"import jobsetgen.cli.main as m; m.main = lambda: 1 / 0; {ENTRY}"
    done = subprocess.run([sys.executable, "-c", broken], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"ZeroDivisionError" in done.stderr
