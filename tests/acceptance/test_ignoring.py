"""Warnings and notices that are not reported: --ignore, lint.ignore and --quiet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from jobsetgen.rules import ignored

JOBSET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: a, namespace: research}
spec:
  replicatedJobs:
  - name: w
    template: {spec: {backoffLimit: 0, template: {spec: {containers: [{name: m, image: a}]}}}}
"""
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\noutput: out\nlint:\n  ignore: [CODES]\n"


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def run(cli, monkeypatch):
    """Run the program in this process, with some more environment variables."""

    def run_here(*arguments: str, folder: Path, stdin: bytes | None = None, **variables: str) -> Done:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        done = cli(*arguments, folder=folder, stdin=stdin)
        return Done(done.status, done.out.encode(), done.err.encode())

    return run_here


@pytest.fixture
def folder(tmp_path):
    """A folder with a JobSet of which a warning is reported, JSG504."""
    (tmp_path / "set.yaml").write_text(JOBSET)
    return tmp_path


def project(folder, codes: str):
    """Make the folder a project that ignores codes."""
    (folder / "jobsetgen.yaml").write_text(PROJECT.replace("CODES", codes))


@pytest.mark.parametrize("command", ["build", "validate", "explain", "graph"])
@pytest.mark.parametrize(
    "flags", [["--ignore", "JSG504"], ["--ignore", "JSG501,jsg504"], ["--ignore", "JSG501", "--ignore", " JSG504"]]
)
def test_a_flag_ignores_codes(command, flags, folder, run):
    assert b"JSG504" in run(command, "set.yaml", folder=folder).stderr
    done = run(command, "set.yaml", *flags, folder=folder)
    assert done.returncode == 0
    assert b"JSG504" not in done.stderr


def test_check_takes_the_flag_and_names_it_in_its_command(folder, run):
    assert run("build", "-o", "out", "set.yaml", folder=folder).returncode == 0
    (folder / "out" / "kustomization.yaml").unlink()
    done = run("check", "-o", "out", "--ignore", "JSG504", "set.yaml", folder=folder)
    assert b"warning" not in done.stderr
    assert b"jobsetgen build -o out --ignore JSG504 set.yaml\n" in done.stderr


def test_diff_takes_the_flag(folder, run):
    (folder / "new.yaml").write_text(JOBSET.replace("image: a", "image: b"))
    (folder / "set.yaml").write_text(JOBSET.replace("image: a", '"image": "a:1"'))
    assert b"JSG504" in run("diff", "set.yaml", "new.yaml", folder=folder).stdout
    done = run("diff", "--ignore", "JSG504", "set.yaml", "new.yaml", folder=folder)
    assert done.returncode == 0
    assert b"JSG504" not in done.stdout


def test_a_project_ignores_codes_and_a_flag_adds_to_them(folder, run):
    project(folder, "JSG501")
    assert b"JSG504" in run("validate", ".", folder=folder).stderr
    assert b"JSG504" not in run("validate", ".", "--ignore", "JSG504", folder=folder).stderr
    project(folder, "JSG504")
    assert b"JSG504" not in run("validate", ".", "--ignore", "JSG501", folder=folder).stderr


def test_what_is_ignored_is_no_error_when_warnings_are(folder, run):
    assert run("validate", "set.yaml", "--strict", folder=folder).returncode == 1
    assert run("validate", "set.yaml", "--strict", "--ignore", "JSG504", folder=folder).returncode == 0


def test_the_output_is_the_same(folder, run):
    plain = run("build", "set.yaml", folder=folder).stdout
    assert plain
    assert run("build", "set.yaml", "--ignore", "JSG504", folder=folder).stdout == plain


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("JSG540", "--ignore: unknown code JSG540; did you mean JSG504?"),
        ("jsg54", "--ignore: unknown code jsg54; did you mean JSG504?"),
        ("unpinned", "--ignore: unknown code unpinned\n"),
        ("JSG101", "--ignore: JSG101 is the code of an error, and errors cannot be ignored"),
        ("JSG504,JSG540", "--ignore: unknown code JSG540; did you mean JSG504?"),
    ],
)
@pytest.mark.parametrize("command", [["build", "set.yaml"], ["diff", "set.yaml", "set.yaml"]], ids=["build", "diff"])
def test_a_flag_with_another_code_is_wrong_usage(command, code, message, folder, run):
    done = run(*command, "--ignore", code, folder=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()


def test_a_project_with_another_code_is_an_error_at_its_place(folder, run):
    project(folder, "JSG504, JSG540, JSG101")
    done = run("validate", ".", folder=folder)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "jobsetgen.yaml:5:20: error[JSG711]: unknown code JSG540\n"
        "  hint: Did you mean JSG504?\n"
        "jobsetgen.yaml:5:28: error[JSG711]: JSG101 is the code of an error, and errors cannot be ignored\n"
    )


def test_a_code_that_was_merged_into_another_ignores_that(folder, monkeypatch, cli, run):
    assert ignored.refusal("JSG599")[0] == "unknown code JSG599"
    monkeypatch.setitem(ignored.MERGED, "JSG599", "JSG504")
    assert ignored.refusal("JSG599") == ("", "")
    assert "JSG504" not in cli("validate", "set.yaml", "--ignore", "JSG599", folder=folder).err


def test_sarif_marks_what_is_ignored_as_suppressed_and_other_formats_leave_it_out(folder, run):
    outputs = {
        form: run("validate", "set.yaml", "--ignore", "JSG504", "--format", form, folder=folder).stdout.decode()
        for form in ("json", "github", "sarif")
    }
    assert "JSG504" not in outputs["json"] + outputs["github"]
    results = json.loads(outputs["sarif"])["runs"][0]["results"]
    (suppressed,) = [each for each in results if each["ruleId"] == "JSG504"]
    assert suppressed["level"] == "warning"
    assert suppressed["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Ignored by lint.ignore of the project or by --ignore.",
        }
    ]
    assert [each for each in results if "suppressions" in each] == [suppressed]


def test_a_generator_of_kustomize_ignores_codes(tmp_path, run):
    config = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator", "lint": {"ignore": ["JSG504"]}}
    jobset = {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": "a"},
        "spec": {"replicatedJobs": [{"name": "w", "template": {"spec": {"template": {"spec": {"containers": [{"name": "m", "image": "a"}]}}}}}]},
    }  # fmt: skip
    resources = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [jobset]}
    assert b"JSG504" in run("krm", folder=tmp_path, stdin=json.dumps(resources).encode()).stderr
    done = run("krm", folder=tmp_path, stdin=json.dumps({**resources, "functionConfig": config}).encode())
    assert done.returncode == 0
    assert b"JSG504" not in done.stderr


def test_the_argocd_plugin_ignores_what_the_folder_does(folder, run):
    assert b"JSG504" in run("argocd", "generate", folder=folder).stderr
    project(folder, "JSG504")
    done = run("argocd", "generate", folder=folder)
    assert done.returncode == 0
    assert b"JSG504" not in done.stderr


# --quiet


@pytest.mark.parametrize("command", ["build", "validate", "explain", "graph"])
@pytest.mark.parametrize("flag", ["-q", "--quiet"])
def test_quiet_hides_warnings_and_notices(command, flag, folder, run):
    loud = run(command, "set.yaml", folder=folder)
    quiet = run(command, "set.yaml", flag, folder=folder)
    assert loud.stderr
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, loud.stdout, b"")


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_quiet_hides_them_in_every_format(form, folder, run):
    done = run("validate", "set.yaml", "--quiet", "--format", form, folder=folder)
    assert done.returncode == 0
    assert b"JSG504" not in done.stdout


def test_quiet_shows_errors_and_keeps_the_exit_status(folder, run):
    (folder / "set.yaml").write_text(JOBSET.replace("name: w", "name: W_"))
    done = run("validate", "set.yaml", "--quiet", folder=folder)
    assert done.returncode == 1
    assert b"error[" in done.stderr
    assert b"warning[" not in done.stderr


def test_quiet_shows_warnings_that_are_errors(folder, run):
    done = run("validate", "set.yaml", "--quiet", "--strict", folder=folder)
    assert done.returncode == 1
    assert b"error[JSG504]" in done.stderr


def test_quiet_has_a_summary_only_of_errors(folder, run):
    assert run("validate", "set.yaml", "--quiet", "--color", "always", folder=folder).stderr == b""
    done = run("validate", "set.yaml", "--quiet", "--strict", "--color", "always", folder=folder, NO_COLOR="1")
    assert b"\nwarning" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith(b" in 1 file; 1 JobSet")
