"""Inputs that once ended in a traceback or in wrong output: each is said in a sentence, or compiles.

Each file in once_failed is such an input, with a comment that says what was wrong. Every oracle of `make fuzz` is asked
for it; `status` is how its last command has to end, and `says` what it has to print.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobsetgen.output.layout import HEADER
from tests.fuzz import case, kubectl
from tests.fuzz.oracles import Bench, examine
from tests.fuzz.twin import Twin

INPUTS = sorted((Path(__file__).parent / "once_failed").glob("*.yaml"))

SET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train, namespace: research}
spec:
  replicatedJobs:
  - name: workers
    template: {spec: {backoffLimit: 0, template: {spec: {containers: [{name: main, image: "example.com/train:1"}]}}}}
"""
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\noutput: rendered\n"
DEPTH = 1_100
"""Of folders: more than Python calls itself."""
HUGE = 10**11
"""Of a file with a hole: more bytes than any memory of a test."""


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    """A process with another hash seed."""
    started = Twin(seed=4242)
    yield started
    started.close()


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_what_fuzzing_found(path, twin, tmp_path, monkeypatch):
    given = case.read(path.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()
    done = examine(given, Bench(tmp_path / "inputs", twin))[-1]
    assert done.status == (done.status if given.status is None else given.status)
    assert given.says in (done.out + done.err).decode()
    if kubectl.PROGRAM and done.command[0] == "build" and done.out:
        kubectl.refuse_other_readings(done.out.decode(), tmp_path)


def test_an_input_that_failed_begins_with_what_was_wrong():
    assert [path.name for path in INPUTS if not path.read_text(encoding="utf-8").startswith("# ")] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a set in it."""
    (tmp_path / "set.yaml").write_text(SET)
    return tmp_path


def test_projects_are_found_beside_folders_of_any_depth(cli, folder, nest):
    (folder / "jobsetgen.yaml").write_text(PROJECT)
    nest(folder, DEPTH)
    assert cli("build", "--each", folder=folder).status == 0
    assert cli("check", "--each", folder=folder).status == 0


def test_an_output_folder_may_have_folders_of_any_depth(cli, folder, nest):
    (folder / "out").mkdir()
    nest(folder / "out", DEPTH)
    assert cli("build", "-o", "out", "set.yaml", folder=folder).status == 0
    assert cli("check", "-o", "out", "set.yaml", folder=folder).status == 0


@pytest.mark.parametrize("name", ["train/job.train-workers-0.yaml", "kustomization.yaml", "README.md", "old.yaml"])
def test_a_committed_file_of_any_size_is_out_of_date_and_not_read_whole(cli, folder, name):
    assert cli("build", "-o", "out", "set.yaml", folder=folder).status == 0
    path = folder / "out" / name
    header = path.read_text().splitlines(keepends=True)[0] if path.exists() else HEADER
    path.write_text(header)
    os.truncate(path, HUGE)
    done = cli("check", "-o", "out", "set.yaml", folder=folder)
    assert done.status == 1
    assert f"out/{name} is too large to be compared: more than 10,00" in done.out
    assert cli("build", "-o", "out", "set.yaml", folder=folder).status == 0
    assert cli("check", "-o", "out", "set.yaml", folder=folder).status == 0


def test_a_committed_output_of_any_size_is_out_of_date(cli, folder):
    (folder / "all.yaml").touch()
    os.truncate(folder / "all.yaml", HUGE)
    done = cli("check", "--against", "all.yaml", "set.yaml", folder=folder)
    assert (done.status, done.out) == (1, "all.yaml is too large to be compared: more than 10,002,481 bytes\n")


def test_a_quantity_may_have_any_number_of_digits(cli, folder):
    resources = f"resources: {{limits: {{google.com/tpu: '{'1' * 5_000}'}}}}"
    (folder / "set.yaml").write_text(SET.replace('train:1"', f'train:1", {resources}'))
    assert cli("explain", "set.yaml", folder=folder).status == 0


def test_an_integer_in_quotes_may_have_any_number_of_digits(cli, folder):
    (folder / "set.yaml").write_text(SET.replace("backoffLimit: 0", f"backoffLimit: '{'1' * 5_000}'"))
    done = cli("validate", "set.yaml", folder=folder)
    assert done.status == 1
    assert "error[JSG102]: spec.replicatedJobs[0].template.spec.backoffLimit is a string, but must be an" in done.err


def test_the_index_of_an_item_may_have_any_number_of_digits(cli):
    notes = {"config.kubernetes.io/path": "set.yaml", "config.kubernetes.io/index": "1" * 5_000}
    item = {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": "A_", "annotations": notes},
    }
    resources = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [item]}
    done = cli("krm", stdin=json.dumps(resources))
    assert done.status == 1
    assert "file:\n    path: set.yaml\n" in done.out


def test_the_end_of_a_file_is_the_last_place_in_it(cli, folder):
    text = SET.partition(": {spec: {backoff")[0] + ":"
    (folder / "set.yaml").write_text(text)
    done = cli("validate", "set.yaml", folder=folder)
    assert "set.yaml:7:5: error[JSG104]: spec.replicatedJobs[0] has no template, which is required" in done.err
    assert "set.yaml:8" not in done.err


def test_lists_in_lists_compile_like_their_items(cli, folder):
    lines = SET.splitlines(keepends=True)
    item = "  - " + "    ".join(lines)
    (folder / "list.yaml").write_text(
        f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n{item}"
    )
    built = cli("build", "list.yaml", folder=folder)
    assert built.out == cli("build", "set.yaml", folder=folder).out
    (folder / "again.yaml").write_text(built.out)
    assert cli("build", "--allow-empty", "again.yaml", folder=folder).out == built.out


def test_an_output_that_is_a_link_to_its_project_is_refused(cli, folder):
    (folder / "jobsetgen.yaml").write_text(PROJECT)
    (folder / "rendered").symlink_to(".")
    done = cli("build", "--each", folder=folder)
    assert done.status == 2
    assert "rendered is a link to the project folder itself" in done.err
    assert sorted(os.listdir(folder)) == ["jobsetgen.yaml", "rendered", "set.yaml"]


@pytest.mark.parametrize("command", ["build", "check"])
def test_projects_are_not_on_standard_input(cli, folder, command):
    (folder / "jobsetgen.yaml").write_text(PROJECT)
    done = cli(command, "--each", "-", folder=folder, stdin=SET)
    assert done.status == 2
    assert "--each compiles projects, and standard input is in none" in done.err
    assert not (folder / "rendered").exists()


@pytest.mark.parametrize("command", ["build", "validate"])
def test_a_link_out_of_a_folder_without_a_project_is_not_read(cli, folder, command):
    (folder / "app").mkdir()
    (folder / "app" / "link.yaml").symlink_to("../set.yaml")
    done = cli(command, "app", folder=folder)
    assert (done.status, done.out) == (1, "")
    assert "error[JSG702]: app/link.yaml is outside the root of the project" in done.err


def test_a_link_within_a_git_work_tree_is_read(cli, folder):
    (folder / ".git").mkdir()
    (folder / "app").mkdir()
    (folder / "app" / "link.yaml").symlink_to("../set.yaml")
    assert cli("build", "app", folder=folder).status == 0


@pytest.mark.parametrize("form", [["--format", "json"], ["--format", "sarif"]], ids=" ".join)
def test_json_has_no_command_of_ci(cli, folder, form):
    (folder / "set.yaml").write_text(SET.replace("name: workers", 'name: "##[error]a ##vso[b]"'))
    done = cli("validate", "set.yaml", *form, folder=folder)
    assert "##[error]" not in done.out
    assert "##vso[" not in done.out
    assert "##[error]a ##vso[b]" in str(json.loads(done.out))


def work_tree(folder: Path) -> Path:
    """Make a work tree in a folder, beside a folder of somebody else; return it."""
    tree = folder / "tree"
    for each in (tree / ".git", folder / "beside"):
        each.mkdir(parents=True)
    (folder / "beside" / "set.yaml").write_text(SET)
    return tree


@pytest.mark.parametrize("words", [["build", "app"], ["validate", "app"], ["check", "-o", "out", "app"]], ids=" ".join)
@pytest.mark.parametrize("has_project", [False, True])
def test_a_compiled_folder_that_is_a_link_out_of_the_work_tree_is_not_read(cli, folder, words, has_project):
    tree = work_tree(folder)
    (tree / "app").symlink_to("../beside")
    if has_project:
        (folder / "beside" / "jobsetgen.yaml").write_text(PROJECT)
    done = cli(*words, folder=tree)
    assert (done.status, done.out) == (2, "")
    assert "app is a link that points outside its git work tree" in done.err


def test_a_project_file_that_is_a_link_out_of_the_work_tree_is_not_read(cli, folder):
    tree = work_tree(folder)
    (folder / "beside" / "jobsetgen.yaml").write_text(f"{PROJECT}secret: true\n")
    (tree / "jobsetgen.yaml").symlink_to("../beside/jobsetgen.yaml")
    for words in (["build", "."], ["build", "--each", "."]):
        done = cli(*words, folder=tree)
        assert (done.status, done.out) == (1, "")
        assert "jobsetgen.yaml is outside the root of the project" in done.err
        assert "secret" not in done.err


@pytest.mark.parametrize("output", ["out", "out/inner"])
def test_an_output_that_is_a_link_out_of_the_work_tree_is_not_written(cli, folder, output):
    tree = work_tree(folder)
    (tree / "set.yaml").write_text(SET)
    (tree / "out").symlink_to("../beside")
    # That it is a work tree of its own changes nothing.
    (folder / "beside" / ".git").mkdir()
    done = cli("build", "-o", output, "set.yaml", folder=tree)
    assert done.status == 2
    assert f"{output} is a link that points outside its git work tree" in done.err
    assert sorted(os.listdir(folder / "beside")) == [".git", "set.yaml"]


def test_links_within_a_work_tree_are_followed(cli, folder):
    tree = work_tree(folder)
    for name in ("common", "made"):
        (tree / name).mkdir()
    (tree / "common" / "set.yaml").write_text(SET)
    (tree / "common" / "jobsetgen.yaml").write_text(PROJECT)
    (tree / "app").mkdir()
    (tree / "app" / "set.yaml").write_text(SET)
    (tree / "app" / "jobsetgen.yaml").symlink_to("../common/jobsetgen.yaml")
    (tree / "out").symlink_to("made")
    assert cli("build", "-o", "out", "app", folder=tree).status == 0
    assert (tree / "made" / "kustomization.yaml").exists()
    assert cli("build", "--each", "app", folder=tree).status == 0


@pytest.mark.parametrize("command", ["build", "check"])
def test_an_output_that_is_a_link_to_itself_is_said_in_a_sentence(cli, folder, command):
    (folder / "out").symlink_to("out")
    done = cli(command, "-o", "out", "set.yaml", folder=folder)
    assert done.status in (2, 3)
    assert "Too many levels of symbolic links" in done.err or "File exists" in done.err
