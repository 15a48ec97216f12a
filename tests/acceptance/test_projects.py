"""`build --each` and `check --each`: the projects that files belong to, and where each is rendered."""

from __future__ import annotations

import pytest

from tests.acceptance.processes import run
from tests.cases import FIXTURES

SET = (FIXTURES / "valid" / "minimal" / "jobset.yaml").read_text()
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\noutput: rendered\n"


def write(folder, name: str, project: str = PROJECT):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jobsetgen.yaml").write_text(project)
    (folder / "jobset.yaml").write_text(SET.replace("name: minimal", f"name: {name}"))
    return folder


def files(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def team(tmp_path):
    """A project with a space in its name, and another below it."""
    write(tmp_path / "team a", "one")
    write(tmp_path / "team a" / "below", "two")
    return tmp_path


def test_a_file_belongs_to_the_nearest_project_above_it(team):
    done = run("build", "--each", "--fail-on-change", "team a/below/jobset.yaml", folder=team)
    assert done.returncode == 1
    assert [line.split(b"rendered/")[0] for line in done.stderr.splitlines()] == [
        b"jobsetgen: changed team a/below/"
    ] * 3
    assert not (team / "team a" / "rendered").exists()


def test_what_was_rendered_belongs_to_what_it_was_rendered_from(team):
    assert run("build", "--each", "team a/jobset.yaml", folder=team).returncode == 0
    job = team / "team a" / "rendered" / "one" / "job.one-workers-0.yaml"
    text = job.read_text()
    job.write_text(text + "# by hand\n")
    done = run("check", "--each", str(job), folder=team)
    assert done.returncode == 1
    assert b"-# by hand" in done.stdout
    assert b"build --each" in done.stderr
    assert run("build", "--each", str(job), folder=team).returncode == 0
    assert job.read_text() == text


def test_an_error_in_one_project_leaves_all_as_they_are(team):
    path = team / "team a" / "below" / "jobset.yaml"
    path.write_text(path.read_text().replace("image:", "imag:"))
    before = files(team)
    done = run("build", "--each", "team a/jobset.yaml", "team a/below/jobset.yaml", folder=team)
    assert done.returncode == 1
    assert b"error[JSG101]: unknown field 'imag'" in done.stderr
    assert files(team) == before


def test_what_is_in_the_way_of_one_output_leaves_all_as_they_are(team):
    (team / "team a" / "below" / "rendered").mkdir()
    (team / "team a" / "below" / "rendered" / "kustomization.yaml").write_text("resources: []\n")
    before = files(team)
    done = run("build", "--each", "team a/jobset.yaml", "team a/below/jobset.yaml", folder=team)
    assert done.returncode == 2
    assert b"is in the way" in done.stderr
    assert files(team) == before


def test_a_path_from_inside_or_beside_a_project_finds_its_own(team):
    inside = team / "team a" / "rendered"
    assert run("build", "--each", "../jobset.yaml", folder=team / "team a" / "below").returncode == 0
    assert run("check", "--each", "kustomization.yaml", folder=inside).returncode == 0
    (team / "values.yaml").write_text("a: b\n")
    assert run("build", "--each", "../../values.yaml", folder=team / "team a" / "below").returncode == 0
    assert not (team / "team a" / "below" / "rendered").exists()


def test_without_a_path_it_is_the_current_folders_project(team):
    assert run("build", "--each", folder=team / "team a").returncode == 0
    assert (team / "team a" / "rendered" / "kustomization.yaml").is_file()
    assert run("check", "--each", folder=team / "team a").returncode == 0


def test_files_of_no_project_and_projects_without_an_output_are_passed_over(tmp_path):
    write(tmp_path / "a", "one", PROJECT.replace("output: rendered\n", ""))
    (tmp_path / "values.yaml").write_text("a: b\n")
    before = files(tmp_path)
    for command in ("build", "check"):
        done = run(command, "--each", "a/jobset.yaml", "values.yaml", "gone.yaml", folder=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert files(tmp_path) == before


@pytest.mark.parametrize("output", ["..", ".", "/tmp/rendered", "a/../..", '""', "a\\b", '"a\\0b"'])
def test_an_output_that_is_not_below_the_project_is_an_error(tmp_path, output):
    write(tmp_path, "one", PROJECT.replace("output: rendered", f"output: {output}"))
    done = run("build", "--each", "jobset.yaml", folder=tmp_path)
    assert done.returncode == 1
    assert b"jobsetgen.yaml:4:9: error[JSG708]" in done.stderr
    assert files(tmp_path) == ["jobset.yaml", "jobsetgen.yaml"]


def test_an_output_that_is_a_link_out_of_the_project_is_refused(tmp_path):
    write(tmp_path / "a", "one")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a" / "rendered").symlink_to("../elsewhere")
    done = run("build", "--each", "a/jobset.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert b"leads out of the project's folder" in done.stderr
    assert files(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    "words",
    [
        ("build", "--each", "-o", "x", "."),
        ("build", "--each", "--preview", "."),
        ("build", "--fail-on-change", "."),
        ("check", "--each", "-o", "x", "."),
        ("check", "."),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(tmp_path, words):
    write(tmp_path, "one")
    assert run(*words, folder=tmp_path).returncode == 2
