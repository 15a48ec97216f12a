"""A folder as a value: one on a disk and one in memory answer the same, and nothing outside is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jobsetgen.pipeline import compile_project
from jobsetgen.project.files import Disk, Memory, walk
from jobsetgen.project.inputs import has_project
from jobsetgen.review.reporters import as_text
from jobsetgen.stop import StopError

DEEPER_THAN_PYTHON_CALLS = 1_100
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nresources: {}\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
CONTENTS = {
    name: CONFIG_MAP.format(f"number-{index}").encode()
    for index, name in enumerate(["b.yaml", "a.yaml", "-", ".hidden.yaml", "c/d.yaml", "c/e/f.yaml", "c/e.yml"])
}
NAMES = [
    *["", ".", "./", "a.yaml", "./a.yaml", "a.yaml/", "a.yaml/.", "-", "c", "c/", "c/d.yaml", "c//d.yaml", "c/e"],
    *["c/../a.yaml", "c/e/../../a.yaml", "a.yaml/../b.yaml", "gone/../a.yaml", "c/gone/../d.yaml", "gone", "a.yaml/b"],
    *["..", "../", "../a.yaml", "c/../../a.yaml", "gone/../../a.yaml", "/", "/a.yaml", "nul\0.yaml", "x" * 300],
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    """The contents on a disk, in the current folder."""
    for name, content in CONTENTS.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.chdir(tmp_path / "folder")
    return tmp_path / "folder"


class TestBoth:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_leads_to_the_same_on_a_disk_and_in_memory(self, folder, name):
        disk, memory = Disk(), Memory(CONTENTS)
        assert memory.entry(name) == disk.entry(name)
        assert memory.shown(name) == disk.shown(name)
        if memory.entry(name) == "folder":
            assert memory.listing(name) == disk.listing(name)
        if memory.entry(name) == "file":
            assert memory.read(name) == disk.read(name)
            others = [each for each in NAMES if memory.entry(each) == "file"]
            same = [memory.identity(name) == memory.identity(each) for each in others]
            assert same == [disk.identity(name) == disk.identity(each) for each in others]

    @pytest.mark.parametrize("name", [name for name in NAMES if "\0" not in name])
    def test_a_project_that_names_it_compiles_to_the_same(self, folder, name):
        project = PROJECT.format(f"['{name}', c/d.yaml]").encode()
        (folder / "jobsetgen.yaml").write_bytes(project)
        disk = compile_project(Disk())
        memory = compile_project(Memory({**CONTENTS, "jobsetgen.yaml": project}))
        assert as_text(memory.diagnostics) == as_text(disk.diagnostics)
        assert memory.text() == disk.text()

    def test_without_a_project_they_compile_to_the_same(self, folder):
        assert compile_project(Memory(CONTENTS)).text() == compile_project(Disk()).text() != ""


class TestMemory:
    @pytest.mark.parametrize("name", ["/a.yaml", "../b.yaml", "c/../../d.yaml", "..", ".", ""])
    def test_a_name_that_is_none_in_the_folder_is_refused(self, name):
        with pytest.raises(ValueError, match="is not the name of a file in the folder"):
            Memory({name: b"", "f.yaml": b"f"})
        assert Memory({"f.yaml": b"f"}).entry(name) in ("outside", "folder")

    def test_a_file_that_is_not_there_cannot_be_read(self):
        with pytest.raises(StopError, match=r"^cannot read gone\.yaml: no such file$"):
            Memory({}).read("gone.yaml")

    def test_a_file_is_found_without_the_detours_of_its_name(self):
        files = Memory({"./a//b/../c.yaml": b"text"})
        assert (files.entry("a/c.yaml"), files.read("a/c.yaml")) == ("file", b"text")
        assert files.listing("a") == ["a/c.yaml"]

    def test_without_contents_it_is_an_empty_folder(self):
        assert (Memory({}).entry(""), Memory({}).listing("")) == ("folder", [])


class TestDisk:
    @pytest.fixture
    def outside(self, folder) -> Path:
        """A folder beside the one that is read, with a file in it."""
        path = folder.parent / "outside"
        path.mkdir()
        (path / "secret.yaml").write_text(CONFIG_MAP.format("secret"))
        return path

    def test_a_link_out_is_followed_where_the_root_is_further_up(self, folder, outside):
        (folder / "link.yaml").symlink_to(outside / "secret.yaml")
        assert Disk(str(folder)).entry("link.yaml") == "outside"
        assert Disk(str(folder), root="/").entry("link.yaml") == "file"

    def test_a_root_may_be_above_the_folder(self, folder, outside):
        files = Disk(str(folder), root=str(folder.parent))
        assert [files.entry("../outside/secret.yaml"), files.entry("../../x")] == ["file", "outside"]

    def test_a_root_may_be_behind_a_link(self, folder):
        (folder.parent / "link").symlink_to(folder)
        assert Disk("../link", root="../link").entry("a.yaml") == "file"

    def test_a_folder_that_a_link_leads_out_to_is_outside_with_all_that_is_in_it(self, folder, outside):
        (folder / "parts").symlink_to(outside)
        files = Disk()
        assert [files.entry("parts"), files.entry("parts/secret.yaml")] == ["outside", "outside"]

    def test_one_is_trusted_by_its_name_alone(self, folder, outside):
        for name in ("jobsetgen.yaml", "other.yaml"):
            (folder / name).symlink_to(outside / "secret.yaml")
        files = Disk(trusted=["jobsetgen.yaml"])
        assert [files.entry(name) for name in ("jobsetgen.yaml", "./jobsetgen.yaml", "other.yaml")] == [
            "file",
            "outside",
            "outside",
        ]

    @pytest.mark.parametrize("target", ["secret.yaml", "gone.yaml", "loop.yaml", "pipe", "x" * 300, ""])
    def test_of_what_lies_outside_nothing_is_known(self, folder, outside, target):
        (outside / "loop.yaml").symlink_to("loop.yaml")
        os.mkfifo(outside / "pipe")
        (folder / "link.yaml").symlink_to(outside / target)
        assert Disk().entry("link.yaml") == "outside"

    @pytest.mark.parametrize("root", ["/", "."])
    @pytest.mark.parametrize(
        ("target", "entry"),
        [("gone.yaml", "missing"), ("link.yaml", "missing"), ("a.yaml", "file"), ("c", "folder"), ("pipe", "special")],
    )
    def test_a_link_is_what_it_leads_to(self, folder, root, target, entry):
        os.mkfifo(folder / "pipe")
        (folder / "link.yaml").symlink_to(target)
        assert Disk(root=root).entry("link.yaml") == entry

    def test_two_links_to_one_file_are_one(self, folder):
        (folder / "link.yaml").symlink_to("a.yaml")
        assert Disk().identity("link.yaml") == Disk().identity("c/../a.yaml")

    @pytest.mark.parametrize("name", ["gone", "a.yaml", "nul\0", "x" * 300])
    def test_what_is_no_folder_cannot_be_listed(self, folder, name):
        with pytest.raises(StopError, match=r"^cannot read "):
            compile_project(Disk(name))

    def test_what_is_no_file_cannot_be_read(self, folder):
        with pytest.raises(StopError, match=r"^cannot read c: Is a directory$"):
            Disk().read("c")

    @pytest.mark.parametrize("kind", ["folder", "pipe", "link to nothing", "loop"])
    def test_a_project_file_that_is_no_file_stops(self, folder, kind):
        path = folder / "jobsetgen.yaml"
        make = {
            "folder": path.mkdir,
            "pipe": lambda: os.mkfifo(path),
            "link to nothing": lambda: path.symlink_to("gone"),
            "loop": lambda: path.symlink_to("jobsetgen.yaml"),
        }
        make[kind]()
        with pytest.raises(
            StopError, match=r"^cannot read jobsetgen\.yaml: not a regular file, or a broken symbolic link$"
        ):
            has_project(Disk())


class TestWalk:
    def test_yields_what_os_walk_yields(self, folder):
        (folder / "linked").symlink_to("c")
        (folder / "broken").symlink_to("gone")
        expected = {path: (set(folders), set(names)) for path, folders, names in os.walk(folder)}
        assert {path: (set(folders), set(names)) for path, folders, names in walk(folder)} == expected

    def test_does_not_enter_what_the_caller_removes(self, folder):
        found = []
        for path, folders, _ in walk(folder):
            found.append(path)
            folders.clear()
        assert found == [str(folder)]

    def test_enters_folders_of_any_depth(self, tmp_path, nest):
        nest(tmp_path, DEEPER_THAN_PYTHON_CALLS)
        assert len(list(walk(tmp_path))) == 1 + DEEPER_THAN_PYTHON_CALLS

    def test_of_what_is_no_folder_there_is_nothing(self, tmp_path):
        assert list(walk(tmp_path / "gone")) == [(str(tmp_path / "gone"), [], [])]
