"""Folders that another tool must render first, and input without a JobSet: what each command says."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from jobsetgen.output.layout import HEADER
from jobsetgen.project.foreign import _OUR_HEADER
from tests.acceptance.processes import run
from tests.cases import ROOT

CASES = ROOT / "tests/rules/cases"
JOBSET = (CASES / "source/template.without_templates/jobset.yaml").read_text()
PREFIX = "resources: [jobset.yaml]\nnamePrefix: dev-\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        path.mkdir(parents=True, exist_ok=True)
        (path / name.replace("_", ".")).write_text(text)
    return path


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
@pytest.mark.parametrize("command", ["build", "validate", "explain", "graph", "check -o out"])
def test_a_kustomization_that_would_be_ignored_is_refused(tmp_path, name, command):
    (folder(tmp_path / "a b", jobset_yaml=JOBSET) / name).write_text(PREFIX)
    done = run(*command.split(), "a b", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"a b/{name}:2:1: error[JSG114]: this kustomization lists the JobSet file jobset.yaml, but its namePrefix would"
        " be ignored\n  hint: Run: kustomize build 'a b' | jobsetgen build -\n"
    )


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_the_way_out_applies_the_kustomization(tmp_path):
    folder(tmp_path / "train", jobset_yaml=JOBSET, kustomization_yaml=PREFIX)
    done = subprocess.run(["kubectl", "kustomize", "train"], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    built = run("build", "--namespace", "training", "-", folder=tmp_path, stdin=done.stdout)
    assert built.returncode == 0
    assert b"name: dev-train-workers-0\n" in built.stdout


def test_a_file_named_by_hand_is_compiled_as_it_is(tmp_path):
    folder(tmp_path, jobset_yaml=JOBSET, kustomization_yaml=PREFIX)
    assert run("build", "--namespace", "training", "jobset.yaml", folder=tmp_path).returncode == 0


def test_a_kustomization_of_ours_is_not_refused(tmp_path):
    assert HEADER.encode().startswith(_OUR_HEADER)
    folder(tmp_path, jobset_yaml=JOBSET, kustomization_yaml=HEADER + PREFIX)
    assert run("build", "--namespace", "training", ".", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "function",
    [
        "|\n  apiVersion: jobsetgen.io/v1alpha1\n  kind: JobSetGenerator\n  metadata: {name: a}",
        "../elsewhere",
        "functions",
    ],
)
def test_a_kustomization_that_may_run_jobsetgen_is_not_refused(tmp_path, function):
    folder(
        tmp_path / "functions", kustomization_yaml="resources: [a.yaml]\n", a_yaml="kind: JobSetGenerator # jobsetgen\n"
    )
    text = f"resources: [jobset.yaml]\nnamePrefix: a-\ntransformers:\n- {function}\n"
    folder(tmp_path, jobset_yaml=JOBSET, kustomization_yaml=text)
    assert run("build", "--namespace", "training", ".", folder=tmp_path).returncode == 0


def test_a_folder_with_only_a_kustomization_gets_the_way_out(tmp_path):
    folder(tmp_path / "dev", kustomization_yaml="resources: [../base]\nnamePrefix: dev-\n")
    hint = b"Run: kustomize build dev | jobsetgen build -"
    for command in ("build", "validate", "explain"):
        done = run(command, "dev", folder=tmp_path)
        assert done.returncode == 1
        assert hint in done.stderr
        assert b"--allow-empty" not in done.stderr


def test_a_chart_is_one_error(tmp_path):
    shutil.copytree(CASES / "source/template.chart", tmp_path / "chart")
    done = run("build", "chart", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "chart/Chart.yaml:1:1: error[JSG115]: this is a template; render it first\n"
        "  hint: Run: helm template chart | jobsetgen build -\n"
    )


@pytest.mark.parametrize("command", ["validate", "explain"])
def test_the_jobsets_are_counted(tmp_path, command):
    folder(tmp_path, a_yaml=JOBSET, b_yaml=CONFIG_MAP)
    done = run(command, "--ignore", "JSG504,JSG501", ".", folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr.decode().splitlines()[-1].endswith(" in 2 files; 1 JobSet")
    assert b"JobSet" not in run(command, "--quiet", ".", folder=tmp_path).stderr


@pytest.mark.parametrize("command", ["validate", "explain", "validate --format json", "explain --format json"])
def test_no_jobset_in_what_was_typed_is_an_error(tmp_path, command):
    folder(tmp_path, a_yaml=CONFIG_MAP)
    done = run(*command.split(), ".", folder=tmp_path)
    assert done.returncode == 1
    words = "jobsetgen: the input contains no JobSets. Pass --allow-empty if that is intended.\n"
    assert done.stderr.decode().endswith(words)
    assert run(*command.split(), "--allow-empty", ".", folder=tmp_path).returncode == 0
    if "json" in command:
        assert json.loads(done.stdout)["version"] == 1


@pytest.mark.parametrize("variable", ["PRE_COMMIT", "GIT_INDEX_FILE", "ARGOCD_APP_NAMESPACE"])
def test_no_jobset_is_only_printed_where_nobody_types(tmp_path, variable):
    folder(tmp_path, a_yaml=CONFIG_MAP)
    printed = b"jobsetgen: no problems in 1 file; no JobSets\n"
    done = run("validate", ".", folder=tmp_path, **{variable: "1"})
    assert (done.returncode, done.stderr) == (0, printed)
    done = run("validate", "--each", "a.yaml", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, printed)


def test_folders_that_were_not_read_are_named(tmp_path):
    folder(tmp_path / "train", a_yaml=JOBSET)
    folder(tmp_path / "train/more/deep", a_yaml=JOBSET)
    folder(tmp_path / "train/.hidden", a_yaml=JOBSET)
    folder(tmp_path / "train/out", kustomization_yaml=HEADER, a_yaml=HEADER)
    done = run("validate", "train", folder=tmp_path)
    assert done.returncode == 0
    assert "jobsetgen: folders below are not read: train/more/deep\n" in done.stderr.decode()


def test_diff_names_the_form_of_a_revision(tmp_path):
    folder(tmp_path, a_yaml=JOBSET)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "init", "-q", "-b", "main"], cwd=tmp_path, check=True, timeout=60)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True, timeout=60)
    subprocess.run([*git, "commit", "-qm", "A"], cwd=tmp_path, check=True, timeout=60)
    done = run("diff", "main", "a.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert b"main does not exist; for the commit with this name, pass git:main\n" in done.stderr


def test_diff_names_the_folders_that_it_does_not_read(tmp_path):
    for name in ("old", "new"):
        folder(tmp_path / name / "out", a_yaml=CONFIG_MAP)
    done = run("diff", "old", "new", folder=tmp_path)
    assert done.returncode == 2
    assert b"(not read: old/out and new/out)\n" in done.stderr
