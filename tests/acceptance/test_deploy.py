"""What stands in deploy/ and in the hook file, run as the tools run it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from jobsetgen.source.loader import load
from tests.acceptance.processes import PROGRAM
from tests.cases import FIXTURES, ROOT

MULTISLICE = FIXTURES / "valid" / "multislice" / "jobset.yaml"


def yaml(path: str):
    loaded = load(path, (ROOT / path).read_bytes())
    assert loaded.diagnostics == []
    return loaded.documents[0].data


def run(command: list[str], folder: Path, **variables: str):
    """Run a command with jobsetgen on its PATH, as a tool's environment has it."""
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}", **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def app(tmp_path):
    """An application's folder, with one JobSet in it."""
    folder = tmp_path / "app"
    folder.mkdir()
    shutil.copy(MULTISLICE, folder)
    return folder


class TestArgoCD:
    PLUGIN = yaml("deploy/argocd/plugin.yaml")["spec"]

    def discover(self, folder):
        done = run(self.PLUGIN["discover"]["find"]["command"], folder)
        # Argo CD takes any other status for an error, whatever is printed.
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def generate(self, folder, **variables):
        return run(self.PLUGIN["generate"]["command"], folder, **variables)

    def test_a_folder_with_a_jobset_is_discovered(self, app):
        assert self.discover(app) == "./jobset.yaml\n"

    def test_so_is_one_with_a_list_of_them(self, tmp_path):
        (tmp_path / "all.yml").write_text(
            "kind: List\nitems:\n- apiVersion: jobset.x-k8s.io/v1alpha2\n  kind: JobSet\n"
        )
        assert self.discover(tmp_path) == "./all.yml\n"

    def test_so_is_a_project(self, tmp_path):
        (tmp_path / "jobsetgen.yaml").write_text("kind: JobSetGenerator\n")
        assert self.discover(tmp_path) == "jobsetgen.yaml\n"

    @pytest.mark.parametrize("name", ["Deployment", "JobSetter", "XJobSet"])
    def test_another_folder_is_not(self, tmp_path, name):
        (tmp_path / "a.yaml").write_text(f"apiVersion: v1\nkind: {name}\n")
        assert self.discover(tmp_path) == ""

    def test_generate_prints_manifests_only(self, app):
        done = self.generate(app, ARGOCD_APP_NAMESPACE="training")
        assert done.returncode == 0
        objects = [document.data for document in load("output", done.stdout.encode()).documents]
        watcher = ["ServiceAccount", "Role", "RoleBinding", "ConfigMap", "ConfigMap", "ConfigMap"]
        assert [item["kind"] for item in objects] == [*watcher, "Service", *["Job"] * 5]
        assert {item["metadata"]["namespace"] for item in objects} == {"training"}
        assert "kustomize.toolkit.fluxcd.io" not in done.stdout
        assert done.stderr == ""

    def test_an_application_without_a_namespace_fails_with_a_reason(self, app):
        done = self.generate(app, ARGOCD_APP_NAMESPACE="")
        assert (done.returncode, done.stdout) == (1, "")
        assert "error[JSG411]" in done.stderr

    def test_an_empty_folder_fails_instead_of_pruning_everything(self, tmp_path):
        done = self.generate(tmp_path, ARGOCD_APP_NAMESPACE="training")
        assert (done.returncode, done.stdout) == (1, "")


HOOKS = {hook["id"]: hook for hook in yaml(".pre-commit-hooks.yaml")}


class TestPreCommit:
    def hook(self, name, *arguments, folder):
        return run([*shlex.split(HOOKS[name]["entry"]), *arguments], folder)

    def test_it_looks_at_files_that_are_named_after_jobsets(self):
        pattern = re.compile(HOOKS["jobsetgen-validate"]["files"])
        assert [
            name for name in ("jobset.yaml", "a/train-jobset-1.yml", "b/jobsets.yaml") if pattern.search(name)
        ] != []
        assert not any(map(pattern.search, ["a/jobsetgen.yaml", "deployment.yaml", ".github/workflows/ci.yaml"]))

    def test_validate_takes_each_file_for_itself(self, app):
        (app / "other").mkdir()
        shutil.copy(MULTISLICE, app / "other")
        assert self.hook("jobsetgen-validate", "jobset.yaml", "other/jobset.yaml", folder=app).returncode == 0

    def test_validate_fails_on_an_error_in_any(self, app):
        shutil.copy(FIXTURES / "invalid" / "unknown-field" / "jobset.yaml", app / "broken-jobset.yaml")
        done = self.hook("jobsetgen-validate", "broken-jobset.yaml", "jobset.yaml", folder=app)
        assert done.returncode == 1
        assert "broken-jobset.yaml:8:5: error[JSG101]" in done.stderr

    def test_check_fails_when_the_output_is_stale(self, app):
        arguments = ("-o", "rendered", "jobset.yaml")
        assert run(["jobsetgen", "build", *arguments], app).returncode == 0
        assert self.hook("jobsetgen-check", *arguments, folder=app).returncode == 0
        (app / "jobset.yaml").write_text(MULTISLICE.read_text().replace("replicas: 4", "replicas: 5"))
        done = self.hook("jobsetgen-check", *arguments, folder=app)
        assert done.returncode == 1
        assert "+++ b/rendered/multislice/job.multislice-workers-4.yaml\n" in done.stdout


def commands(text: str) -> list[str]:
    """Return the command lines of ours in a CI file or a page, in order."""
    return [line.strip(" -") for line in re.findall(r"jobsetgen (?:build|check|validate) [^\n`]*", text)]


@pytest.mark.parametrize("file", ["deploy/ci/github-actions.yaml", "deploy/ci/gitlab.yaml"])
def test_ci_passes_when_rendered_and_shows_the_diff_when_not(file, tmp_path):
    text = (ROOT / file).read_text()
    steps = [shlex.split(command) for command in commands(text)]
    assert [step[1] for step in steps] == ["validate", "check"]
    (tmp_path / "jobset").mkdir()
    shutil.copy(MULTISLICE, tmp_path / "jobset")
    assert run(["jobsetgen", "build", *steps[1][2:]], tmp_path).returncode == 0
    assert [run(step, tmp_path).returncode for step in steps] == [0, 0]
    (tmp_path / "jobset" / "jobset.yaml").write_text(MULTISLICE.read_text().replace("python:3.8", "python:3.9"))
    done = run(steps[1], tmp_path)
    assert done.returncode == 1
    assert "-        image: python:3.8\n+        image: python:3.9\n" in done.stdout


def test_what_flux_applies_is_rendered_and_listed(tmp_path):
    build, check = (shlex.split(command) for command in commands((ROOT / "deploy/flux/README.md").read_text()))
    (tmp_path / "jobset").mkdir()
    shutil.copy(MULTISLICE, tmp_path / "jobset")
    assert run(build, tmp_path).returncode == 0
    assert run(check, tmp_path).returncode == 0
    listed = load("k", (tmp_path / "rendered" / "kustomization.yaml").read_bytes()).documents[0].data["resources"]
    assert len(listed) == 12
    job = (tmp_path / "rendered" / listed[7]).read_text()
    assert "kustomize.toolkit.fluxcd.io/force: enabled" in job
    assert "argocd" not in job
