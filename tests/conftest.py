"""What tests share: the repository's folders, the command line in this process, and snapshots as plain files."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import settings
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from jobsetgen.cli.main import jobsetgen

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SNAPSHOTS = ROOT / "tests" / "golden" / "snapshots"

# Coverage is measured in the tests' own processes. Each program that they start would take half again as long, and leave
# a file of its own.
if "PYTEST_XDIST_WORKER" in os.environ:
    for variable in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        os.environ.pop(variable, None)

# A shell's job in the background ignores Ctrl-C, and so would each program that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# On a busy machine an example may take long.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests: two for each core, as many tests wait for what they have started."""
    return 2 * (os.cpu_count() or 1)


class Run(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


class PlainFiles(SingleFileSnapshotExtension):
    """Each snapshot is the file that its name says, byte for byte, so that a reviewer reads it as the product."""

    @classmethod
    def get_location(cls, *, test_location, index):
        return str(SNAPSHOTS / str(index))

    @classmethod
    def get_snapshot_name(cls, *, test_location, index=0):
        return str(index)

    @classmethod
    def matches_test_location(cls, *, test_location, snapshot_location):
        return True

    def is_snapshot_location(self, *, location):
        # Leftovers are found by a test of ours, which also works when only some tests run.
        return False


@pytest.fixture
def golden(request: pytest.FixtureRequest, snapshot: SnapshotAssertion) -> Callable[[str, str], None]:
    """Compare text with the snapshot file of a name; no text has no file."""
    plain = snapshot.use_extension(PlainFiles)
    is_updating = request.config.option.update_snapshots

    def compare(name: str, text: str) -> None:
        if text:
            assert text.encode() == plain(name=name)
        elif is_updating:
            (SNAPSHOTS / name).unlink(missing_ok=True)
        else:
            assert not (SNAPSHOTS / name).exists(), f"{name} is there, but nothing was printed"

    return compare


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run a command in this process, from a folder."""
    for variable in ("ARGOCD_APP_NAMESPACE",):
        monkeypatch.delenv(variable, raising=False)

    def run(*arguments: str, folder: Path = ROOT, stdin: str | bytes | None = None) -> Run:
        monkeypatch.chdir(folder)
        result = CliRunner().invoke(jobsetgen, list(arguments), input=stdin, prog_name="jobsetgen")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def nest(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path, int], None]]:
    """Make folders in a folder, each in the one before; pytest itself could not remove so many."""
    made: list[Path] = []

    def make(folder: Path, depth: int) -> None:
        made.append(folder / "d")
        with monkeypatch.context() as inside:
            inside.chdir(folder)
            for _ in range(depth):
                os.mkdir("d")
                os.chdir("d")

    yield make
    subprocess.run(["rm", "-rf", *map(str, made)], check=True)
