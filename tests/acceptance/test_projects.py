"""`build --each` and `check --each`: the projects that files belong to, and where each is rendered."""

from __future__ import annotations

import os
import subprocess

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


def git(folder, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)


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
        b"jobsetgen: changed: team a/below/"
    ] * 5
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
    assert b"already exists and was not written by jobsetgen" in done.stderr
    assert files(team) == before


def test_a_path_from_inside_or_beside_a_project_finds_its_own(team):
    inside = team / "team a" / "rendered"
    assert run("build", "--each", "../jobset.yaml", folder=team / "team a" / "below").returncode == 0
    assert run("check", "--each", "kustomization.yaml", folder=inside).returncode == 0
    (team / "values.yaml").write_text("a: b\n")
    assert run("build", "--each", "../../values.yaml", folder=team / "team a" / "below").returncode == 0
    assert not (team / "team a" / "below" / "rendered").exists()


def test_the_folder_of_a_project_may_begin_with_a_dash(tmp_path):
    write(tmp_path / "--strict", "one")
    for name in ("--strict", "--strict/jobset.yaml"):
        assert run("validate", "--each", "--", name, folder=tmp_path).returncode == 0
        assert run("build", "--each", "--", name, folder=tmp_path).returncode == 0
    job = tmp_path / "--strict" / "rendered" / "one" / "job.one-workers-0.yaml"
    job.write_text(job.read_text() + "# by hand\n")
    done = run("check", "--each", "--", str(job.relative_to(tmp_path)), folder=tmp_path)
    assert done.returncode == 1
    again = done.stderr.decode().rpartition("with: jobsetgen ")[2].splitlines()[0].split()
    assert run(*again, folder=tmp_path).returncode == 0
    assert run("check", "--each", "--", "--strict", folder=tmp_path).returncode == 0


def test_without_a_path_it_is_the_current_folders_project(team):
    assert run("build", "--each", folder=team / "team a").returncode == 0
    assert (team / "team a" / "rendered" / "kustomization.yaml").is_file()
    assert run("check", "--each", folder=team / "team a").returncode == 0


def test_files_of_no_project_and_projects_without_an_output_are_passed_over(tmp_path):
    write(tmp_path / "a", "one", PROJECT.replace("output: rendered\n", ""))
    (tmp_path / "values.yaml").write_text("a: b\n")
    before = files(tmp_path)
    for command in ("build", "check"):
        done = run(command, "--each", "a/jobset.yaml", "values.yaml", folder=tmp_path)
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr == b"jobsetgen: nothing to do: these files belong to no project that sets output\n"
    assert files(tmp_path) == before


def test_a_folder_stands_for_all_projects_in_it(team):
    (team / ".hidden").mkdir()
    write(team / ".hidden" / "project", "three", "no project")
    assert run("build", "--each", folder=team).returncode == 0
    assert sorted(str(path.parent.relative_to(team)) for path in team.rglob("kustomization.yaml")) == [
        "team a/below/rendered",
        "team a/rendered",
    ]
    job = team / "team a" / "below" / "rendered" / "two" / "job.two-workers-0.yaml"
    job.write_text(job.read_text() + "# by hand\n")
    done = run("check", "--each", ".", folder=team)
    assert done.returncode == 1
    assert b"with: jobsetgen build --each 'team a/below'\n" in done.stderr


def test_a_folder_without_a_project_is_wrong_usage(tmp_path):
    for words in ((), (".",)):
        done = run("check", "--each", *words, folder=tmp_path)
        assert done.returncode == 2
        assert b"no jobsetgen.yaml in, above or below these paths sets output" in done.stderr


def test_a_file_belongs_to_every_project_that_names_it(team):
    project = team / "team a" / "jobsetgen.yaml"
    project.write_text(PROJECT + "resources: [jobset.yaml, below]\n")
    (team / "team a" / "below" / "more.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: more}}\n")
    done = run("build", "--each", "--fail-on-change", "team a/below/more.yaml", folder=team)
    assert done.returncode == 1
    for place in ("team a/below/rendered", "team a/rendered"):
        assert (team / place / "configmap.more.yaml").is_file()
        assert f"jobsetgen: changed: {place}/configmap.more.yaml\n".encode() in done.stderr


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("below/rendered", b"is the output of two projects, team a and team a/below"),
        ("below", b"the output of project team a/below is inside that of project team a\n"),
    ],
)
def test_outputs_that_are_one_or_one_in_another_are_wrong_usage(team, output, message):
    (team / "team a" / "jobsetgen.yaml").write_text(PROJECT.replace("rendered", output))
    before = files(team)
    done = run("build", "--each", folder=team)
    assert done.returncode == 2
    assert message in done.stderr
    assert files(team) == before


def test_what_is_not_added_to_git_is_named_until_it_is(team):
    words = ("build", "--each", "--fail-on-change", "team a/jobset.yaml")
    git(team, "init", "--quiet")
    assert b"changed: team a/rendered/kustomization.yaml" in run(*words, folder=team).stderr
    (team / "team a" / "rendered" / "notes.yaml").write_text("# somebody else's\n")
    again = run(*words, folder=team)
    assert again.returncode == 1
    assert again.stderr.splitlines() == [
        b"jobsetgen: not added to git: team a/rendered/.gitattributes",
        b"jobsetgen: not added to git: team a/rendered/README.md",
        b"jobsetgen: not added to git: team a/rendered/kustomization.yaml",
        b"jobsetgen: not added to git: team a/rendered/one/job.one-workers-0.yaml",
        b"jobsetgen: not added to git: team a/rendered/one/service.one.yaml",
    ]
    git(team, "add", "team a/rendered")
    assert run(*words, folder=team).returncode == 0
    # Whoever keeps the output out of git has chosen so.
    git(team, "rm", "-r", "--quiet", "--cached", "team a/rendered")
    (team / ".gitignore").write_text("rendered\n")
    assert run(*words, folder=team).returncode == 0


def test_previews_that_are_not_added_to_git_are_reported(tmp_path):
    write(tmp_path / "train", "one", PROJECT + "jobs: watcher\n")
    git(tmp_path, "init", "--quiet")
    words = ("build", "--each", "--fail-on-change", "train")
    assert run(*words, folder=tmp_path).returncode == 1
    git(tmp_path, "add", "--all")
    git(tmp_path, "rm", "-r", "--quiet", "--cached", "train/rendered/one/preview")
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (b"jobsetgen: not added to git: train/rendered/one/preview/job.one-workers-0.yaml.preview\n")


def test_files_that_git_ignores_are_left_out_of_a_commit_too(tmp_path):
    project = write(tmp_path / "train", "data")
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("data/\n")  # what every other repository with models has
    words = ("build", "--each", "--fail-on-change", "train")
    assert run(*words, folder=tmp_path).returncode == 1
    git(tmp_path, "add", "--all")
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    assert b"not added to git: train/rendered/data/service.data.yaml" in done.stderr
    git(tmp_path, "add", "--force", "train/rendered")
    assert run(*words, folder=tmp_path).returncode == 0
    # A change that was rendered by hand, and not added.
    jobset = project / "jobset.yaml"
    jobset.write_text(jobset.read_text().replace("image: ", "image: registry.example.com/"))
    assert run("build", "--each", "train", folder=tmp_path).returncode == 0
    done = run(*words, folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        b"jobsetgen: not added to git: train/rendered/README.md",
        b"jobsetgen: not added to git: train/rendered/data/job.data-workers-0.yaml",
    ]


def test_each_repository_is_asked_itself(tmp_path):
    """One outside of any, one in a repository, one in a repository inside of that, from a folder of none."""
    for name in ("outside", "one/train", "one/sub/train"):
        write(tmp_path / name, name.split("/")[0])
    git(tmp_path / "one", "init", "--quiet")
    git(tmp_path / "one" / "sub", "init", "--quiet")
    words = ("build", "--each", "--fail-on-change", "outside", "one/train", "one/sub/train")
    assert run(*words, folder=tmp_path).returncode == 1
    done = run(*words, folder=tmp_path, GIT_DIR=str(tmp_path / "elsewhere"), GIT_INDEX_FILE="none")
    assert done.returncode == 1
    named = [line.partition(b"git: ")[2] for line in done.stderr.splitlines()]
    assert sorted({name.partition(b"/rendered")[0] for name in named}) == [b"one/sub/train", b"one/train"]


def test_a_hook_in_a_linked_worktree_finds_what_is_there(tmp_path):
    write(tmp_path / "main" / "train", "one")
    assert run("build", "--each", "train", folder=tmp_path / "main").returncode == 0
    for words in (("init", "--quiet"), ("add", "--all"), ("-c", "user.name=a", "-c", "user.email=a@example.com", "commit",
                  "--quiet", "--message=a"), ("worktree", "add", "--quiet", "../linked")):  # fmt: skip
        git(tmp_path / "main", *words)
    folder = tmp_path / "linked" / "train"
    own = tmp_path / "main" / ".git" / "worktrees" / "linked"
    words = ("build", "--each", "--fail-on-change", ".")
    assert run(*words, folder=folder, GIT_DIR=str(own), GIT_INDEX_FILE=str(own / "index")).returncode == 0


def test_git_that_cannot_tell_is_an_error(tmp_path):
    write(tmp_path, "one")
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    done = run("build", "--each", "--fail-on-change", ".", folder=tmp_path)
    assert done.returncode == 3
    assert b"jobsetgen: git cannot list the filters of" in done.stderr


def test_git_that_is_missing_is_an_error_of_the_machine(team):
    git(team, "init", "-q")
    done = run("build", "--each", "--fail-on-change", ".", folder=team, PATH="/nonexistent")
    assert done.returncode == 3
    message = b"cannot run git: No such file or directory"
    assert done.stderr.splitlines()[-1] == b"jobsetgen: " + message


def test_what_is_not_there_belongs_to_the_project_that_it_was_of_or_is_wrong_usage(team):
    assert run("build", "--each", "team a/gone.yaml", folder=team).returncode == 0
    assert (team / "team a" / "rendered").is_dir()
    done = run("check", "--each", "team b/jobset.yaml", folder=team)
    assert done.returncode == 2
    assert b"team b/jobset.yaml does not exist and is not inside a project" in done.stderr


def test_validate_takes_a_file_as_the_project_that_names_it(team):
    (team / "team a" / "jobsetgen.yaml").write_text(f"{PROJECT}resources: [more]\nrestartWatcher: Never\n")
    (team / "team a" / "more").mkdir()
    (team / "team a" / "more" / "set.yaml").write_text(
        SET.replace("spec:", "spec:\n  failurePolicy: {maxRestarts: 1}", 1)
    )
    done = run("validate", "--each", "team a/more/set.yaml", folder=team)
    assert done.returncode == 1
    assert b"error[JSG510]" in done.stderr


def test_a_file_that_a_project_names_twice_is_an_error(tmp_path):
    write(tmp_path, "one", f"{PROJECT}resources: [jobset.yaml, ./jobset.yaml]\n")
    done = run("validate", folder=tmp_path)
    assert done.returncode == 1
    assert b"jobsetgen.yaml:5:26: error[JSG702]: duplicate resource jobset.yaml" in done.stderr


def test_line_ends_of_windows_are_taken_for_ours_and_mended(team):
    assert run("build", "--each", "team a/jobset.yaml", folder=team).returncode == 0
    job = team / "team a" / "rendered" / "one" / "job.one-workers-0.yaml"
    text = job.read_bytes()
    job.write_bytes(text.replace(b"\n", b"\r\n"))
    assert run("check", "--each", "team a/jobset.yaml", folder=team).returncode == 1
    assert run("build", "--each", "team a/jobset.yaml", folder=team).returncode == 0
    assert job.read_bytes() == text


def test_a_pipe_is_not_waited_for(team):
    assert run("build", "--each", folder=team).returncode == 0
    job = team / "team a" / "rendered" / "one" / "job.one-workers-0.yaml"
    job.unlink()
    os.mkfifo(job)
    for command in ("build", "check"):
        done = run(command, "--each", "team a/jobset.yaml", folder=team)
        assert done.returncode == 2
        assert b"already exists and " in done.stderr
    os.mkfifo(team / "team a" / "pipe.yaml")
    (team / "team a" / "jobsetgen.yaml").write_text(PROJECT + "resources: [pipe.yaml]\n")
    done = run("check", "--each", "team a/jobsetgen.yaml", folder=team)
    assert done.returncode == 1
    assert b"jobsetgen.yaml:5:13: error[JSG702]: team a/pipe.yaml is not a file" in done.stderr


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
    assert b"points outside the project folder" in done.stderr
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


def test_a_jobset_under_a_wrong_group_stops_the_projects(team):
    file = team / "team a" / "below" / "jobset.yaml"
    file.write_text(file.read_text().replace("jobset.x-k8s.io/", "jobset.sigs.k8s.io/"))
    done = run("build", "--each", "team a/below/jobset.yaml", folder=team)
    assert done.returncode == 1
    assert done.stderr.startswith(b"team a/below/jobset.yaml:2:13: error[JSG111]: ")
    assert not (team / "team a" / "below" / "rendered").exists()


def test_an_output_that_cannot_be_written_keeps_no_other_from_being_written(tmp_path):
    for name in ("a", "b", "c"):
        write(tmp_path / name, "one")
    (tmp_path / "b" / "rendered").write_text("")
    done = run("build", "--each", ".", folder=tmp_path)
    assert done.returncode == 3
    assert [line for line in done.stderr.decode().splitlines() if line.startswith("jobsetgen: ")] == [
        "jobsetgen: wrote 5 files in a/rendered/",
        "jobsetgen: cannot write b/rendered: Not a directory; b/rendered is unchanged",
        "jobsetgen: wrote 5 files in c/rendered/",
        "jobsetgen: could not write the output of 1 project of 3",
    ]


def test_an_output_that_is_a_link_to_its_project_is_refused(tmp_path):
    write(tmp_path / "a", "one")
    (tmp_path / "a" / "rendered").symlink_to(".")
    done = run("build", "--each", ".", folder=tmp_path)
    assert done.returncode == 2
    assert b"a/rendered is a link to the project folder itself" in done.stderr
    assert not (tmp_path / "a" / "kustomization.yaml").exists()


def test_validate_each_reaches_the_projects_below_a_folder(tmp_path):
    wrong = SET.replace("replicatedJobs:", "replicatedJob:")
    for name, text in (("a", SET), ("b", wrong), ("loose", wrong)):
        folder = tmp_path / "teams" / name
        folder.mkdir(parents=True)
        (folder / "jobset.yaml").write_text(text)
    for name in ("a", "b"):
        (tmp_path / "teams" / name / "jobsetgen.yaml").write_text(PROJECT)
    done = run("validate", "--each", "teams", folder=tmp_path)
    assert done.returncode == 1
    assert b"teams/b/jobset.yaml" in done.stderr
    assert b"teams/a/jobset.yaml" not in done.stderr
    assert b"jobsetgen: folders below are not read: teams/loose\n" in done.stderr
