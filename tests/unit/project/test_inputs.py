"""What a folder, a project and a command line name, as documents and layers."""

from __future__ import annotations

import pytest

from jobsetgen.cli.operands import read_operands
from jobsetgen.project.files import Disk, Memory
from jobsetgen.project.inputs import Inputs, together
from jobsetgen.project.reading import read_folder, read_project
from jobsetgen.stop import StopError

PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
CONFIG_MAP = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
NOT_YAML = b"a: ["
CONTENTS = {
    "b.yaml": CONFIG_MAP,
    "a.yml": CONFIG_MAP,
    "c.json": CONFIG_MAP,
    ".hidden.yaml": NOT_YAML,
    "kustomization.yaml": NOT_YAML,
    "sets/d.yaml": CONFIG_MAP,
    "sets/kustomization.yml": NOT_YAML,
    "sets/deeper/e.yaml": NOT_YAML,
    "sets/folder.yaml/f.yaml": NOT_YAML,
}


def read(resources: str | None) -> Inputs:
    """Read the folder with a project that names some resources."""
    named = "" if resources is None else f"resources: {resources}\n"
    return read_folder(Memory({**CONTENTS, "jobsetgen.yaml": (PROJECT + named).encode()}))


def files(inputs: Inputs) -> list[str]:
    return [document.file for document in inputs.documents]


def said(inputs: Inputs) -> list[tuple[int, str]]:
    """Return what is wrong, each with its column in the third line, where the resources are."""
    assert {(each.file, each.code, each.line) for each in inputs.diagnostics} <= {("jobsetgen.yaml", "JSG702", 3)}
    return [(each.column, each.message) for each in inputs.diagnostics]


class TestResources:
    @pytest.mark.parametrize(
        ("resources", "expected"),
        [
            (None, ["a.yml", "b.yaml"]),
            ("null", ["a.yml", "b.yaml"]),
            ("['.']", ["a.yml", "b.yaml"]),
            ("[]", []),
            ("[sets]", ["sets/d.yaml"]),
            ("[sets/, b.yaml]", ["sets/d.yaml", "b.yaml"]),
            ("[c.json, sets/../a.yml]", ["c.json", "a.yml"]),
        ],
    )
    def test_they_are_read_in_their_order_and_folders_by_name(self, resources, expected):
        assert files(read(resources)) == expected
        assert said(read(resources)) == []

    @pytest.mark.parametrize("name", ["sets/kustomization.yml", ".hidden.yaml"])
    def test_what_a_folder_passes_over_is_read_where_it_is_named(self, name):
        assert [(each.file, each.code) for each in read(f"[{name}]").diagnostics] == [(name, "JSG002")]

    @pytest.mark.parametrize(
        ("resources", "expected", "message"),
        [
            ("[b.yaml, ./b.yaml]", ["b.yaml"], (21, "duplicate resource b.yaml")),
            ("[sets, sets/d.yaml]", ["sets/d.yaml"], (19, "duplicate resource sets/d.yaml")),
            ("[sets/d.yaml, sets]", ["sets/d.yaml"], (26, "duplicate resource sets/d.yaml")),
            ("[gone.yaml, b.yaml]", ["b.yaml"], (13, "file not found: gone.yaml")),
            ("[b.yaml/x, b.yaml]", ["b.yaml"], (13, "file not found: b.yaml/x")),
            ("[../b.yaml]", [], (13, "../b.yaml is outside the root of the project")),
            ("[/b.yaml]", [], (13, "/b.yaml is outside the root of the project")),
            ("[..]", [], (13, ".. is outside the root of the project")),
        ],
    )
    def test_what_cannot_be_read_is_an_error_and_the_others_are_read(self, resources, expected, message):
        assert files(read(resources)) == expected
        assert said(read(resources)) == [message]

    def test_everything_wrong_with_them_is_said_at_once(self):
        assert [column for column, _ in said(read("[gone.yaml, ../b.yaml, sets, sets]"))] == [13, 24, 41]

    def test_they_are_not_read_where_the_project_does_not_fit(self):
        inputs = read("[.hidden.yaml]\nmaxJobs: many")
        assert (inputs.documents, inputs.layers) == ((), ())
        assert [(each.file, each.code) for each in inputs.diagnostics] == [("jobsetgen.yaml", "JSG102")]


class TestLinks:
    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        (tmp_path / "folder").mkdir()
        (tmp_path / "outside.yaml").write_text(PROJECT)
        monkeypatch.chdir(tmp_path / "folder")
        return tmp_path / "folder"

    def test_a_project_file_that_leads_out_is_not_read(self, folder):
        (folder / "jobsetgen.yaml").symlink_to("../outside.yaml")
        inputs = read_folder(Disk())
        assert (inputs.documents, inputs.layers) == ((), ())
        message = "jobsetgen.yaml is outside the root of the project"
        assert [(each.file, each.code, each.message) for each in inputs.diagnostics] == [
            ("jobsetgen.yaml", "JSG702", message)
        ]

    def test_it_is_read_where_somebody_vouches_for_it(self, folder):
        (folder / "jobsetgen.yaml").symlink_to("../outside.yaml")
        inputs = read_project(Disk(trusted=["jobsetgen.yaml"]))
        assert (len(inputs.layers), inputs.diagnostics) == (1, ())

    def test_with_a_manifest_that_leads_out_none_is_read(self, folder):
        (folder / "a.yaml").write_bytes(CONFIG_MAP)
        (folder / "b.yaml").symlink_to("../outside.yaml")
        inputs = read_folder(Disk())
        assert inputs.documents == ()
        assert [(each.file, each.code) for each in inputs.diagnostics] == [("b.yaml", "JSG702")]

    def test_a_manifest_that_is_a_link_to_nothing_stops(self, folder):
        (folder / "jobsetgen.yaml").write_text(PROJECT)
        (folder / "b.yaml").symlink_to("gone")
        with pytest.raises(StopError, match=r"^cannot read b\.yaml: not a regular file, or a broken symbolic link$"):
            read_folder(Disk())

    def test_in_a_folder_that_is_listed_it_is_an_error_there(self, folder):
        (folder / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [.]\n")
        (folder / "b.yaml").symlink_to("gone")
        assert said(read_folder(Disk())) == [(13, "cannot read b.yaml: not a regular file, or a broken symbolic link")]


class TestOperands:
    @pytest.fixture
    def folders(self, tmp_path, monkeypatch):
        for name in ("one", "two", "none"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "a.yaml").write_bytes(CONFIG_MAP)
        for name in ("one", "two"):
            (tmp_path / name / "jobsetgen.yaml").write_text(PROJECT)
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize(
        "paths", [["one", "two"], ["one", "one"], ["one", "none", "one/jobsetgen.yaml"], ["one/.", "./one"]]
    )
    def test_two_projects_are_wrong_usage(self, folders, paths):
        with pytest.raises(StopError, match=r"^only one project \(a folder with a jobsetgen.yaml\)") as stop:
            read_operands(paths)
        assert stop.value.cause == "usage"

    @pytest.mark.parametrize("project", ["one", "one/jobsetgen.yaml"])
    def test_a_project_governs_what_stands_beside_it_too(self, folders, project):
        inputs = read_operands(["none/a.yaml", project, "none"])
        assert files(inputs) == ["none/a.yaml", "one/a.yaml", "none/a.yaml"]
        assert [layer.document.file for layer in inputs.layers] == ["one/jobsetgen.yaml"]


def test_together_nothing_is_lost():
    parts = [read(None), read("[gone.yaml]"), Inputs(namespace_required=True)]
    whole = together(parts)
    assert files(whole) == ["a.yml", "b.yaml"]
    assert len(whole.layers) == 2
    assert said(whole) == [(13, "file not found: gone.yaml")]
    assert whole.namespace_required
