"""Templates of projects with values from bases, overlays, files and flags, as the command line compiles them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.source.loader import load

PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ name }}
data:
{% for item in items %}
  {{ item.key }}: "{{ item.value }}"
{% endfor %}
  zone: {{ zone }}
"""
FILES = {
    "base/jobsetgen.yaml": f"{PROJECT}resources: [map.yaml.j2]\nvaluesSchema: schema.json\n"
    "values: {name: base, zone: a, items: [{key: one, value: 1}]}\n",
    "base/map.yaml.j2": TEMPLATE,
    "base/schema.json": '{"properties": {"zone": {"type": "string"}}}',
    "overlay/jobsetgen.yaml": f"{PROJECT}resources: [../base, own.yaml.j2]\nvalues: {{name: over}}\n",
    "overlay/own.yaml.j2": "{apiVersion: v1, kind: ConfigMap, metadata: {name: own}, data: {zone: '{{ zone }}'}}\n",
    "more.yaml": "zone: b\nname: more\n",
    "plain.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: plain}}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def built(cli, folder: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """Return the data of each ConfigMap by its name."""
    run = cli("build", *arguments, folder=folder)
    assert (run.err, run.status) == ("", 0)
    objects = [document.data for document in load("out", run.out.encode()).documents]
    return {each["metadata"]["name"]: each["data"] for each in objects}


def test_a_project_has_its_own_values(cli, folder):
    assert built(cli, folder, "base") == {"base": {"one": "1", "zone": "a"}}


def test_an_overlay_overrides_the_values_of_its_base_and_has_the_others(cli, folder):
    assert built(cli, folder, "overlay") == {"over": {"one": "1", "zone": "a"}, "own": {"zone": "a"}}


def test_a_file_overrides_projects_and_set_overrides_files(cli, folder):
    arguments = ("overlay", "--values", "more.yaml", "--set", "zone=c", "--set", "items.0.value=yes")
    assert built(cli, folder, *arguments) == {"more": {"one": "true", "zone": "c"}, "own": {"zone": "c"}}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["base", "--set", "zone=7"], "--set:1:1: error[JSG718]: zone is 7, but must be a string"),
        (["base", "--values", "number.yaml"], "number.yaml:2:7: error[JSG718]: zone is 7, but must be a string"),
        (["base", "--values", "list.yaml"], "list.yaml:1:1: error[JSG102]: the values are a list or a scalar, but must be a mapping"),
        (["base", "--set", "items=3"], "base/map.yaml.j2:6:1: error[JSG714]: a number is not a list"),
        (["overlay", "--set", "items=null"], "base/map.yaml.j2:6:1: error[JSG714]: undefined value 'items'"),
        (["base", "--values", "missing.yaml"], "Error: cannot read missing.yaml: No such file or directory"),
        (["base", "--values", "https://example.com/a.yaml"], "Error: https://example.com/a.yaml is a URL; nothing is fetched"),
        (["base", "--values", "git@example.com:a.git"], "Error: git@example.com:a.git is the address of a repository; nothing is fetched"),
        (["base", "--set", "zone"], "Error: --set: 'zone' has no value; write KEY=VALUE"),
        (["base", "--set", "items.4.key=a"], "Error: --set items.4.key=a: the list 'items' has no item 4; it has 1, and the first is 0"),
        (["overlay", "--set", "items.4.key=a"], "Error: --set items.4.key=a: the list 'items' has no item 4; it has 1, and the first is 0"),
        (["plain.yaml", "--set", "a=1"], "Error: --values and --set require a project, a folder with a jobsetgen.yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place(cli, folder, arguments, line):
    (folder / "number.yaml").write_text("\nzone: 7\n")
    (folder / "list.yaml").write_text("- a\n")
    run = cli("build", *arguments, folder=folder)
    assert run.status != 0
    assert run.out == ""
    assert line in run.err


@pytest.mark.parametrize("command", ["validate", "explain", "graph"])
def test_every_compiling_command_takes_values(cli, folder, command):
    run = cli(command, "base", "--set", "zone=7", folder=folder)
    assert "error[JSG718]: zone is 7, but must be a string" in run.err


def test_values_without_projects_cost_no_import(cli, folder):
    import subprocess
    import sys

    code = "import sys; from jobsetgen.cli.main import jobsetgen; jobsetgen(['build', 'plain.yaml'], standalone_mode=False)"
    check = "; print([name for name in sys.modules if name.startswith(('jinja2', 'jobsetgen.overlays.values', 'jobsetgen.overlays.filling'))], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + check], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
