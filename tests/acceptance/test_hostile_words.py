"""Names, patterns, file names and committed text of strangers reach no terminal and no CI as commands."""

from __future__ import annotations

import json
import os

import pytest

from tests.acceptance.processes import run

ESCAPES = "\x1b[2J\x1b]0;pwned\x07"
COMMAND = "::error file=x::injected"
JOBSET = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: a, namespace: research}
spec:
  failurePolicy: {maxRestarts: 1, rules: [{name: r, action: FailJobSet, onJobFailureMessagePatterns: [PATTERN]}]}
  replicatedJobs:
  - name: NAME
    template: {spec: {backoffLimit: 0, template: {spec: {containers: [{name: m, image: "a:1"}]}}}}
"""
FORMATS = [[], ["--format", "github"], ["--format", "json"], ["--format", "sarif"]]


def is_harmless(output: bytes) -> bool:
    """Whether an output has no line that is a command, and nothing that a terminal obeys."""
    text = output.decode()
    obeyed = [line for line in text.split("\n") if line.lstrip().startswith("::") or "##[" in line]
    return obeyed == [] and all(character in "\n\t" or character.isprintable() for character in text)


def only_ours(output: bytes) -> bool:
    """Whether each line of workflow commands is one that we wrote, and nothing is obeyed by a terminal."""
    lines = output.decode().splitlines()
    return all(line.startswith(("::warning file=", "::error file=", "::notice file=")) for line in lines) and all(
        character.isprintable() for line in lines for character in line
    )


def test_explain_escapes_patterns(tmp_path):
    pattern = json.dumps(f"b\n{COMMAND}\n\n# H{ESCAPES}")
    (tmp_path / "set.yaml").write_text(JOBSET.replace("PATTERN", pattern).replace("NAME", "w"))
    done = run("explain", "set.yaml", folder=tmp_path)
    assert done.returncode == 0
    assert is_harmless(done.stdout)
    assert b"whose message matches b\\n::error file=x::injected\\n\\n# H\\x1b[2J" in done.stdout


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: " ".join(form) or "text")
def test_diagnostics_escape_values_and_file_names(tmp_path, form):
    replicated_job = json.dumps(f"x\n{COMMAND}{ESCAPES}")
    name = f"{ESCAPES}\n{COMMAND}.yaml".replace("/", "")
    (tmp_path / name).write_text(JOBSET.replace("PATTERN", "b").replace("NAME", replicated_job))
    done = run("validate", ".", *form, folder=tmp_path)
    assert done.returncode == 1
    check = only_ours if "github" in form else is_harmless
    assert check(done.stdout)
    assert is_harmless(done.stderr)
    assert done.stdout + done.stderr


@pytest.mark.parametrize("command", ["build", "validate", "explain", "graph", "check"])
def test_wrong_usage_escapes_arguments(tmp_path, command):
    done = run(command, f"no{ESCAPES}\n{COMMAND}\n  {COMMAND}.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert is_harmless(done.stderr)


def test_unknown_options_are_escaped(tmp_path):
    done = run("build", f"--no{ESCAPES}\n{COMMAND}", folder=tmp_path)
    assert done.returncode == 2
    assert is_harmless(done.stderr)


def test_the_krm_function_escapes_names_and_paths(tmp_path):
    jobset = {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {
            "name": f"a{ESCAPES}\n{COMMAND}\nb",
            "annotations": {"config.kubernetes.io/path": f"x\n{COMMAND}{ESCAPES}.yaml"},
        },
        "spec": {"replicatedJobs": []},
    }
    resources = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [jobset]}
    done = run("krm", folder=tmp_path, stdin=json.dumps(resources).encode())
    assert done.returncode == 1
    assert b"JSG211" in done.stderr
    assert is_harmless(done.stderr)
    assert is_harmless(done.stdout)


def test_the_krm_function_escapes_messages_and_paths_of_fields_in_its_results(tmp_path):
    config = {"apiVersion": "v1", "kind": "ConfigMap", "data": {f"x\n{COMMAND}": "y"}}
    resources = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [], "functionConfig": config}
    done = run("krm", folder=tmp_path, stdin=json.dumps(resources).encode())
    assert done.returncode == 1
    results = done.stdout.partition(b"\nresults:\n")[2]
    assert results
    assert is_harmless(results)


def test_the_argocd_plugin_escapes_file_names(tmp_path):
    os.mkfifo(tmp_path / f"a{ESCAPES}\n{COMMAND}.yaml")
    done = run("argocd", "generate", folder=tmp_path)
    assert done.returncode != 0
    assert is_harmless(done.stderr)
    assert is_harmless(done.stdout)


def test_the_argocd_plugin_escapes_the_file_that_it_discovers(tmp_path):
    (tmp_path / f"a{ESCAPES}\n{COMMAND}.yaml".replace("/", "")).write_text(JOBSET)
    done = run("argocd", "discover", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout
    assert is_harmless(done.stdout)


def test_a_diff_escapes_committed_text(tmp_path):
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n    x\n    ::add-mask::hello\n"
    (tmp_path / "c.yaml").write_text(f'{config}  b: "1"\n')
    assert run("build", "-n", "a", "-o", "out", "c.yaml", folder=tmp_path).returncode == 0
    (committed,) = (tmp_path / "out").glob("*configmap*.yaml")
    committed.write_text(committed.read_text().replace('b: "1"', f'b: "{ESCAPES}##[error]"'))

    done = run("check", "-n", "a", "-o", "out", "c.yaml", folder=tmp_path)
    assert done.returncode == 1
    assert b"     \\x3a:add-mask::hello\n" in done.stdout
    assert is_harmless(done.stdout)
