"""What the other commands print, and the tree that `build -o` writes."""

from __future__ import annotations

import shutil

import pytest

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.output.layout import header
from tests.cases import FIXTURES, without_script
from tests.golden.differences import schema_difference

COMMANDS = (
    *("build", "validate", "check", "diff", "explain", "graph"),
    *("init", "domains", "rule", "schema", "argocd", "krm", "completion"),
)
MULTISLICE = FIXTURES / "valid" / "multislice"


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command, cli, golden):
    golden(f"help/{command}.txt", cli(command, "--help").out)


def test_help_with_every_option(cli, golden):
    golden("help/build-all.txt", cli("build", "--help-all").out)


def test_help_of_all(cli, golden):
    golden("help/jobsetgen.txt", cli("--help").out)


OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]


def test_schema_of_a_jobset(cli, golden):
    golden(f"schema/jobset-{NEWEST}.json", cli("schema", "JobSet", "--kubernetes-version", NEWEST).out)


def test_schema_of_a_jobset_for_the_oldest_version(cli, golden):
    newest, oldest = (cli("schema", "JobSet", "--kubernetes-version", version).out for version in (NEWEST, OLDEST))
    golden(f"schema/jobset-{OLDEST}.diff", schema_difference(newest, oldest))


def test_schema_of_a_project(cli, golden):
    golden("schema/jobsetgenerator.json", cli("schema", "JobSetGenerator").out)


@pytest.mark.parametrize("code", ["JSG226", "JSG520", "JSG508"])
def test_page_of_a_code(code, cli, golden):
    golden(f"rule/{code}.txt", cli("rule", code).out)


def test_page_of_a_code_for_programs(cli, golden):
    golden("rule/JSG520.json", cli("rule", "JSG520", "--format", "json").out)


def test_list_of_all_codes(cli, golden):
    golden("rule/all.txt", cli("rule").out)


@pytest.mark.parametrize("framework", ["jax", "driver-worker"])
def test_init_prints_a_spec_that_builds(framework, cli, golden):
    spec = cli("init", framework).out
    golden(f"init/{framework}.yaml", spec)
    built = cli("build", "--namespace", "training", "-", stdin=spec)
    assert built.status == 0
    golden(f"init/{framework}.txt", built.err)


def test_init_jax_is_the_multislice_example(cli):
    spec = cli("init", "jax").out
    build = ("build", "--namespace", "training")
    assert cli(*build, "-", stdin=spec).out == cli(*build, "jobset.yaml", folder=MULTISLICE).out


def test_tree_of_an_output_folder(cli, golden, tmp_path):
    run = cli("build", "--namespace", "training", "-o", str(tmp_path / "out"), ".", folder=MULTISLICE)
    assert run.status == 0
    files = sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert all(path.read_text().startswith(header(path.name)) for path in files)
    golden("tree/names.txt", without_script("".join(f"{path.relative_to(tmp_path).as_posix()}\n" for path in files)))
    golden("tree/kustomization.yaml", without_script((tmp_path / "out" / "kustomization.yaml").read_text()))
    golden("tree/job.yaml", (tmp_path / "out" / "multislice" / "job.multislice-workers-2.yaml").read_text())


def test_diff_of_a_stale_folder(cli, golden, tmp_path):
    shutil.copy(MULTISLICE / "jobset.yaml", tmp_path)
    flags = ("--namespace", "training", "-o", "out", "jobset.yaml")
    assert cli("build", *flags, folder=tmp_path).status == 0
    assert cli("check", *flags, folder=tmp_path).out == ""
    source = tmp_path / "jobset.yaml"
    source.write_text(source.read_text().replace("replicas: 4", "replicas: 3").replace("python:3.8", "python:3.9"))
    run = cli("check", *flags, folder=tmp_path)
    assert run.status == 1
    golden("check/folder.diff", without_script(run.out))
    golden("check/folder.txt", run.err)


def test_diff_of_a_stale_file(cli, golden, tmp_path):
    flags = ("--namespace", "training", "jobset.yaml")
    committed = tmp_path / "out.yaml"
    # A set without a watcher: the script's length is in the line numbers of what comes after it.
    alone = FIXTURES / "valid" / "minimal"
    built = cli("build", *flags, folder=alone).out
    committed.write_text(built.replace("completionMode: Indexed", "completionMode: NonIndexed"))
    shutil.copy(alone / "jobset.yaml", tmp_path)
    run = cli("check", *flags, "--against", "out.yaml", folder=tmp_path)
    assert run.status == 1
    golden("check/file.diff", run.out)


NODES = """
{"kind": "List", "items": [
  {"kind": "Node", "metadata": {"name": "a", "labels": {"cloud.google.com/gke-nodepool": "pool-10"}}},
  {"kind": "Node", "metadata": {"name": "b", "labels": {"cloud.google.com/gke-nodepool": "pool-2"}}},
  {"kind": "Node", "metadata": {"name": "c", "labels": {"cloud.google.com/gke-nodepool": "pool-2"}}},
  {"kind": "Node", "metadata": {"name": "d", "labels": {}}}
]}
"""


def test_domains_of_a_node_list(cli, golden):
    run = cli("domains", "--nodes", "-", "--key", "cloud.google.com/gke-nodepool", stdin=NODES)
    assert run.status == 0
    golden("domains.yaml", run.out)
