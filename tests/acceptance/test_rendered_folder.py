"""README.md and .gitattributes of an output folder, as people and git meet them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from jobsetgen.output.layout import HEADER, README_HEADER
from jobsetgen.source.loader import load
from tests.acceptance.processes import run as process
from tests.cases import FIXTURES

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\noutput: rendered\n"
BOTH = ("README.md", ".gitattributes")
FLAGS = ("--no-readme", "--no-gitattributes")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def git(folder, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def project(tmp_path):
    """A project that is rendered into a folder of its own."""
    folder = tmp_path / "train"
    folder.mkdir()
    shutil.copy(MULTISLICE, folder)
    (folder / "jobsetgen.yaml").write_text(PROJECT)
    return folder


def test_build_writes_them_and_check_finds_nothing(cli, app):
    run = cli("build", "-n", "a", "-o", "out", "jobset.yaml", folder=app)
    assert (run.status, run.out) == (0, "")
    assert run.err.endswith("jobsetgen: wrote 15 files in out/\n")
    assert run.err.count("jobsetgen: ") == 1
    assert (app / "out" / "README.md").read_text().startswith(f"{README_HEADER}<!-- markdownlint")
    assert (app / "out" / ".gitattributes").read_text().startswith(f"{HEADER}/.gitattributes ")
    assert not any(name in (app / "out" / "kustomization.yaml").read_text() for name in BOTH)
    assert cli("check", "-n", "a", "-o", "out", "jobset.yaml", folder=app).status == 0


def test_each_writes_them_and_finds_nothing(cli, project):
    assert cli("build", "--each", folder=project).status == 0
    assert {*BOTH} < contents(project / "rendered").keys()
    assert cli("check", "--each", folder=project).status == 0


@pytest.mark.parametrize("name", BOTH)
def test_check_finds_one_that_is_stale_or_missing(cli, app, name):
    words = ("-n", "a", "-o", "out", "jobset.yaml")
    assert cli("build", *words, folder=app).status == 0
    path = app / "out" / name
    text = path.read_text()
    path.write_text(text.replace("multislice", "other"))
    run = cli("check", *words, folder=app)
    assert run.status == 1
    assert run.out.startswith(f"--- a/out/{name}\n+++ b/out/{name}\n")
    path.unlink()
    run = cli("check", *words, folder=app)
    assert run.status == 1
    assert run.out.startswith(f"--- /dev/null\n+++ b/out/{name}\n")
    assert cli("build", *words, folder=app).status == 0
    assert path.read_text() == text


def test_the_diff_of_a_readme_is_shown_whatever_it_mentions(cli, app):
    text = MULTISLICE.read_text().replace(
        "maxRestarts: 3",
        "maxRestarts: 3\n    rules: [{action: FailJobSet, onJobFailureMessagePatterns: ['Secret .*']}]",
    )
    (app / "jobset.yaml").write_text(text)
    words = ("-n", "a", "-o", "out", "jobset.yaml")
    assert cli("build", *words, folder=app).status == 0
    (app / "jobset.yaml").write_text(text.replace("Secret .*", "Secret x"))
    out = cli("check", *words, folder=app).out
    assert "-  - `failurePolicyRule0`: on a failure whose message matches `Secret .*`, the set fails\n" in out
    assert "+  - `failurePolicyRule0`: on a failure whose message matches `Secret x`, the set fails\n" in out


@pytest.mark.parametrize(("name", "flag"), [*zip(BOTH, FLAGS, strict=True)])
class TestLeftOut:
    def test_a_flag_leaves_one_out(self, cli, app, name, flag):
        words = (flag, "-n", "a", "-o", "out", "jobset.yaml")
        assert cli("build", *words, folder=app).status == 0
        assert {*BOTH} & contents(app / "out").keys() == {*BOTH} - {name}
        assert cli("check", *words, folder=app).status == 0

    def test_so_does_the_project(self, cli, project, name, flag):
        option = flag.removeprefix("--no-")
        (project / "jobsetgen.yaml").write_text(f"{PROJECT}{option}: false\n")
        assert cli("build", "--each", folder=project).status == 0
        assert {*BOTH} & contents(project / "rendered").keys() == {*BOTH} - {name}
        assert cli("check", "--each", folder=project).status == 0

    def test_one_of_an_earlier_build_is_stale_and_removed(self, cli, app, name, flag):
        words = ("-n", "a", "-o", "out", "jobset.yaml")
        assert cli("build", *words, folder=app).status == 0
        run = cli("check", flag, *words, folder=app)
        assert run.status == 1
        assert f"--- a/out/{name}\n+++ /dev/null\n" in run.out
        assert cli("build", flag, *words, folder=app).status == 0
        assert not (app / "out" / name).exists()

    def test_the_flag_needs_a_folder(self, cli, app, name, flag):
        for words in (("build",), ("check", "--against", "out.yaml")):
            run = cli(*words, flag, "jobset.yaml", folder=app)
            assert (run.status, run.out) == (2, "")
            assert f"{flag} requires -o or --each" in run.err

    def test_one_of_somebody_else_stays_and_check_ignores_it(self, cli, app, name, flag):
        (app / "out").mkdir()
        (app / "out" / name).write_text("# Somebody else's\n")
        words = ("-n", "a", "-o", "out", "jobset.yaml")
        run = cli("build", *words, folder=app)
        assert run.status == 0
        said = f"out/{name} was not written by jobsetgen and is left unchanged; to silence this, pass {flag}"
        assert run.err.endswith(f"jobsetgen: {said}\njobsetgen: wrote 14 files in out/\n")
        assert (app / "out" / name).read_text() == "# Somebody else's\n"
        run = cli("check", *words, folder=app)
        assert (run.status, run.out) == (0, "")
        assert "is left unchanged" not in run.err
        assert "is left unchanged" not in cli("build", flag, *words, folder=app).err

    def test_it_keeps_a_commit_back_until_it_is_added(self, cli, project, name, flag):
        git(project, "init", "--quiet")
        words = ("build", "--each", "--fail-on-change")
        run = cli(*words, folder=project)
        assert run.status == 1
        assert f"jobsetgen: changed: rendered/{name}\n" in run.err
        git(project, "add", "--all")
        assert cli(*words, folder=project).status == 0
        git(project, "rm", "--quiet", "--cached", f"rendered/{name}")
        run = cli(*words, folder=project)
        assert run.status == 1
        assert run.err.endswith(f"jobsetgen: not added to git: rendered/{name}\n")


def test_a_readme_of_somebody_else_keeps_no_commit_back(cli, project):
    git(project, "init", "--quiet")
    (project / "rendered").mkdir()
    (project / "rendered" / "README.md").write_text("# Somebody else's\n")
    assert cli("build", "--each", folder=project).status == 0
    git(project, "add", "--all")
    (project / "rendered" / "README.md").write_text("# Changed\n")
    assert cli("build", "--each", "--fail-on-change", folder=project).status == 0


class TestPlace:
    def test_the_top_of_a_repository_has_no_attributes_of_ours(self, cli, app):
        git(app, "init", "--quiet", "top")
        words = ("-n", "a", "-o", "top", "jobset.yaml")
        run = cli("build", *words, folder=app)
        assert run.status == 0
        assert run.err.endswith(
            "jobsetgen: top/.gitattributes is not written, because top is the root of a git repository;"
            " to silence this, pass --no-gitattributes\njobsetgen: wrote 14 files in top/\n"
        )
        assert not (app / "top" / ".gitattributes").exists()
        assert (app / "top" / "README.md").exists()
        assert cli("check", *words, folder=app).status == 0

    @pytest.mark.parametrize("output", [".", ".."])
    def test_nor_has_a_folder_that_holds_an_input(self, cli, app, output):
        words = ("-n", "a", "-o", output, "jobset.yaml")
        run = cli("build", *words, folder=app)
        assert run.status == 0
        said = f"{output}/.gitattributes is not written, because {output} contains the input jobset.yaml;"
        assert f"jobsetgen: {said} to silence this, pass --no-gitattributes\n" in run.err
        assert not (app / output / ".gitattributes").exists()
        assert cli("check", *words, folder=app).status == 0

    def test_standard_input_lies_in_no_folder(self, cli, app):
        run = cli("build", "-n", "a", "-o", ".", "-", folder=app, stdin=MULTISLICE.read_bytes())
        assert run.status == 0
        assert (app / ".gitattributes").exists()

    def test_attributes_of_ours_go_where_the_folder_becomes_the_top_of_a_repository(self, cli, app):
        words = ("-n", "a", "-o", "out", "jobset.yaml")
        assert cli("build", *words, folder=app).status == 0
        git(app, "init", "--quiet", "out")
        assert "--- a/out/.gitattributes\n+++ /dev/null\n" in cli("check", *words, folder=app).out
        assert cli("build", *words, folder=app).status == 0
        assert not (app / "out" / ".gitattributes").exists()


def test_git_takes_the_attributes_as_they_are_meant(cli, project):
    git(project, "init", "--quiet")
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
    (project / "config.yaml").write_text(config)
    (project / "jobsetgen.yaml").write_text(f"{PROJECT}jobs: watcher\n")
    assert cli("build", "--each", folder=project).status == 0
    names = {
        "rendered/kustomization.yaml": "true set auto",
        "rendered/multislice/service.multislice.yaml": "true set auto",
        "rendered/multislice/preview/job.multislice-workers-0.yaml.preview": "true set YAML",
        "rendered/configmap.settings.yaml": "unspecified unspecified auto",
        "rendered/README.md": "unspecified unspecified auto",
        "rendered/.gitattributes": "unspecified unspecified auto",
        "jobset.yaml": "unspecified unspecified auto",
    }
    asked = ("linguist-generated", "gitlab-generated", "linguist-language", "diff", "eol")
    told = [line.split(": ") for line in git(project, "check-attr", *asked, "--", *names).splitlines()]
    found = {(name, attribute): value for name, attribute, value in told}
    for name, expected in names.items():
        generated, gitlab, language = expected.split()
        assert found[name, "linguist-generated"] == generated, name
        assert found[name, "gitlab-generated"] == gitlab, name
        assert found[name, "linguist-language"] == language.replace("auto", "unspecified"), name
        assert found[name, "diff"] == "unspecified"
    assert found["rendered/README.md", "eol"] == found["rendered/kustomization.yaml", "eol"] == "lf"


def test_what_windows_checks_out_is_what_was_committed(cli, project):
    git(project, "init", "--quiet")
    assert cli("build", "--each", folder=project).status == 0
    git(project, "add", "--all")
    git(project, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=a")
    written = contents(project / "rendered")
    shutil.rmtree(project / "rendered")
    git(project, "-c", "core.autocrlf=true", "checkout", "--", "rendered")
    assert contents(project / "rendered") == written
    # What nobody has told git about is converted.
    (project / "jobset.yaml").unlink()
    git(project, "-c", "core.autocrlf=true", "checkout", "--", "jobset.yaml")
    assert b"\r\n" in (project / "jobset.yaml").read_bytes()


def test_kustomize_builds_the_same_with_and_without_them(cli, app):
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not on this machine")
    words = ("-n", "a", "--jobs", "watcher", "jobset.yaml")
    assert cli("build", "-o", "with", *words, folder=app).status == 0
    assert cli("build", "-o", "without", *FLAGS, *words, folder=app).status == 0
    assert contents(app / "with").keys() - contents(app / "without").keys() == {*BOTH}
    built = [
        subprocess.run([kubectl, "kustomize", name], cwd=app, capture_output=True, check=True).stdout
        for name in ("with", "without")
    ]
    assert built[0] == built[1]
    assert len(load("built", built[0]).documents) == 8


def test_names_of_folders_are_escaped_in_notices(tmp_path):
    folder = tmp_path / "a\x1b[2J\n::error::b"
    folder.mkdir()
    (folder / "README.md").write_text("# Somebody else's\n")
    done = process("build", "-n", "a", "-o", str(folder), str(MULTISLICE), folder=tmp_path)
    assert done.returncode == 0
    assert b"\\x1b[2J\\n::error::b/README.md was not written" in done.stderr
