"""Paths that lead elsewhere, are too long or cannot be read: nothing outside is read or written, and it is said why."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from jobsetgen.output.layout import HEADER
from tests.acceptance.processes import run as process
from tests.cases import FIXTURES

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
LONG = "x" * 300 + ".yaml"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder with the multislice example in it, beside one that is somebody else's."""
    folder = tmp_path / "app"
    folder.mkdir()
    shutil.copy(MULTISLICE, folder)
    (tmp_path / "outside").mkdir()
    return folder


class TestOutput:
    def test_a_link_in_the_place_of_a_folder_is_not_followed(self, cli, app, tmp_path):
        (app / "out").mkdir()
        (app / "out" / "multislice").symlink_to(tmp_path / "outside")
        run = cli("build", "-o", "out", "jobset.yaml", folder=app)
        assert list((tmp_path / "outside").iterdir()) == []
        assert run.status == 2
        assert "out/multislice" in run.err

    def test_a_link_in_the_place_of_a_file_is_not_written_through(self, cli, app, tmp_path):
        theirs = tmp_path / "outside" / "theirs.yaml"
        theirs.write_text(f"{HEADER}kind: Theirs\n")
        (app / "out").mkdir()
        (app / "out" / "kustomization.yaml").symlink_to(theirs)
        cli("build", "-o", "out", "jobset.yaml", folder=app)
        assert theirs.read_text() == f"{HEADER}kind: Theirs\n"

    def test_a_stale_file_behind_a_link_stays_and_so_does_the_link(self, cli, app, tmp_path):
        stale = tmp_path / "outside" / "job.old.yaml"
        stale.write_text(HEADER)
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        (app / "out" / "elsewhere").symlink_to(stale.parent)
        (app / "out" / "job.old.yaml").symlink_to(stale)
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert stale.read_text() == HEADER
        assert (app / "out" / "job.old.yaml").is_symlink()

    def test_a_link_in_the_place_of_a_temporary_file_is_not_written_through(self, cli, app, tmp_path):
        theirs = tmp_path / "outside" / "theirs"
        theirs.write_text("theirs")
        (app / "out" / "multislice").mkdir(parents=True)
        (app / "out" / "multislice" / ".service.multislice.yaml.tmp").symlink_to(theirs)
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert theirs.read_text() == "theirs"
        assert not (app / "out" / "multislice" / "service.multislice.yaml").is_symlink()

    def test_another_output_below_it_stays(self, cli, app):
        assert cli("build", "-o", "out/other", "jobset.yaml", folder=app).status == 0
        other = sorted((app / "out" / "other").rglob("*"))
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert sorted((app / "out" / "other").rglob("*")) == other
        assert cli("check", "-o", "out", "jobset.yaml", folder=app).status == 0

    @pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
    def test_so_does_one_whose_kustomization_has_another_name(self, cli, app, name):
        assert cli("build", "-o", "other", "jobset.yaml", folder=app).status == 0
        (app / "other" / "kustomization.yaml").rename(app / "other" / name)
        other = sorted((app / "other").rglob("*"))
        assert cli("build", "-o", ".", "jobset.yaml", folder=app).status == 0
        assert sorted((app / "other").rglob("*")) == other
        assert cli("check", "-o", ".", "jobset.yaml", folder=app).status == 0

    def test_a_pipe_in_it_is_not_read(self, cli, app):
        (app / "out").mkdir()
        os.mkfifo(app / "out" / "pipe.yaml")
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0

    def test_a_folder_without_a_name_is_wrong_usage(self, cli, app):
        run = cli("build", "-o", "", "jobset.yaml", folder=app)
        assert (run.status, run.out) == (2, "")

    def test_the_folder_itself_may_be_a_link(self, cli, app, tmp_path):
        (app / "out").symlink_to(tmp_path / "outside")
        assert cli("build", "-o", "out", "jobset.yaml", folder=app).status == 0
        assert (tmp_path / "outside" / "kustomization.yaml").exists()

    def test_an_object_of_the_longest_name_and_kind_has_a_file(self, cli, app):
        thing = f"apiVersion: example.com/v1\nkind: {'K' * 63}\nmetadata:\n  name: {'n' * 253}\n"
        (app / "thing.yaml").write_text(thing)
        assert cli("build", "-o", "out", "thing.yaml", folder=app).status == 0
        assert len(list((app / "out").glob("k*.yaml"))) == 2


def test_each_says_why_a_path_cannot_be_read(cli, tmp_path):
    name = "a" * 300
    run = cli("build", "--each", name, folder=tmp_path)
    assert (run.status, run.out) == (2, "")
    assert run.err.endswith(f"Error: cannot read {name}: File name too long\n")
    run = cli("build", "--each", "gone", folder=tmp_path)
    assert run.err.endswith("Error: gone does not exist and is not inside a project\n")


class TestProject:
    def link(self, app: Path, name: str) -> None:
        secret = app.parent / "outside" / "secret.yaml"
        secret.write_text(CONFIG_MAP.format("secret"))
        (app / name).parent.mkdir(exist_ok=True)
        (app / name).symlink_to(secret)

    @pytest.mark.parametrize(
        ("resources", "link"), [("resources: [parts]\n", "parts/link.yaml"), ("resources: [link.yaml]\n", "link.yaml")]
    )
    def test_a_link_out_of_its_folder_is_not_read(self, cli, app, resources, link):
        self.link(app, link)
        (app / "jobsetgen.yaml").write_text(PROJECT + resources)
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "error[JSG702]" in run.err

    def test_a_link_out_of_a_folder_that_names_no_resources_is_not_read(self, cli, app):
        self.link(app, "link.yaml")
        (app / "jobsetgen.yaml").write_text(PROJECT)
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "error[JSG702]" in run.err

    @pytest.mark.parametrize("name", ["../outside/secret.yaml", "/etc/hostname", ".."])
    def test_a_path_out_of_its_folder_is_not_read(self, cli, app, name):
        (app.parent / "outside" / "secret.yaml").write_text(CONFIG_MAP.format("secret"))
        (app / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [{name}]\n")
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "jobsetgen.yaml:3:13: error[JSG702]" in run.err

    def test_a_link_within_its_folder_is_read(self, cli, app):
        (app / "link.yaml").symlink_to("jobset.yaml")
        (app / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [link.yaml]\n")
        assert cli("build", folder=app).out == cli("build", "jobset.yaml", folder=app).out

    @pytest.mark.parametrize(
        "name", [LONG, "gone.yaml", "loop.yaml", '"nul\\0.yaml"'], ids=["long", "gone", "loop", "nul"]
    )
    def test_a_resource_that_is_no_file_has_its_place(self, cli, app, name):
        (app / "loop.yaml").symlink_to("loop.yaml")
        (app / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [{name}]\n")
        run = cli("build", folder=app)
        assert (run.status, run.out) == (1, "")
        assert "jobsetgen.yaml:3:13: error[JSG702]" in run.err

    def test_a_resource_named_like_standard_input_is_a_file(self, cli, app):
        (app / "-").write_text(CONFIG_MAP.format("dash"))
        (app / "jobsetgen.yaml").write_text(f"{PROJECT}resources: ['-']\n")
        assert "name: dash\n" in cli("build", folder=app, stdin="kind: Wrong").out


class TestInput:
    def test_a_name_that_is_no_text_is_shown_all_the_same(self, app):
        name = os.path.join(os.fsencode(app), b"\xff.yaml")
        with open(name, "wb") as file:
            file.write(b"kind: 1\n")
        done = process("validate", "--format", "sarif", os.fsdecode(name), folder=app)
        assert done.returncode == 1
        assert b"xff.yaml" in done.stdout

    @pytest.mark.parametrize("path", [LONG, f"{LONG}/jobsetgen.yaml"], ids=["file", "project"])
    def test_a_path_that_is_too_long_is_wrong_usage(self, cli, app, path):
        run = cli("build", path, folder=app)
        assert (run.status, run.out) == (2, "")
        assert "File name too long" in run.err

    def test_a_file_that_cannot_be_read_is_wrong_usage(self, cli, app):
        # Opens for everybody, and fails to be read from its beginning, also for root.
        unreadable = Path("/proc/self/mem")
        if not unreadable.exists():
            pytest.skip("this machine has no /proc")
        run = cli("build", str(unreadable), folder=app)
        assert (run.status, run.out) == (2, "")
        assert "cannot read /proc/self/mem" in run.err
