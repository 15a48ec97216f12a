"""Long work: how it shows itself on a terminal, what it says at the end, and how it ends when nobody waits for it."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.processes import PROGRAM, run
from tests.acceptance.terminals import Terminal
from tests.cases import FIXTURES

SPEC = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
STATUS = re.compile(r"\r(?P<words>[^\r\n]*)\x1b\[K")
INTERRUPTED, NO_READER = 130, 141


@pytest.fixture
def many(app: Path) -> Path:
    """A folder with a spec of so many Jobs that a build takes seconds."""
    (app / "jobset.yaml").write_text(SPEC.replace("replicas: 4", "replicas: 8000"))
    return app


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        if time.monotonic() > end:
            pytest.fail(f"{path} does not appear")
        time.sleep(0.01)


def wait_until_it_waits(pid: int) -> None:
    """Wait until a process does: a signal just before that call is one that Python acts on only after it.

    Nothing that a system without /proc has says so much; there a second must be enough.
    """
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        time.sleep(1)
        return
    end = time.monotonic() + 60
    while stat.read_text().rpartition(")")[2].split()[0] != "S":
        if time.monotonic() > end:
            pytest.fail("it does not wait for its reader")
        time.sleep(0.01)


class TestInterrupted:
    def test_a_build_ends_with_130_and_says_nothing(self, many):
        with open(many / "errors", "wb") as errors:
            build = subprocess.Popen([PROGRAM, "build", "-o", "out", "."], cwd=many, stdout=errors, stderr=errors)
            wait_for(many / "out" / "multislice")
            build.send_signal(signal.SIGINT)
            assert build.wait(60) == INTERRUPTED
        assert "Traceback" not in (many / "errors").read_text()
        assert (many / "errors").read_text() == notices(many)

    def test_so_does_one_whose_reader_does_not_read(self, many):
        pipe = subprocess.PIPE
        with subprocess.Popen([PROGRAM, "build", "."], cwd=many, stdout=pipe, stderr=pipe) as build:
            assert build.stdout is not None
            assert build.stderr is not None
            assert build.stdout.read(1) == b"a"  # it has begun to print, and soon waits for the reader
            wait_until_it_waits(build.pid)
            build.send_signal(signal.SIGINT)
            assert build.wait(60) == INTERRUPTED
            assert build.stderr.read().decode() == notices(many)

    def test_ctrl_c_on_a_terminal(self, many):
        with Terminal([PROGRAM, "build", "--quiet", "-o", "out", "."], many) as terminal:
            wait_for(many / "out" / "multislice")
            terminal.type("\x03")
            assert terminal.wait() == INTERRUPTED
        left = STATUS.sub("", terminal.shown).replace("\r", "").replace("^C", "")
        assert left.strip() == ""

    def test_the_next_build_finishes_what_was_begun(self, many):
        build = subprocess.Popen([PROGRAM, "build", "-o", "out", "."], cwd=many, stderr=subprocess.DEVNULL)
        wait_for(many / "out" / "multislice")
        build.send_signal(signal.SIGINT)
        assert build.wait(60) == INTERRUPTED
        (many / "jobset.yaml").write_text(SPEC)
        assert run("build", "-o", "out", ".", folder=many).returncode == 0
        assert run("check", "-o", "out", ".", folder=many).returncode == 0
        assert [path for path in (many / "out").rglob("*") if path.name.endswith(".tmp")] == []


def notices(folder: Path, *flags: str) -> str:
    """Return what validation says of the spec, which a build has said before it writes."""
    said = run("validate", *flags, ".", folder=folder).stderr.decode()
    return "".join(line for line in said.splitlines(keepends=True) if not line.startswith("jobsetgen: "))


class TestClosedPipe:
    @pytest.mark.parametrize("command", ["build .", "explain --format json .", "schema"])
    def test_the_status_is_that_of_a_closed_pipe(self, command, many):
        line = f"set -o pipefail; '{PROGRAM}' {command} 2>errors | true; echo $?"
        done = subprocess.run(["bash", "-c", line], cwd=many, capture_output=True, text=True, check=True)
        assert done.stdout in (f"{NO_READER}\n", "0\n")
        assert "Traceback" not in (many / "errors").read_text()

    def test_a_build_that_head_reads_ends_with_141(self, many):
        line = f"set -o pipefail; '{PROGRAM}' build . 2>errors | head -1; echo $?"
        done = subprocess.run(["bash", "-c", line], cwd=many, capture_output=True, text=True, check=True)
        assert done.stdout == f"apiVersion: v1\n{NO_READER}\n"
        assert (many / "errors").read_text() == notices(many)

    def test_so_does_one_whose_diagnostics_nobody_reads(self, many):
        (many / "jobset.yaml").write_text("{}\n---\n" * 5000)
        line = f"set -o pipefail; '{PROGRAM}' validate . 2>&1 | head -1; echo $?"
        done = subprocess.run(["bash", "-c", line], cwd=many, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == str(NO_READER)
        assert "Traceback" not in done.stdout + done.stderr


class TestWritten:
    def said(self, cli, folder, *arguments):
        run = cli("build", *arguments, folder=folder)
        assert run.status == 0, run.err
        return [line for line in run.err.splitlines() if line.startswith("jobsetgen: ")]

    def test_a_build_says_what_it_wrote_removed_and_left(self, cli, app):
        flags = ("-n", "training", "-o", "out", "jobset.yaml")
        assert self.said(cli, app, *flags) == ["jobsetgen: wrote 15 files in out/"]
        assert self.said(cli, app, *flags) == ["jobsetgen: left 15 files unchanged in out/"]
        (app / "jobset.yaml").write_text(SPEC.replace("replicas: 4", "replicas: 3"))
        (said,) = self.said(cli, app, *flags)
        found = re.fullmatch(r"jobsetgen: wrote (\d+) files, removed 1, left (\d+) unchanged in out/", said)
        assert found is not None, said
        assert int(found[1]) + int(found[2]) == 14
        written = sum(path.is_file() for path in (app / "out").rglob("*"))
        assert written == 14

    def test_each_project_has_a_line(self, cli, app):
        head = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: a\noutput: rendered\n"
        for name in ("dev", "prod"):
            (app / name).mkdir()
            (app / name / "jobset.yaml").write_text(SPEC)
            (app / name / "jobsetgen.yaml").write_text(head)
        assert self.said(cli, app, "--each", "dev", "prod") == [
            "jobsetgen: wrote 15 files in dev/rendered/",
            "jobsetgen: wrote 15 files in prod/rendered/",
        ]

    def test_a_hook_is_quiet(self, cli, app):
        (app / "jobsetgen.yaml").write_text(
            "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: a\noutput: rendered\n"
        )
        assert self.said(cli, app, "--each") == ["jobsetgen: wrote 15 files in rendered/"]
        assert self.said(cli, app, "--each", "--fail-on-change") == []

    def test_a_build_to_standard_output_says_nothing(self, cli, app):
        assert self.said(cli, app, "-n", "training", "jobset.yaml") == []


class TestProgress:
    """On a terminal of 60 columns."""

    FLAGS = ("-n", "training", "--max-jobs", "100000", "-o", "out", "jobset.yaml")

    def shown(self, folder, command):
        codes = sorted(set(re.findall(r"JSG\d{3}", notices(folder, *self.FLAGS[:4]))))
        words = (command, "--ignore", ",".join(codes), *self.FLAGS)
        with Terminal([PROGRAM, *words], folder, columns=60) as terminal:
            assert terminal.wait() == 0
        return terminal.shown

    def test_a_long_build_counts_its_files_and_leaves_no_trace(self, app):
        # So many that no machine writes them within a second, from which on there is anything to see.
        (app / "jobset.yaml").write_text(SPEC.replace("replicas: 4", "replicas: 24000"))
        shown = self.shown(app, "build")
        statuses = [found["words"] for found in STATUS.finditer(shown)]
        assert any(re.fullmatch(r"Writing files \[#+\.+\] [\d,]+ of 24,0\d\d", words) for words in statuses)
        assert statuses[-1] == ""
        assert max(map(len, statuses)) < 60
        assert STATUS.sub("", shown).replace("\r\n", "\n") == "jobsetgen: wrote 24,011 files in out/\n"
        # It was removed before the last line.
        assert shown.rindex("\x1b[K") < shown.index("jobsetgen: wrote")
