"""A folder in a commit answers as a folder on a disk does, and nothing outside the commit is read."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobsetgen.git import Repository
from jobsetgen.pipeline import compile_project
from jobsetgen.project.files import Memory
from jobsetgen.project.git_objects import Objects
from jobsetgen.project.inputs import has_project
from jobsetgen.project.reading import read_folder
from jobsetgen.project.revisions import Revision, has_commit, merge_base, resolve
from jobsetgen.source.text import MAX_BYTES
from jobsetgen.stop import StopError
from tests.repositories import LFS_POINTER, Clone, commands_in, isolated, record_git
from tests.unit.project.test_files import CONFIG_MAP, CONTENTS, NAMES, PROJECT

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")
MAP = CONFIG_MAP.format("demo")
FOLDER = "top/folder"
BELOW = {f"{FOLDER}/{name}": text for name, text in CONTENTS.items()}


@pytest.fixture(autouse=True)
def patch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with isolated(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "clone")


@pytest.fixture
def repository(clone) -> Repository:
    return Repository(clone.folder)


@pytest.fixture
def objects(repository) -> Iterator[Objects]:
    with Objects(repository) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Iterator[Revision]:
    """The contents in a folder of a commit."""
    path = tmp_path_factory.mktemp("names")
    with isolated(path):
        clone = Clone(path / "clone")
        commit = clone.commit(BELOW)
        with Objects(Repository(clone.folder)) as objects:
            yield Revision(objects, commit, FOLDER)


class TestNames:
    """All kinds of names, in one commit."""

    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_leads_to_the_same_in_a_commit_and_in_memory(self, folder, name):
        memory = Memory(BELOW, FOLDER)
        assert folder.entry(name) == memory.entry(name)
        assert folder.shown(name) == memory.shown(name)
        if memory.entry(name) == "folder":
            assert folder.listing(name) == memory.listing(name)
        if memory.entry(name) == "file":
            assert folder.read(name) == memory.read(name)
            others = [each for each in NAMES if memory.entry(each) == "file"]
            same = [folder.identity(name) == folder.identity(each) for each in others]
            assert same == [memory.identity(name) == memory.identity(each) for each in others]

    @pytest.mark.parametrize("name", [name for name in NAMES if Memory(BELOW, FOLDER).entry(name) != "folder"])
    def test_what_is_no_folder_cannot_be_listed(self, folder, name):
        with pytest.raises(StopError, match=r"^cannot read .*: (not a folder|no such file or folder in the commit)$"):
            folder.listing(name)

    @pytest.mark.parametrize("name", [name for name in NAMES if Memory(BELOW, FOLDER).entry(name) != "file"])
    def test_what_is_no_file_cannot_be_read(self, folder, name):
        with pytest.raises(StopError, match=r"^cannot read .*: (not a file|no such file or folder in the commit)$"):
            folder.read(name)

    def test_it_compiles_to_the_same(self, folder):
        assert compile_project(folder).text() == compile_project(Memory(CONTENTS)).text() != ""


class TestEntries:
    """What a commit holds besides files and folders."""

    @pytest.fixture
    def other(self, tmp_path) -> Clone:
        found = Clone(tmp_path / "other")
        found.commit({"secret.yaml": MAP})
        return found

    @pytest.fixture
    def files(self, clone, other, objects) -> Revision:
        clone.write({"deploy/a.yaml": MAP, "deploy/lfs.yaml": LFS_POINTER, "deploy/parts/b.yaml": MAP})
        for name, target in {
            "link.yaml": "a.yaml",
            "out.yaml": other.folder / "secret.yaml",
            "broken.yaml": "gone",
            "linked": "parts",
        }.items():
            (clone.folder / "deploy" / name).symlink_to(target)
        clone.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.folder), "deploy/module")
        return Revision(objects, clone.commit(), "deploy")

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("link.yaml", "deploy/link.yaml is a symbolic link; links are not followed in a commit"),
            ("out.yaml", "deploy/out.yaml is a symbolic link; links are not followed in a commit"),
            ("broken.yaml", "deploy/broken.yaml is a symbolic link; links are not followed in a commit"),
            ("linked/b.yaml", "deploy/linked is a symbolic link; links are not followed in a commit"),
            ("linked/../a.yaml", "deploy/linked is a symbolic link; links are not followed in a commit"),
            ("module", "deploy/module is a submodule; the commit does not contain its files"),
            ("module/secret.yaml", "deploy/module is a submodule; the commit does not contain its files"),
            ("lfs.yaml", "deploy/lfs.yaml is a Git LFS pointer; the commit does not contain its content"),
        ],
    )
    def test_what_the_commit_does_not_contain_is_named_when_it_is_read(self, files, name, message):
        assert files.entry(name) == "file"
        with pytest.raises(StopError, match=f"^{re.escape(message)}$") as stop:
            files.read(name)
        assert stop.value.cause == "input"

    def test_it_may_be_there_as_long_as_it_is_not_read(self, clone, objects):
        clone.write({"a.yaml": MAP, "model.bin": LFS_POINTER})
        (clone.folder / "notes.txt").symlink_to("/etc/passwd")
        (clone.folder / ".hidden.yaml").symlink_to("/etc/passwd")
        (clone.folder / "linked").symlink_to("/etc")
        result = compile_project(Revision(objects, clone.commit()))
        assert [each["metadata"]["name"] for each in result.objects()] == ["demo"]

    @pytest.mark.parametrize("name", ["jobsetgen.yaml", "a.yaml"])
    def test_a_project_file_and_a_manifest_are_read(self, clone, objects, name):
        (clone.folder / name).symlink_to("/dev/null")
        files = Revision(objects, clone.commit(), "", "deploy")
        with pytest.raises(StopError, match=f"^deploy/{name} is a symbolic link; "):
            read_folder(files)

    def test_a_text_about_lfs_is_a_file(self, clone, objects):
        text = LFS_POINTER + "# padding\n" * 100
        assert Revision(objects, clone.commit({"a.yaml": text})).read("a.yaml") == text.encode()

    def test_a_folder_behind_a_link_is_not_read(self, files, clone, objects):
        behind = Revision(objects, clone.git("rev-parse", "HEAD"), "deploy/linked")
        assert behind.entry("b.yaml") == "file"
        with pytest.raises(StopError, match=r"^deploy/linked is a symbolic link; "):
            behind.read("b.yaml")

    def test_a_resource_outside_the_project_is_not_read(self, clone, objects):
        commit = clone.commit({"deploy/jobsetgen.yaml": PROJECT.format("[../../a.yaml]"), "a.yaml": MAP})
        result = compile_project(Revision(objects, commit, "deploy"))
        assert [each.message for each in result.diagnostics] == [
            "deploy/../../a.yaml is outside the root of the project"
        ]


class TestContent:
    def test_a_name_that_is_not_utf_8_is_escaped(self, clone, objects):
        clone.git("fast-import", "--quiet", stdin=b'commit refs/heads/main\ncommitter T <t@x> 0 +0000\ndata 0\n'
                  b'M 100644 inline "caf\\351.yaml"\ndata 5\na: [\n\n')  # fmt: skip
        files = Revision(objects, clone.git("rev-parse", "main"), "", "deploy")
        assert [files.shown(name) for name in files.listing("")] == [r"deploy/caf\xe9.yaml"]
        assert compile_project(files).diagnostics[0].file == r"deploy/caf\xe9.yaml"

    def test_of_a_large_file_no_more_is_read_than_the_limit(self, clone, objects):
        commit = clone.commit({"large.yaml": b"# a\n" * (MAX_BYTES // 4 + 50_000), "small.yaml": MAP})
        files = Revision(objects, commit)
        assert len(files.read("large.yaml")) == MAX_BYTES + 1
        assert objects._git is None  # it still had the rest to write
        assert files.read("small.yaml") == MAP.encode()
        assert [each.code for each in compile_project(files).diagnostics] == ["JSG006"]

    def test_a_file_of_exactly_the_limit_is_read(self, clone, objects):
        files = Revision(objects, clone.commit({"large.yaml": b"#" * (MAX_BYTES + 1), "small.yaml": MAP}))
        assert len(files.read("large.yaml")) == MAX_BYTES + 1
        assert files.read("small.yaml") == MAP.encode()

    def test_no_filter_runs(self, clone, objects):
        clone.write({".gitattributes": "*.yaml filter=hostile diff=hostile\n"})
        commit = clone.commit({"a.yaml": MAP})
        for key in ("filter.hostile.smudge", "filter.hostile.clean", "diff.hostile.textconv", "core.fsmonitor"):
            clone.git("config", key, f"touch {clone.folder}/ran; cat")
        assert Revision(objects, commit).read("a.yaml") == MAP.encode()
        assert not (clone.folder / "ran").exists()

    def test_a_replaced_object_is_not_read(self, clone, objects):
        commit = clone.commit({"a.yaml": MAP})
        other = clone.git("hash-object", "-w", "--stdin", stdin=b"other")
        clone.git("replace", clone.git("rev-parse", f"{commit}:a.yaml"), other)
        assert Revision(objects, commit).read("a.yaml") == MAP.encode()

    def test_the_work_tree_and_the_index_are_not_read(self, clone, objects):
        commit = clone.commit({"a.yaml": MAP})
        clone.write({"a.yaml": "changed", "b.yaml": "new"})
        clone.git("add", "--all")
        files = Revision(objects, commit)
        assert (files.listing(""), files.read("a.yaml")) == (["a.yaml"], MAP.encode())

    def test_packed_objects_and_refs_are_read(self, clone, repository, objects):
        clone.commit({"a.yaml": MAP})
        clone.git("gc", "--quiet")
        assert not (clone.folder / ".git" / "refs" / "heads" / "main").exists()
        assert Revision(objects, resolve(repository, "main")).read("a.yaml") == MAP.encode()

    def test_a_repository_may_use_sha_256(self, tmp_path):
        clone = Clone(tmp_path / "wide", "--object-format=sha256")
        commit = clone.commit({"a.yaml": MAP, "parts/b.yaml": "b"})
        with Objects(Repository(clone.folder)) as objects:
            files = Revision(objects, commit)
            assert (files.read("a.yaml"), files.read("parts/b.yaml")) == (MAP.encode(), b"b")

    def test_one_process_reads_all_files(self, clone, tmp_path, patch):
        commit = clone.commit_quickly({f"sets/{index}.yaml": b"a: %d\n" % index for index in range(5_000)})
        log = record_git(tmp_path, patch)
        with Objects(Repository(clone.folder)) as objects:
            files = Revision(objects, commit, "sets")
            contents = {files.read(name) for name in files.listing("")}
        assert len(contents) == 5_000
        assert commands_in(log) == [["cat-file", "--batch"]]

    def test_no_process_outlives_its_use(self, clone, repository):
        commit = clone.commit({"a.yaml": MAP})
        with Objects(repository) as objects:
            Revision(objects, commit).read("a.yaml")
            process = objects._git
            assert process is not None
            assert process.poll() is None
        assert process.poll() is not None

    def test_a_missing_object_is_an_error_of_the_machine(self, clone, objects):
        commit = clone.commit({"a.yaml": MAP})
        blob = clone.git("rev-parse", f"{commit}:a.yaml")
        (clone.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        with pytest.raises(StopError, match=f"^git cannot read {clone.folder}: no blob {blob}$") as stop:
            Revision(objects, commit).read("a.yaml")
        assert stop.value.cause == "machine"

    def test_a_damaged_object_is_an_error_of_the_machine(self, clone, objects):
        commit = clone.commit({"a.yaml": MAP})
        blob = clone.git("rev-parse", f"{commit}:a.yaml")
        path = clone.folder / ".git" / "objects" / blob[:2] / blob[2:]
        path.chmod(0o644)
        path.write_bytes(b"damaged")
        with pytest.raises(StopError, match=f"^git cannot read {clone.folder}: ") as stop:
            Revision(objects, commit).read("a.yaml")
        assert stop.value.cause == "machine"

    @pytest.mark.parametrize("tree", [b"100644 a.yaml", b"a.yaml\0", b"x a\0" + b"\1" * 20])
    def test_a_malformed_tree_is_an_error_of_the_machine(self, clone, objects, tree):
        name = clone.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=tree)
        commit = clone.git("commit-tree", name)
        with pytest.raises(StopError, match=f"^git cannot read {clone.folder}: malformed tree ") as stop:
            has_project(Revision(objects, commit))
        assert stop.value.cause == "machine"

    def test_an_object_of_another_type_is_an_error_of_the_machine(self, clone, objects):
        folder = clone.git("mktree", stdin=b"")
        entry = b"100644 a.yaml\0" + bytes.fromhex(folder)
        name = clone.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=entry)
        files = Revision(objects, clone.git("commit-tree", name))
        with pytest.raises(StopError, match=f"^git cannot read {clone.folder}: no blob {folder}$"):
            files.read("a.yaml")

    def test_a_git_that_ends_is_an_error_of_the_machine(self, clone, objects):
        files = Revision(objects, clone.commit({"a.yaml": MAP}))
        assert files.entry("a.yaml") == "file"
        objects._git.kill()
        objects._git.wait()
        with pytest.raises(StopError, match=f"^git cannot read {clone.folder}: git has ended$") as stop:
            files.read("a.yaml")
        assert stop.value.cause == "machine"

    def test_a_git_that_cannot_start_is_an_error_of_the_machine(self, clone, tmp_path, patch):
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\necho 'fatal: out of order' >&2\nexit 128\n")
        program.chmod(0o755)
        commit = clone.commit()
        patch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        with (
            Objects(Repository(clone.folder)) as objects,
            pytest.raises(StopError, match=f"^git cannot read {clone.folder}: fatal: out of order$"),
        ):
            Revision(objects, commit).listing("")

    def test_the_folders_with_a_file_are_found(self, clone, objects):
        names = ["jobsetgen.yaml", "a/jobsetgen.yaml", "a/b c/jobsetgen.yaml", "a/x.yaml", "d/x-jobsetgen.yaml"]
        commit = clone.commit(dict.fromkeys(names, "text"))
        assert Revision(objects, commit).folders_with("jobsetgen.yaml") == ["", "a", "a/b c"]
        assert Revision(objects, commit, "a").folders_with("jobsetgen.yaml") == ["", "b c"]
        assert Revision(objects, commit, "gone").folders_with("jobsetgen.yaml") == []


class TestResolve:
    @pytest.mark.parametrize(
        "revision",
        ["HEAD", "main", "v1", "HEAD~0", "HEAD^{commit}", "HEAD^{/fix: typo}", "HEAD@{2099-01-01 12:00:00}"],
    )
    def test_a_name_of_a_commit_leads_to_its_id(self, clone, repository, revision):
        clone.commit({"a.yaml": MAP})
        clone.git("commit", "--allow-empty", "--quiet", "--message=fix: typo")
        clone.git("tag", "--annotate", "v1", "--message=one")
        assert resolve(repository, revision) == clone.git("rev-parse", "HEAD")

    @pytest.mark.parametrize("revision", ["--all", "-h", "--git-dir=/", "-"])
    def test_an_option_is_refused(self, clone, repository, revision):
        clone.commit()
        with pytest.raises(StopError, match=f"^invalid revision '{revision}': it begins with a dash$") as stop:
            resolve(repository, revision)
        assert stop.value.cause == "usage"

    @pytest.mark.parametrize("revision", ["main:a.yaml", ":a.yaml", "main:"])
    def test_a_path_is_refused(self, clone, repository, revision):
        clone.commit({"a.yaml": MAP})
        with pytest.raises(StopError, match=f"^invalid revision '{revision}': it has a path$") as stop:
            resolve(repository, revision)
        assert stop.value.cause == "usage"

    @pytest.mark.parametrize(
        ("revision", "reason"),
        [
            ("gone", "fatal: Needed a single revision"),
            ("", "fatal: Needed a single revision"),
            ("^HEAD", "not a single revision"),
            ("HEAD^{tree}", "error: HEAD^{tree}^{commit}: expected commit type, but the object dereferences to tree type"),
            ("main..main", "fatal: Needed a single revision"),
            ("a b;`c`", "fatal: Needed a single revision"),
        ],
    )  # fmt: skip
    def test_what_is_no_commit_is_an_error_of_the_machine(self, clone, repository, revision, reason):
        clone.commit()
        message = f"git cannot find the commit '{revision}': {reason}"
        with pytest.raises(StopError, match=f"^{re.escape(message)}$") as stop:
            resolve(repository, revision)
        assert stop.value.cause == "machine"

    def test_an_empty_repository_has_no_commit(self, clone, repository):
        assert not has_commit(repository)
        clone.commit()
        assert has_commit(repository)

    def test_a_broken_repository_is_an_error_of_the_machine(self, tmp_path, clone):
        broken = clone.folder / "broken"
        broken.mkdir()
        (broken / ".git").mkdir()
        clone.commit()
        for call in (lambda: has_commit(Repository(broken)), lambda: resolve(Repository(broken), "HEAD")):
            with pytest.raises(StopError, match=r"^git cannot find the commit 'HEAD': fatal: not a git rep") as stop:
                call()
            assert stop.value.cause == "machine"


class TestMergeBase:
    @pytest.fixture
    def parted(self, clone) -> str:
        """Let main and topic part at a commit, and return it."""
        start = clone.commit({"a.yaml": "1"})
        clone.git("switch", "--quiet", "--create", "topic")
        clone.commit({"b.yaml": "2"})
        clone.git("switch", "--quiet", "main")
        clone.commit({"c.yaml": "3"})
        return start

    def test_it_is_where_the_histories_part(self, parted, repository):
        assert merge_base(repository, "main", "topic") == parted

    def test_it_is_the_base_itself_if_the_head_is_ahead(self, parted, repository):
        assert merge_base(repository, parted, "topic") == parted

    def test_a_shallow_clone_says_how_to_fetch_more(self, parted, clone, tmp_path):
        shallow = Clone(tmp_path / "shallow")
        for branch in ("main", "topic"):
            shallow.git(
                "fetch", "--quiet", "--depth=1", f"file://{clone.folder}", f"{branch}:refs/remotes/origin/{branch}"
            )
        advice = (
            "; this clone is shallow: fetch the whole history"
            " (fetch-depth: 0 in actions/checkout, GIT_DEPTH: 0 in GitLab CI)"
        )
        message = "git finds no merge base of 'origin/main' and 'origin/topic': no common history"
        with pytest.raises(StopError, match=f"^{re.escape(message + advice)}$") as stop:
            merge_base(Repository(shallow.folder), "origin/main", "origin/topic")
        assert stop.value.cause == "machine"
        with pytest.raises(StopError, match=f"{re.escape(advice)}$"):
            resolve(Repository(shallow.folder), "origin/gone")

    def test_unrelated_histories_have_none(self, parted, clone, repository):
        clone.git("switch", "--quiet", "--orphan", "other")
        clone.commit({"d.yaml": "4"})
        with pytest.raises(
            StopError, match=r"^git finds no merge base of 'main' and 'other': no common history$"
        ) as stop:
            merge_base(repository, "main", "other")
        assert stop.value.cause == "machine"
