"""docs/threat-model.md: each of its rows names a test that tries the attack; and attacks that need no cluster."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import sys
from functools import cache

import pytest

from jobsetgen import Memory, Settings, Source, compile
from jobsetgen.frontends.argocd.application import generate
from jobsetgen.frontends.argocd.environment import PARAMETERS, Application
from jobsetgen.options.watcher import Watcher
from jobsetgen.pipeline import Compilation, compile_inputs
from jobsetgen.project.reading import read_project
from jobsetgen.source.loader import load
from tests.acceptance.processes import IDENTITY, run_tool
from tests.cases import FIXTURES, ROOT

PAGE = ROOT / "docs" / "threat-model.md"
_LINK = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/\S+\.py)\)")


def attacks() -> list[str]:
    """Return the rows of the tables that have a column for tests."""
    rows, is_wanted = [], False
    for line in PAGE.read_text().splitlines():
        if not line.startswith("|"):
            is_wanted = False
        elif line.endswith("| test |"):
            is_wanted = True
        elif is_wanted and not line.startswith("| ---"):
            rows.append(line)
    return rows


@cache
def names_in(path: str) -> set[str]:
    """Return the names of the test functions of a file."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_tables_have_rows():
    assert len(attacks()) > 30


@pytest.mark.parametrize("row", attacks(), ids=lambda row: row.split("|")[1].strip()[:50])
def test_each_row_names_a_test_in_its_last_column(row):
    last = row.rstrip("| ").rpartition("|")[2]
    assert _LINK.findall(last) != []
    assert re.sub(rf"{_LINK.pattern}|[ ,]", "", last) == ""


def test_each_test_that_the_page_names_is_there():
    named = _LINK.findall(PAGE.read_text())
    assert [(test, path) for test, path in named if test not in names_in(path)] == []


def test_each_attack_on_the_real_api_server_is_in_a_row():
    files = ("tests/cluster/test_attacks.py",)
    named = {test for test, _ in _LINK.findall(PAGE.read_text())}
    tried = {name for path in files for name in names_in(path) if name.startswith("test_")}
    assert sorted(tried - named) == []


# --- Attacks --------------------------------------------------------------------------------------
# Python says what it is about to do with a socket, whichever module asks for it.
_GUARD = """
import sys

def note(event, arguments):
    if event.startswith("socket."):
        print("OPENED", event, arguments, file=sys.stderr)

sys.addaudithook(note)
from jobsetgen.cli.program import main
main()
"""
_COMMANDS = (
    *("build jobset.yaml", "validate jobset.yaml", "explain jobset.yaml", "graph jobset.yaml"),
    *(
        "check --against built.yaml jobset.yaml",
        "diff git:HEAD jobset.yaml",
        "diff built.yaml jobset.yaml",
        "krm < list.yaml",
    ),
    *("argocd discover", "argocd generate", "argocd parameters"),
)


@pytest.mark.parametrize("command", _COMMANDS)
def test_no_command_opens_a_connection(command, tmp_path):
    text = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text()
    config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {url: 'http://127.0.0.1:1/a'}\n"
    (tmp_path / "jobset.yaml").write_text(f"{text}---\n{config_map}")
    (tmp_path / "list.yaml").write_text("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n")
    run_tool(["git", "init", "--quiet", "."], tmp_path)
    run_tool(["git", "add", "jobset.yaml"], tmp_path)
    run_tool(["git", "commit", "--quiet", "--message=a"], tmp_path, **IDENTITY)
    environment = {"ARGOCD_APP_NAMESPACE": "a", "PYTHONPATH": str(ROOT), "GUARD": _GUARD}
    if "built.yaml" in command:
        built = run_tool(["jobsetgen", "build", "jobset.yaml"], tmp_path, **environment)
        (tmp_path / "built.yaml").write_text(built.stdout)
    line = f'{shlex.quote(sys.executable)} -c "$GUARD" {command}'
    done = run_tool(["sh", "-c", line], tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert "OPENED" not in done.stderr


@pytest.mark.parametrize("form", ["--bare", "--quiet"])
def test_a_planted_git_repository_runs_no_command(form, app):
    if shutil.which("git") is None:
        pytest.skip("git is not on the PATH")
    planted = app if form == "--bare" else app / ".git"
    (app / "jobsetgen.yaml").write_text(
        "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: a\noutput: out\n"
    )
    run_tool(["git", "init", form, "."], app)
    there = ["git", f"--git-dir={planted}", f"--work-tree={app}"]
    run_tool([*there, "add", "jobset.yaml", "jobsetgen.yaml"], app)
    run_tool([*there, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--message=a"], app)
    for key, value in (
        ("core.bare", "false"),
        ("core.worktree", str(app)),
        ("core.fsmonitor", f"touch {app}/RAN; false"),
    ):
        run_tool(["git", "config", "--file", str(planted / "config"), key, value], app)
    # Otherwise nothing is tried: git itself runs it.
    run_tool([*there, "status"], app)
    (app / "RAN").unlink()
    for words in ("build --each .", "check --each .", "validate .", "explain .", "argocd discover", "argocd generate"):
        done = run_tool(["jobsetgen", *words.split()], app, ARGOCD_APP_NAMESPACE="a")
        assert done.returncode == 0, (words, done.stderr)
    for words in ("build --each --fail-on-change .", "diff git:HEAD .", "diff --base HEAD ."):
        run_tool(["jobsetgen", *words.split()], app)
    assert not (app / "RAN").exists()


def test_a_repository_chooses_the_image_and_the_account_of_a_watcher():
    text = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_bytes()
    options = Watcher(image="registry.example.com/of-the-thief:1", service_account="admin")
    compiled = compile([Source(name="set.yaml", content=text)], Settings(namespace="a", watcher=options))
    (job,) = (item for item in compiled.objects() if item["metadata"]["name"] == "multislice-restart-watcher")
    pod = job["spec"]["template"]["spec"]
    assert (pod["serviceAccountName"], pod["automountServiceAccountToken"]) == ("admin", True)
    assert pod["containers"][0]["image"] == "registry.example.com/of-the-thief:1"


# --- Annotations of a JobSet ----------------------------------------------------------------------
HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
THIEF = {
    "jobs": "watcher",
    "watcher.image": "registry.example.com/of-the-thief:1",
    "watcher.serviceAccountName": "admin",
    "maxJobs": "100000",
    "namespace": "kube-system",
}
# The project's files, its output, and what it reports.
OF_PROJECTS = ("resources", "patches", "values", "valuesSchema", "output", "root", "kustomize", "strict", "lint.ignore")


def annotated(options: str, annotations: dict[str, str]) -> Compilation:
    """Compile a project with a JobSet that has options in annotations."""
    content = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_bytes()
    [document] = load("jobset.yaml", content).documents
    carried = {f"jobsetgen.io/{name}": value for name, value in annotations.items()}
    jobset = {**document.data, "metadata": {**document.data["metadata"], "annotations": carried}}
    files = {"jobset.yaml": json.dumps(jobset), "jobsetgen.yaml": f"{HEAD}namespace: research\n{options}"}
    memory = Memory({f"app/{name}": text.encode() for name, text in files.items()}, "app")
    return compile_inputs(read_project(memory))


def watcher_of(result: Compilation) -> tuple[str, str]:
    """Return the account and the image of the watcher."""
    (job,) = (item for item in result.objects() if item["metadata"]["name"].endswith("-restart-watcher"))
    pod = job["spec"]["template"]["spec"]
    return pod["serviceAccountName"], pod["containers"][0]["image"]


def test_the_annotations_of_a_jobset_choose_what_no_project_file_sets():
    result = annotated("", THIEF)
    assert watcher_of(result) == ("admin", "registry.example.com/of-the-thief:1")
    assert {item["metadata"]["namespace"] for item in result.objects()} == {"research"}


def test_a_project_file_overrides_the_annotations_of_a_jobset():
    own = "watcher: {image: registry.example.com/ours:1, serviceAccountName: ours}\n"
    assert watcher_of(annotated(own, THIEF)) == ("ours", "registry.example.com/ours:1")
    codes = [item.code for item in annotated(f"{own}maxJobs: 1\n", {**THIEF, "maxJobs": "100000"}).diagnostics]
    assert "JSG405" in codes


@pytest.mark.parametrize("name", OF_PROJECTS)
def test_no_annotation_of_a_jobset_names_a_file_or_hides_a_problem(name):
    plain = annotated("", {})
    result = annotated("", {name: "/etc/passwd"})
    assert [(item.code, item.severity) for item in result.diagnostics] == [("JSG723", "warning")]
    assert [each["kind"] for each in result.objects()] == [each["kind"] for each in plain.objects()]


# --- Values of an Application ---------------------------------------------------------------------
VALUES = {
    "code of a template": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a statement of a template": "{% include '/etc/passwd' %}",
    "another field": "x\nkind: Secret",
    "another document": "x\n---\nkind: Secret",
    "a quote that ends the text": "'\nkind: Secret",
    "an object of Python": '!!python/object/apply:os.system ["touch hacked"]',
    "an alias": "*a",
}


def with_value(scalar: str, value: str, name: str = "values.model") -> Compilation:
    """Compile a template for an Application that sets a value."""
    template = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {scalar}\n"
    options = f"{HEAD}namespace: a\nresources: [map.yaml.j2]\nvalues: {{model: small}}\n"
    files = {"app/map.yaml.j2": template.encode(), "app/jobsetgen.yaml": options.encode()}
    parameters = json.dumps([{"name": name, "string": value}])
    return generate(Memory(files, "app"), Application({PARAMETERS: parameters}))


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("scalar", ["{{ model }}", "'{{ model }}'"], ids=["plain", "quoted"])
def test_a_value_of_an_application_is_data_whatever_is_in_it(scalar, what):
    [item] = with_value(scalar, VALUES[what]).objects()
    assert (item["kind"], item["data"]) == ("ConfigMap", {"a": VALUES[what]})


@pytest.mark.parametrize("what", ["another field", "another document", "a quote that ends the text"])
def test_a_value_of_an_application_that_would_change_the_yaml_around_it_is_refused(what):
    result = with_value("of {{ model }}", VALUES[what])
    assert "JSG716" in [item.code for item in result.diagnostics]
    assert not result.ok


def test_an_application_sets_no_value_that_the_project_does_not_announce():
    for name in ("values.other", "values.model.__class__", "values"):
        result = with_value("{{ model }}", "x", name)
        assert [item.message for item in result.diagnostics if item.is_error] == ["unknown parameter"]


def test_a_value_of_an_application_is_a_command_in_a_script_without_sh():
    script = "|\n    train {{ model%s }}"
    bare, quoted = (with_value(script % each, "$(id)").objects() for each in ("", " | sh"))
    assert [item["data"]["a"] for item in bare] == ["train $(id)\n"]
    assert [item["data"]["a"] for item in quoted] == ["train '$(id)'\n"]
