"""An output folder is whole or untouched, whatever the machine does at any call of a build."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobsetgen.cli.exits import AbandonError
from jobsetgen.cli.signals import cleaning_up
from jobsetgen.cli.written import write
from jobsetgen.options.table import Settings
from jobsetgen.output import lock as locks
from jobsetgen.output.folder import Synced, prepared, write_folder
from jobsetgen.output.layout import HEADER
from jobsetgen.output.root import make_root, remove_made
from jobsetgen.output.stale import folder_changes
from jobsetgen.pipeline import Compilation, compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError
from tests.unit.output.breaking import (
    BROKEN,
    CHANGING,
    FULL,
    READING,
    REFUSED,
    WRITING,
    failing,
    in_a_child,
    intercepted,
    killed_in_a_write,
    refusing,
    signalled,
)

SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: {name}, namespace: training}}
spec:
  replicatedJobs:
  - name: w
    replicas: 1
    template:
      spec:
        backoffLimit: 0
        template: {{spec: {{restartPolicy: Never, containers: [{{name: main, image: "example.com/train:{image}"}}]}}}}
---
"""
FOREIGN = "kept.txt"
Contents = dict[str, bytes]


def compiled(**images: str) -> Compilation:
    """Compile small sets, by their names the images that they run."""
    text = "".join(SET.format(name=name, image=image) for name, image in images.items())
    result = compile([Source("in.yaml", text.encode())], Settings())
    assert result.ok
    return result


OLD = compiled(a="1", c="1", gone="1")
# A changed file, a new folder, one that has not changed, and one whose files are all stale.
NEW = compiled(a="2", b="1", c="1")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Contents]:
    """Return what is in the output before and after a build."""
    top = tmp_path_factory.mktemp("built")
    found = {}
    for name, result in (("old", OLD), ("new", NEW)):
        write_folder(str(top / name), result)
        (top / name / FOREIGN).write_text("Somebody else's\n")
        found[name] = contents(top / name)
    return found.__getitem__


def contents(folder: Path) -> Contents:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restored(files: Contents, folder: str = "out") -> Path:
    """Make an output folder with some files and nothing else."""
    out = Path(folder)
    shutil.rmtree(out, ignore_errors=True)
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return out


def temporaries(found: Contents) -> set[str]:
    return {name for name in found if ".jobsetgen-" in name}


def assert_whole(found: Contents, old: Contents, new: Contents) -> None:
    """Each file has its old or its new content, and whatever the kustomization lists is there."""
    for name in found.keys() - temporaries(found):
        assert found[name] in (old.get(name), new.get(name)), name
    listed = load("kustomization", found["kustomization.yaml"]).documents[0].data["resources"]
    assert set(listed) <= found.keys()


def empty_folders(out: Path) -> list[Path]:
    return [path for path in out.rglob("*") if path.is_dir() and not any(path.iterdir())]


def assert_repaired(out: Path, new: Contents) -> None:
    """The next check says what is wrong, and the next build repairs it."""
    found = contents(out)
    said = list(folder_changes(NEW, "out"))
    assert bool(said) == (found != new)
    for name in temporaries(found):
        assert f"Temporary file of an interrupted build: out/{name}\n" in said
    with intercepted(lambda *_: None):
        synced = write_folder("out", NEW)
    assert contents(out) == new
    # Killed just before it would have been removed; git does not see it.
    assert empty_folders(out) in ([], [out / "gone"])
    assert any("of an interrupted build" in notice for notice in synced.notices) == bool(temporaries(found))


def calls(files: Contents) -> list[str]:
    """Return the calls of a build of the new content, by their kinds."""
    restored(files)
    with intercepted(lambda *_: None) as kinds:
        write_folder("out", NEW)
    return kinds


def stopped(work: Callable[[], object]) -> str:
    """Do work; return the message that stopped it, or an empty string."""
    try:
        work()
    except StopError as stop:
        return stop.message
    return ""


def first_change(kinds: list[str]) -> int:
    return next(index for index, kind in enumerate(kinds) if kind in CHANGING)


def test_a_build_calls_everything_that_the_tests_break(built):
    assert {*calls(built("old"))} >= {*READING, *WRITING, "flock"}


class TestKilled:
    def test_at_every_call_only_whole_files_are_left_and_the_next_build_repairs_it(self, built):
        old, new = built("old"), built("new")
        kinds = calls(old)
        for at, _ in enumerate(kinds):
            out = restored(old)

            def work(at: int = at, out: Path = out) -> int:
                with intercepted(killed_in_a_write(at, out)):
                    write_folder("out", NEW)
                return 0

            assert in_a_child(work) == -signal.SIGKILL
            found = contents(out)
            if at <= first_change(kinds):
                assert {name: found[name] for name in found.keys() - temporaries(found)} == old
            assert_whole(found, old, new)
            assert_repaired(out, new)


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_at_every_call_it_is_the_old_output_or_the_new_one(self, built, number):
        old, new = built("old"), built("new")
        kinds = calls(old)
        step = 1 if number == signal.SIGTERM else 7
        outcomes = []
        for at in range(0, len(kinds), step):
            out = restored(old)
            reported: list[Synced] = []

            def work(at: int = at, reported: list[Synced] = reported) -> int:
                try:
                    with cleaning_up(), intercepted(signalled(at, number)):
                        write("out", NEW, None, reported.append)
                except AbandonError as end:
                    # The report belongs to the folder: there is one if it was written.
                    return end.status if bool(reported) == (contents(Path("out")) == new) else 98
                return 0

            assert in_a_child(work) == 128 + number
            found = contents(out)
            assert found in (old, new)
            assert empty_folders(out) == []
            outcomes.append(found == new)
        # All before the first file has its name, none later.
        assert outcomes == sorted(outcomes)
        assert {*outcomes} == {False, True}

    def test_one_that_is_ignored_stays_ignored(self, built):
        restored(built("old"))

        def work() -> int:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            with cleaning_up(), intercepted(signalled(5, signal.SIGHUP)):
                write("out", NEW, None, lambda _: None)
            return 0

        assert in_a_child(work) == 0
        assert contents(Path("out")) == built("new")

    def test_one_that_arrives_with_another_is_ignored_without_a_word(self):
        program = """
import os, signal
from jobsetgen.cli.exits import AbandonError
from jobsetgen.cli.signals import cleaning_up, uninterrupted
try:
    with cleaning_up(), uninterrupted():
        for each in (signal.SIGHUP, signal.SIGTERM):
            os.kill(os.getpid(), each)
except AbandonError as end:
    print(end.status)
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "129\n", "")


class TestErrors:
    @pytest.mark.parametrize("number", [*FULL, *REFUSED, *BROKEN])
    def test_at_every_call_that_writes_it_is_one_sentence_and_nothing_is_half_written(self, built, number):
        reason = {**FULL, **REFUSED, **BROKEN}[number]
        old, new = built("old"), built("new")
        kinds = calls(old)
        for at, kind in enumerate(kinds):
            # Without links there is a rename, and a folder that cannot be removed may stay.
            if kind not in WRITING or kind in ("link", "rmdir"):
                continue
            out = restored(old)
            with pytest.raises(StopError) as stop, intercepted(failing(at, number)):
                write_folder("out", NEW)
            assert stop.value.cause == "machine"
            assert stop.value.message.startswith("cannot write out")
            assert f": {reason}; " in stop.value.message
            assert "\n" not in stop.value.message
            found = contents(out)
            assert temporaries(found) == set()
            assert_whole(found, old, new)
            if stop.value.message.endswith("; out is unchanged"):
                assert found == old
                assert empty_folders(out) == []
            else:
                assert stop.value.message.endswith("; build again")
                assert at > first_change(kinds)
            assert_repaired(out, new)

    def test_so_it_is_at_every_call_that_reads(self, built):
        old = built("old")
        kinds = calls(old)
        for at in range(first_change(kinds)):
            if kinds[at] not in READING:
                continue
            out = restored(old)
            with intercepted(failing(at, errno.EIO)):
                message = stopped(lambda: write_folder("out", NEW))
            if message:
                assert message.endswith(": Input/output error; out is unchanged")
                assert contents(out) == old
                assert empty_folders(out) == []
            else:
                # What only decides whether a folder has to be made, or is the root of a repository.
                assert contents(out) == built("new")

    def test_a_first_build_leaves_not_even_its_folder(self):
        with pytest.raises(StopError, match=r"; deep/out is unchanged$"), intercepted(failing(60, errno.ENOSPC)):
            write_folder("deep/out", NEW)
        assert os.listdir() == []

    @pytest.mark.parametrize(("call", "number"), [("link", errno.EPERM), ("flock", errno.ENOLCK)])
    def test_a_file_system_without_hard_links_or_locks_is_written_all_the_same(self, built, call, number):
        out = restored(built("old"))
        with intercepted(refusing(call, number)):
            write_folder("out", NEW)
        assert contents(out) == built("new")


class TestRealDisks:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Iterator[Path]:
        """Return a small file system of its own."""
        folder = tmp_path / "disk"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("only root can mount a file system, and not in every container")
        yield folder
        subprocess.run(["umount", str(folder)], check=True)

    def test_a_full_one_leaves_what_was_there(self, disk):
        write_folder("disk/out", OLD)
        before = contents(disk)
        many = compiled(**{f"s{number}": "2" for number in range(40)})
        with pytest.raises(StopError) as stop:
            write_folder("disk/out", many)
        assert stop.value.message.startswith("cannot write disk/out/s")
        assert stop.value.message.endswith(": No space left on device; disk/out is unchanged")
        assert contents(disk) == before
        write_folder("disk/out", NEW)

    def test_a_read_only_one_is_named_unless_nothing_has_changed(self, disk):
        write_folder("disk/out", OLD)
        before = contents(disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert write_folder("disk/out", OLD).written == []
        with pytest.raises(
            StopError, match=r"^cannot write disk/out/.*: Read-only file system; disk/out is unchanged$"
        ):
            write_folder("disk/out", NEW)
        assert contents(disk) == before

    def test_so_is_a_read_only_folder(self, built, tmp_path):
        out = restored(built("old"))
        for folder in (out, out / "a"):
            folder.chmod(0o555)
        tmp_path.chmod(0o755)

        def work() -> int:
            if os.geteuid() == 0:
                os.seteuid(65534)
            try:
                write_folder("out", NEW)
            except StopError as stop:
                return int(not stop.message.endswith(": Permission denied; out is unchanged"))
            return 2

        assert in_a_child(work) == 0
        assert contents(out) == built("old")


class TestOthers:
    """Links and files of others, made at any call of a build."""

    @pytest.mark.parametrize("folder", ["a", "gone", "b"])
    def test_a_folder_that_is_swapped_for_a_link_leads_nowhere(self, built, folder):
        old = built("old")
        victim = Path("victim")
        names = [name.partition("/")[2] for name in {**old, **built("new")} if name.startswith(folder)]
        # Of another output of ours, so that no header keeps anything from being overwritten.
        precious = dict.fromkeys(names[::2], f"{HEADER}precious\n".encode())
        for at in range(0, len(calls(old)), 2):
            out = restored(old)
            restored(precious, "victim")

            def hook(count: int, _kind: str, at: int = at, out: Path = out) -> None:
                if count == at:
                    if (out / folder).exists():
                        (out / folder).replace("moved")
                    (out / folder).symlink_to(victim.absolute())

            with intercepted(hook):
                message = stopped(lambda: write_folder("out", NEW))
            assert not message or "out" in message
            assert contents(victim) == precious
            shutil.rmtree("moved", ignore_errors=True)

    def test_nor_does_the_output_of_a_project(self, built):
        old = built("old")
        precious = dict.fromkeys([*old][::2], f"{HEADER}precious\n".encode())
        for at in range(0, len(calls(old)), 2):
            out = restored(old, "project/out")
            victim = restored(precious, "victim")

            def hook(count: int, _kind: str, at: int = at, out: Path = out, victim: Path = victim) -> None:
                if count == at:
                    out.replace("moved")
                    out.symlink_to(victim.absolute())

            with intercepted(hook):
                message = stopped(lambda: write("project/out", NEW, "project", lambda _: None))
            assert not message or "project/out" in message
            assert contents(victim) == precious
            out.unlink()
            shutil.rmtree("moved")

    @pytest.mark.parametrize("folder", ["", "a", "b"])
    def test_a_build_whose_folder_is_another_one_at_the_end_says_so(self, built, folder):
        old = built("old")
        kinds = calls(old)
        last_change = max(at for at, kind in enumerate(kinds) if kind in CHANGING)
        for at in range(last_change + 1):
            place = restored(old) / folder

            def hook(count: int, _kind: str, at: int = at, place: Path = place) -> None:
                if count == at and place.exists():
                    place.replace("moved")
                    place.symlink_to(Path("moved").absolute())

            with intercepted(hook):
                message = stopped(lambda: write_folder("out", NEW))
            is_swapped = place.is_symlink()
            # The output itself may be a link from the start.
            is_from_start = not folder and contents(Path("moved")) == built("new")
            assert not is_swapped or message or is_from_start, at
            if is_swapped:
                place.unlink()
                shutil.rmtree("moved")

    def test_a_file_that_somebody_makes_at_a_new_name_is_kept(self, built):
        old, new = built("old"), built("new")
        names = sorted(new.keys() - old.keys())
        for at in range(len(calls(old))):
            out = restored(old)
            name = names[at % len(names)]
            made = []

            def hook(count: int, _kind: str, at: int = at, path: Path = out / name, made: list[Path] = made) -> None:
                if count == at and not path.exists():
                    path.parent.mkdir(exist_ok=True)
                    path.write_text("mine\n")
                    made.append(path)

            with intercepted(hook):
                message = stopped(lambda: write_folder("out", NEW))
            assert not message or "out" in message
            assert [path.read_text() for path in made] == ["mine\n"] * len(made)
            assert temporaries(contents(out)) == set()

    @pytest.mark.parametrize("name", ["a/.jobsetgen-0123456789abcdef-0.tmp", "a/.job.a-w-0.yaml.tmp"])
    def test_a_file_with_the_name_of_a_temporary_one_is_kept_and_not_named(self, built, name):
        out = restored({**built("old"), name: b"Somebody else's\n"})
        write_folder("out", NEW)
        assert contents(out) == {**built("new"), name: b"Somebody else's\n"}
        assert list(folder_changes(NEW, "out")) == []

    def test_so_is_a_link_of_that_name(self, built):
        out = restored(built("old"))
        name = ".jobsetgen-0123456789abcdef-0.tmp"
        Path("elsewhere").write_text(HEADER)
        (out / name).symlink_to(Path("elsewhere").absolute())
        write_folder("out", NEW)
        assert (out / name).is_symlink()
        assert Path("elsewhere").read_text() == HEADER

    def test_a_hard_link_to_a_file_of_ours_keeps_its_content(self, built):
        out = restored(built("old"))
        os.link(out / "a" / "job.a-w-0.yaml", "mine.yaml")
        write_folder("out", NEW)
        assert Path("mine.yaml").read_bytes() == built("old")["a/job.a-w-0.yaml"]

    def test_check_follows_no_link(self, built):
        out = restored(built("new"))
        shutil.move(out / "a", "elsewhere")
        (out / "a").symlink_to(Path("elsewhere").absolute())
        with pytest.raises(StopError, match=r"^out/a is a symbolic link, and jobsetgen did not write its target$"):
            list(folder_changes(NEW, "out"))


def test_unchanged_files_keep_their_time(built):
    out = restored(built("new"))
    for path in out.rglob("*.yaml"):
        os.utime(path, (1, 1))
    (out / "a" / "job.a-w-0.yaml").write_text(HEADER)
    write_folder("out", NEW)
    changed = [path.name for path in out.rglob("*.yaml") if path.stat().st_mtime != 1]
    assert changed == ["job.a-w-0.yaml"]


def test_a_file_without_end_is_not_read(built):
    out = restored(built("new"))
    path = out / "a" / "job.a-w-0.yaml"
    path.write_text(HEADER)
    os.truncate(path, 1 << 40)
    (change,) = folder_changes(NEW, "out")
    assert change.startswith("out/a/job.a-w-0.yaml is too large to be compared: ")
    write_folder("out", NEW)
    assert contents(out) == built("new")


def test_two_builds_wait_for_each_other(built, monkeypatch):
    restored(built("old"))
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    with prepared("out", NEW) as first:
        with pytest.raises(StopError, match=r"^another build has been writing out for 0 s; out is unchanged$"):
            write_folder("out", OLD)
        first.commit()
    assert contents(Path("out")) == built("new")
    write_folder("out", OLD)
    assert contents(Path("out")) == built("old")


def test_folders_in_each_other_are_made_in_linear_time(tmp_path, monkeypatch):
    made: list[str] = []
    real = os.path.realpath
    calls: list[str] = []
    monkeypatch.setattr("os.path.realpath", lambda path: calls.append(path) or real(path))
    make_root(str(tmp_path / "/".join(["n"] * 500)), str(tmp_path), made)
    assert len(made) == 500
    assert len(calls) < 20
    remove_made(made)
    assert list(tmp_path.iterdir()) == []
