"""Inputs that once ended in a traceback or in wrong output: each is said in a sentence, or compiles."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jobsetgen.output.layout import HEADER

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
    assert "error[JSG702]: app/link.yaml is outside the folder being compiled" in done.err


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
