"""What `--help` promises: every option in its group, defaults, examples that work, and advice for a mistyped name."""

from __future__ import annotations

import shutil
from importlib import import_module

import click
import pytest

from jobsetgen.cli.main import _COMMANDS, _GROUPS
from jobsetgen.options.table import OPTIONS
from tests.acceptance.processes import IDENTITY, run_tool
from tests.cases import FIXTURES

MODULES = {name: import_module(f"jobsetgen.cli.{name}").command for name in _COMMANDS}
EXAMPLES = [(name, line) for name, command in MODULES.items() for line in command.examples.values()]
COMPILING = ("build", "validate", "check", "diff", "explain", "graph")
FLAGS = [row for row in OPTIONS if row.flag and row.flag.is_shared]
NODES = """\
{"kind": "List", "items": [{"kind": "Node", "metadata": {"name": "a", "labels": {
  "cloud.google.com/gke-nodepool": "pool-1", "topology/rack": "r1"}}}]}
"""
PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\noutput: rendered\n"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with all that the examples name: a file, a project, both rendered, nodes, a list of objects."""
    folder = tmp_path_factory.mktemp("repository")
    spec = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
    (folder / "jobset.yaml").write_text(spec)
    for name in ("train", "dev", "prod"):
        (folder / name).mkdir()
        (folder / name / "jobset.yaml").write_text(spec)
        (folder / name / "jobsetgen.yaml").write_text(PROJECT)
    (folder / "nodes.json").write_text(NODES)
    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
    function = "functionConfig: {apiVersion: v1, kind: ConfigMap, data: {namespace: training}}\n"
    items = "".join(f"  {line}" for line in spec.splitlines(keepends=True)).replace("  ", "- ", 1)
    (folder / "list.yaml").write_text(f"{head}{function}items:\n{items}")
    for line in (
        "jobsetgen build -o rendered jobset.yaml",
        "jobsetgen build --each .",
        "git init --quiet --initial-branch=main",
        "git add --all",
        "git commit --quiet -m all",
    ):
        done = run_tool(["bash", "-c", line], folder, **IDENTITY)
        assert done.returncode == 0, done.stderr
    return folder


def options_of(text: str) -> set[str]:
    """Return the long options that a help text lists."""
    found = (line.split() for line in text.splitlines() if line.startswith("  -"))
    return {word.strip(",") for words in found for word in words[:2] if word.startswith("--")}


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_has_two_examples_which_its_help_shows_whole(name, cli):
    shown = cli(name, "--help").out.partition("\nExamples:\n")[2]
    written = [f"  {purpose}:\n    {line}\n" for purpose, line in MODULES[name].examples.items()]
    assert len(written) == 2
    assert shown == "".join(written)
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_an_example_works(name, line, repository, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(repository, folder)
    done = run_tool(
        ["bash", "-c", line], folder / ("train" if name == "argocd" else "."), HOME=str(tmp_path), **IDENTITY
    )
    assert (done.returncode, "error" in done.stderr) == (0, False), done.stderr
    assert f"jobsetgen {name} " in f"{line} "


@pytest.mark.parametrize("name", COMPILING)
def test_help_lists_common_options_and_help_all_every_option(name, cli):
    common = {row.flag.name for row in FLAGS if not row.is_advanced}
    advanced = {row.flag.name for row in FLAGS if row.is_advanced}
    assert advanced & options_of(cli(name, "--help").out) == set()
    assert common <= options_of(cli(name, "--help").out)
    assert common | advanced <= options_of(cli(name, "--help-all").out)


def test_an_option_that_help_hides_works(cli, app):
    plain = cli("build", folder=app).out
    run = cli("build", "--watcher-priority-class", "high", folder=app)
    assert (run.status, "priorityClassName: high" in plain) == (0, False)
    assert "priorityClassName: high" in run.out


def test_options_are_listed_under_the_groups_of_the_table_in_their_order(cli):
    text = cli("explain", "--help-all").out
    headings = [line.removesuffix(":") for line in text.splitlines() if line.endswith(":") and line[0] != " "]
    assert headings == ["Options", *dict.fromkeys(row.group for row in FLAGS), "Examples"]
    for group in dict.fromkeys(row.group for row in FLAGS):
        part = text.partition(f"\n{group}:\n")[2].partition("\n\n")[0]
        # explain prints its own of them, since it writes nothing.
        assert options_of(part) - {"--allow-empty"} == {row.flag.name for row in FLAGS if row.group == group}


def test_every_default_is_shown(cli):
    text = " ".join(cli("explain", "--help-all").out.split())
    for row in FLAGS:
        if not isinstance(row.default, bool) and row.default not in (None, "", {}, ()):
            after = text.partition(f"{row.flag.name} ")[2].partition(" --")[0]
            assert f"[default: {row.default}]" in after, row.flag.name


def test_the_first_help_lists_every_command_under_one_heading(cli):
    text = cli("--help").out
    for heading, commands in _GROUPS.items():
        part = text.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in part.splitlines() if line[2] != " "] == list(commands)


@pytest.mark.parametrize("group", [(), ("init",), ("argocd",)], ids=str)
def test_a_group_without_a_command_shows_its_help(group, cli):
    run = cli(*group)
    assert (run.status, run.out) == (2, "")
    assert run.err == cli(*group, "--help").out


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_has_two_names(option, cli):
    assert cli(option).out.startswith("jobsetgen 0.")
    assert cli(option).out == cli("--version").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["biuld"], "No such command 'biuld'. Did you mean 'build'?"),
        (["Explain"], "No such command 'Explain'. Did you mean 'explain'?"),
        (["fly"], "No such command 'fly'."),
        (["init", "jaxx"], "No such command 'jaxx'. Did you mean 'jax'?"),
        (["argocd", "generat"], "No such command 'generat'. Did you mean 'generate'?"),
    ],
)
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(arguments, message, cli):
    run = cli(*arguments)
    assert (run.status, run.out, run.err.splitlines()[-1]) == (2, "", f"Error: {message}")


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["build", "--stric"], "--strict"),
        (["check", "--agianst", "a"], "--against"),
        (["explain", "--watcher-memroy", "1Gi"], "--watcher-memory"),
    ],
)
def test_a_mistyped_option_is_answered_with_the_one_that_was_meant(arguments, meant, cli):
    run = cli(*arguments)
    assert (run.status, run.out) == (2, "")
    assert f"No such option '{arguments[1]}'." in run.err
    assert f"Did you mean '{meant}'?" in run.err


def test_a_name_of_a_command_cannot_act_in_a_log(cli):
    run = cli("::error::x")
    assert run.status == 2
    assert not any(line.startswith("::") for line in run.err.splitlines())


def test_a_group_suggests_nothing_while_a_shell_completes(cli):
    context = click.Context(MODULES["init"], resilient_parsing=True)
    assert MODULES["init"].resolve_command(context, ["jaxx"])[1] is None
