"""The hooks in the real pre-commit, in a repository with three projects and files of other people."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.processes import IDENTITY, PROGRAM
from tests.acceptance.processes import run as jobsetgen
from tests.cases import FIXTURES, ROOT
from tests.kustomize_binary import kustomize_folder

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\noutput: rendered\n"
MULTISLICE = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
CONFIG = """
repos:
- repo: {url}
  rev: {commit}
  hooks: [{{id: jobsetgen-build}}, {{id: jobsetgen-check}}, {{id: jobsetgen-validate}}]
"""
REPLICAS = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: one}}
spec: {{replicatedJobs: [{{name: workers, replicas: {}}}]}}
"""
SCHEMA = "properties: {{tag: {{type: {}}}}}\n"
pytestmark = [
    pytest.mark.skipif(not PRE_COMMIT.exists(), reason="pre-commit is not installed (the extra `dev` has it)"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH"),
]


class Clone:
    """A git repository in which pre-commit is told of our hooks."""

    def __init__(self, folder: Path, configuration: str, **variables: str) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = {**inherited, **IDENTITY, **variables}
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        (folder / ".pre-commit-config.yaml").write_text(configuration)
        (folder / "values.yaml").write_text("somebody: else\n")

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def project(self, name: str, settings: str = "") -> Path:
        """Write a project with one set, and what it renders to."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "jobsetgen.yaml").write_text(PROJECT + settings)
        (folder / "jobset.yaml").write_text(MULTISLICE.replace("name: multislice", f"name: {name}"))
        assert jobsetgen("build", "--each", "jobset.yaml", folder=folder).returncode == 0
        return folder

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message=all")

    def hooks(self, *words: str, added: str = ".") -> subprocess.CompletedProcess[str]:
        """Add files, and run what a commit would run on what is staged."""
        self.git("add", added)
        command = [str(PRE_COMMIT), "run", "--color=never", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def environment(tmp_path_factory, kept):
    return {**kept.environment, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


@pytest.fixture
def clone(tmp_path, kept, environment):
    made = Clone(tmp_path / "clone", CONFIG.format(url=kept.url, commit=kept.commit), **environment)
    for name in ("one", "two", "three"):
        made.project(name)
    made.commit()
    return made


def outcomes(done) -> dict[str, str]:
    """Return what pre-commit says of each hook."""
    lines = [line for line in done.stdout.splitlines() if "...." in line]
    return {line.split(".")[0]: line.rpartition(".")[2] for line in lines}


def test_with_the_configuration_of_the_page_on_installing_a_clean_commit_passes(tmp_path, kept, environment):
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    (configuration,) = re.findall(r"^```yaml\n(repos:\n.*?)^```$", page, re.M | re.S)
    clone = Clone(tmp_path / "clone", configuration.replace("COMMIT", kept.commit), **environment)
    clone.project("one")
    clone.commit()
    done = clone.hooks("--all-files")
    assert (done.returncode, set(outcomes(done).values())) == (0, {"Passed"}), done.stdout + done.stderr
    assert len(outcomes(done)) == configuration.count("- id:") > 1


def test_a_clean_commit_passes(clone):
    (clone.folder / "one" / "note.md").write_text("nothing of ours\n")
    done = clone.hooks("--all-files")
    assert (done.returncode, set(outcomes(done).values())) == (0, {"Passed"}), done.stdout + done.stderr
    assert clone.git("status", "--porcelain") == "A  one/note.md\n"


def test_a_changed_set_is_rendered_and_the_commit_fails_until_that_is_staged(clone):
    path = clone.folder / "two" / "jobset.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicas: 5"))
    done = clone.hooks()
    assert done.returncode == 1
    assert outcomes(done)["render JobSets"] == "Failed"
    assert "jobsetgen: changed: two/rendered/two/job.two-workers-4.yaml" in done.stdout
    assert {line.split("/")[0] for line in done.stdout.splitlines() if "changed" in line} == {"jobsetgen: changed: two"}
    again = clone.hooks()
    assert again.returncode == 0, again.stdout


def test_rendered_files_that_nobody_adds_keep_the_commit_back(clone):
    path = clone.folder / "two" / "jobset.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicas: 5"))
    assert clone.hooks("jobsetgen-build", added="two/jobset.yaml").returncode == 1
    clone.git("add", "--update")  # what `git commit --all` takes
    done = clone.hooks("jobsetgen-build", added="two/jobset.yaml")
    assert done.returncode == 1
    assert "jobsetgen: not added to git: two/rendered/two/job.two-workers-4.yaml" in done.stdout
    assert clone.hooks().returncode == 0


def test_output_that_was_edited_by_hand_is_shown_and_mended(clone):
    path = clone.folder / "three" / "rendered" / "three" / "job.three-workers-0.yaml"
    path.write_text(path.read_text().replace("parallelism: 2", "parallelism: 3"))
    done = clone.hooks("jobsetgen-check")
    assert done.returncode == 1
    assert "-  parallelism: 3\n+  parallelism: 2\n" in done.stdout
    assert clone.hooks("jobsetgen-build").returncode == 1
    assert clone.hooks().returncode == 0


@pytest.mark.parametrize("name", ["README.md", ".gitattributes"])
def test_a_companion_that_was_edited_by_hand_is_shown_and_mended(clone, name):
    path = clone.folder / "three" / "rendered" / name
    rendered = path.read_text()
    path.write_text(f"{rendered}edited\n")
    done = clone.hooks("jobsetgen-check")
    assert done.returncode == 1
    assert "\n-edited\n" in done.stdout
    assert clone.hooks("jobsetgen-build").returncode == 1
    assert path.read_text() == rendered
    assert clone.hooks().returncode == 0


def test_a_preview_that_was_edited_by_hand_is_shown_and_mended(clone):
    folder = clone.project("four", "jobs: watcher\n")
    clone.commit()
    path = folder / "rendered" / "four" / "preview" / "job.four-workers-0.yaml.preview"
    rendered = path.read_text()
    path.write_text(rendered.replace("parallelism: 2", "parallelism: 3"))
    done = clone.hooks("jobsetgen-check")
    assert done.returncode == 1
    assert "-  parallelism: 3\n+  parallelism: 2\n" in done.stdout
    assert clone.hooks("jobsetgen-build").returncode == 1
    assert path.read_text() == rendered
    assert clone.hooks().returncode == 0


def test_a_changed_script_that_kustomize_reads_is_rendered_again(tmp_path, kept, environment):
    with_kustomize = {**environment, "PATH": f"{kustomize_folder()}:{os.environ['PATH']}"}
    clone = Clone(tmp_path / "clone", CONFIG.format(url=kept.url, commit=kept.commit), **with_kustomize)
    project = clone.folder / "team" / "one"
    folder = clone.folder / "shared"
    project.mkdir(parents=True)
    folder.mkdir()
    (project / "jobsetgen.yaml").write_text(PROJECT + "resources: [{path: ../../shared, kustomize: true}]\n")
    generator = (
        "configMapGenerator: [{name: code, files: [train.sh]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n"
    )
    (folder / "kustomization.yaml").write_text(generator)
    (folder / "train.sh").write_text("echo one\n")
    assert clone.hooks("jobsetgen-build").returncode == 1
    assert clone.hooks().returncode == 0
    clone.commit()
    (folder / "train.sh").write_text("echo two\n")
    done = clone.hooks("jobsetgen-check")
    assert done.returncode == 1, done.stdout
    assert "-    echo one\n" in done.stdout
    assert "+    echo two\n" in done.stdout
    assert clone.hooks("jobsetgen-build").returncode == 1
    assert clone.hooks().returncode == 0


@pytest.mark.parametrize(
    ("settings", "name", "before", "after", "line"),
    [
        (
            "patches: [{path: ../patch.txt}]\n",
            "patch.txt",
            REPLICAS.format(4),
            REPLICAS.format(5),
            "job.one-workers-4.yaml",
        ),
        (
            "valuesSchema: ../a.txt\nvalues: {tag: 1}\n",
            "a.txt",
            SCHEMA.format("integer"),
            SCHEMA.format("string"),
            "JSG718",
        ),
    ],
    ids=["patch", "schema"],
)
def test_a_changed_file_with_any_name_is_noticed_if_a_project_names_it(clone, settings, name, before, after, line):
    path = clone.folder / name
    path.write_text(before)
    (clone.folder / "one" / "jobsetgen.yaml").write_text(PROJECT + settings)
    assert clone.hooks().returncode == 0
    clone.commit()
    path.write_text(after)
    done = clone.hooks("jobsetgen-check")
    assert done.returncode == 1
    assert line in done.stdout


def test_a_file_inside_a_project_that_is_no_part_of_it_compiles_nothing(clone):
    path = clone.folder / "two" / "jobset.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicas: 5"))
    clone.commit()
    (clone.folder / "two" / "note.txt").write_text("nothing of ours\n")
    done = clone.hooks("jobsetgen-check")
    assert (done.returncode, outcomes(done)) == (0, {"check rendered JobSets": "Passed"})


def test_what_is_wrong_fails_with_its_place_and_touches_nothing(clone):
    path = clone.folder / "one" / "jobset.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicsa: 4"))
    done = clone.hooks()
    assert set(outcomes(done).values()) == {"Failed"}
    assert "one/jobset.yaml:" in done.stdout
    assert "error[JSG101]: unknown field 'replicsa'" in done.stdout
    assert clone.git("diff", "--name-only") == ""


HOSTILE = ("--watcher-image=attacker.example.com/x.yaml", "-nattacker/jobset.yaml", "--output=attacker/jobset.yaml")


def add_files_named_as_options(clone: Clone) -> None:
    for name in HOSTILE:
        path = clone.folder / name
        path.parent.mkdir()
        path.write_text(MULTISLICE.replace("image: python:3.8", "image: python"))
    clone.git("add", "--all")


def test_a_file_name_is_never_read_as_an_option(clone):
    add_files_named_as_options(clone)
    before = clone.git("status", "--porcelain")
    done = clone.hooks("--all-files")
    assert (done.returncode, set(outcomes(done).values())) == (0, {"Passed"}), done.stdout + done.stderr
    assert clone.git("status", "--porcelain") == before


def test_the_documented_configuration_never_reads_a_file_name_as_an_option(tmp_path, kept, environment):
    page = (ROOT / "docs" / "pre-commit.md").read_text()
    (configuration,) = re.findall(r"^```yaml\n(repos:\n.*?)^```$", page, re.M | re.S)
    clone = Clone(tmp_path / "clone", configuration.replace("COMMIT", kept.commit), **environment)
    clone.project("one")
    clone.commit()
    add_files_named_as_options(clone)
    done = clone.hooks("jobsetgen-build", "--all-files")
    assert (done.returncode, set(outcomes(done).values())) == (0, {"Passed"}), done.stdout + done.stderr
    strict = clone.hooks("jobsetgen-validate", "--all-files")
    assert outcomes(strict) == {"validate JobSets": "Failed"}
    # Each file was read, and --strict made its warning an error.
    for name in HOSTILE[1:]:
        assert re.search(rf"^{re.escape(name)}:\d+:\d+: error\[JSG504\]", strict.stdout, re.M)


def test_files_of_nobodys_project_cost_nothing(clone):
    (clone.folder / "values.yaml").write_text("another: one\n")
    done = clone.hooks()
    assert done.returncode == 0
    assert outcomes(done)["render JobSets"] == "Passed"


def test_a_run_on_many_unchanged_folders_changes_and_reports_nothing(tmp_path):
    made = Clone(tmp_path / "clone", "")
    paths = [str(made.project(f"set-{number}") / "jobset.yaml") for number in range(10)]
    made.commit()
    command = [PROGRAM, "build", "--each", "--fail-on-change", *paths]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
