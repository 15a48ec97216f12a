"""What an editor shows of a JobSet and a jobsetgen.yaml, by the language server that editors run.

The schemas, the settings and the line in the file are those that docs/editors.md prints.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.model.unit import is_jobset
from jobsetgen.schema import standalone
from jobsetgen.source.loader import load
from tests.acceptance.editors.language_server import (
    LOCKED,
    LanguageServer,
    NoAnswerError,
    installed,
    running,
)
from tests.acceptance.npm import CannotInstallError
from tests.acceptance.pages import sessions
from tests.cases import FIXTURES, ROOT, VALID

PAGE = "docs/editors.md"
JOBSET = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_text(encoding="utf-8")
PROJECT = (FIXTURES / "valid" / "project" / "jobsetgen.yaml").read_text(encoding="utf-8")
# Valid for jobsetgen, but not to an editor, and why.
NOT_TO_AN_EDITOR = {
    "multi-document": "an empty document is no JobSet",
    "nulls": "as the page says",
    "yaml-scalars": "0o644 is no number in YAML 1.1, but is one to Kubernetes",
}
# A mistake in each document: what is replaced by what, and what the server says at that line.
MISTAKES = {
    "jobset.yaml": [
        ("replicas: 4", "replica: 4", "Property replica is not allowed."),
        ("backoffLimit: 0", "backoffLimit: none", 'Incorrect type. Expected "integer".'),
        ("hostNetwork: true", "hostNetwork: maybe", 'Incorrect type. Expected "boolean".'),
        ("dnsPolicy: ClusterFirstWithHostNet", "dnsPolicy: ClusterLast", "Value is not accepted. Valid values: "),
    ],
    "jobsetgen.yaml": [
        ("runId: second", "runid: second", "Property runid is not allowed."),
        ("maxJobs: 100", "maxJobs: many", 'Incorrect type. Expected "integer".'),
        ("gitops: argocd", "gitops: argo", 'Value is not accepted. Valid values: "any", "argocd", "flux", "none".'),
    ],
}


def block(language: str) -> str:
    """Return the page's block of code in a language."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
    return str(found)


def settings() -> dict[str, Any]:
    """Return the settings that the page prints for VS Code, as the server gets them."""
    yaml = {name.removeprefix("yaml."): value for name, value in json.loads(block("json")).items()}
    # The catalogue of everybody's schemas would be fetched from the network.
    return {"yaml": {**yaml, "schemaStore": {"enable": False}}}


@pytest.fixture(scope="module")
def program() -> Path:
    """The server's program; where it cannot be had, what needs it is skipped."""
    try:
        return installed()
    except CannotInstallError as reason:
        pytest.skip(f"no yaml-language-server: {reason}")


@pytest.fixture(scope="module")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """A server in a workspace in which the page's commands were run. Each test opens documents of its own."""
    folder = tmp_path_factory.mktemp("workspace")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, _ in sessions(PAGE):
        subprocess.run(command, shell=True, cwd=folder, env={**os.environ, "PATH": path}, check=True)
    with running(program, folder, settings()) as started:
        yield started


def told(server: LanguageServer, name: str, text: str) -> list[tuple[int, str]]:
    """Open a document and return its problems, each with its line, which counts from 1."""
    server.open(name, text)
    return [(problem["range"]["start"]["line"] + 1, problem["message"]) for problem in server.problems(name)]


def line_of(text: str, part: str) -> int:
    """Return the line in which a part of a text begins, counted from 1."""
    assert text.count(part) == 1
    return text[: text.index(part)].count("\n") + 1


def shown(server: LanguageServer, name: str, text: str, part: str) -> str:
    """Return what is shown over a part of an open document."""
    line = line_of(text, part)
    # Between two fields, the server takes what ends there for what is meant: one letter further in there is no doubt.
    return server.hover(name, line - 1, text.splitlines()[line - 1].index(part) + 1)


def only_jobsets(path: Path) -> bool:
    documents = load(path.name, path.read_bytes()).documents
    return bool(documents) and all(is_jobset(document.data) for document in documents)


def test_valid_jobsets_have_no_problem(server):
    folders = [case for case in VALID if case.name not in NOT_TO_AN_EDITOR]
    files = [path for case in folders for path in sorted(case.rglob("*.y*ml")) if only_jobsets(path)]
    names = {f"{path.parent.name}-{path.stem}.jobset.yaml": path for path in files}
    assert len(names) == len(files) > 30
    for name, path in names.items():
        server.open(name, path.read_text(encoding="utf-8-sig"))
    # An anchor that nothing refers to is a warning.
    errors = {name: [each for each in server.problems(name) if each["severity"] == 1] for name in names}
    assert {name: found for name, found in errors.items() if found} == {}


def test_a_valid_project_has_no_problem(server):
    assert told(server, "project/jobsetgen.yaml", PROJECT) == []


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [(name, *mistake) for name, mistakes in MISTAKES.items() for mistake in mistakes],
    ids=lambda value: value if value in MISTAKES else None,
)
def test_a_mistake_is_told_at_its_line(server, name, right, wrong, message):
    text = {"jobset.yaml": JOBSET, "jobsetgen.yaml": PROJECT}[name]
    line = line_of(text, right)
    folder = re.sub(r"\W+", "-", wrong)
    ((found, said),) = told(server, f"{folder}/{name}", text.replace(right, wrong))
    assert found == line
    assert said.startswith(message)


def test_fields_are_offered_below_spec(server):
    server.open("begun.jobset.yaml", "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nspec:\n  \n")
    offered = server.completion("begun.jobset.yaml", 3, 2)
    assert {"replicatedJobs", "failurePolicy", "network"} <= set(offered)
    assert "gitops" not in offered


def test_values_are_offered(server):
    server.open("value.jobset.yaml", "spec:\n  successPolicy:\n    operator: \n")
    assert {"All", "Any"} <= set(server.completion("value.jobset.yaml", 2, 14))


def test_fields_are_offered_in_a_project(server):
    server.open("begun/jobsetgen.yaml", "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n\n")
    offered = server.completion("begun/jobsetgen.yaml", 2, 0)
    assert {"resources", "gitops", "watcher"} <= set(offered)
    assert "spec" not in offered


def test_the_description_of_a_field_is_shown(server):
    server.open("shown.jobset.yaml", JOBSET)
    for part, description in {
        "kind: JobSet": "A JobSet.",
        "replicas: 4": "one for each accelerator island",
        "parallelism: 2": "the number of hosts",  # Kubernetes' own fields, too
        "nodeSelector:": "Labels that a node must have.",
    }.items():
        assert description in shown(server, "shown.jobset.yaml", JOBSET, part)


def test_the_description_of_a_field_of_a_project_is_shown(server):
    server.open("shown/jobsetgen.yaml", PROJECT)
    assert "The GitOps tool to write annotations for." in shown(server, "shown/jobsetgen.yaml", PROJECT, "gitops:")


def test_files_of_other_names_are_left_alone(server):
    assert told(server, "values.yaml", JOBSET.replace("replicas: 4", "replica: 4")) == []


@pytest.mark.parametrize(("folder", "up"), [("", ""), ("research/", "../")])
def test_the_line_in_the_file_finds_the_schema(server, folder, up):
    right = f"{block('yaml').splitlines()[0].replace('=', f'={up}')}\n{JOBSET}"
    assert told(server, f"{folder}right.yaml", right) == []
    wrong = right.replace("replicas: 4", "replica: 4")
    assert told(server, f"{folder}wrong.yaml", wrong) == [
        (line_of(wrong, "replica: 4"), "Property replica is not allowed.")
    ]


def test_the_line_in_the_file_finds_the_schema_of_a_project(server):
    line = block("yaml").splitlines()[0].replace("jobset.json", "jobsetgenerator.json")
    wrong = f"{line}\n{PROJECT}strickt: true\n"
    assert told(server, "settings.yaml", wrong) == [
        (line_of(wrong, "strickt"), "Property strickt is not allowed."),
    ]


@pytest.mark.parametrize("name", ["jobset.yaml", "a/jobset.yaml", "a/b.jobset.yaml", "jobsets/train.yaml"])
def test_the_patterns_find_files(server, name):
    wrong = JOBSET.replace("replicas: 4", "replica: 4")
    assert told(server, name, wrong) == [(line_of(wrong, "replica: 4"), "Property replica is not allowed.")]


def test_booleans_are_read_as_kubernetes_reads_them(server):
    text = JOBSET.replace("spec:\n  failure", "spec:\n  suspend: off\n  failure")
    text = text.replace("image: python:3.8", "image: python:3.8\n              env: [{name: DEBUG, value: yes}]")
    said = 'Incorrect type. Expected "string".'
    assert told(server, "booleans.jobset.yaml", text) == [(line_of(text, "value: yes"), said)]


def test_what_has_no_value_and_what_stands_beside_a_jobset_is_marked(server):
    empty = JOBSET.replace("  name: multislice\n", "  name: multislice\n  labels:\n")
    assert [line for line, _ in told(server, "empty.jobset.yaml", empty)] == [line_of(empty, "labels:")]
    beside = f"{JOBSET}---\napiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{}}\n"
    assert line_of(beside, "kind: Service") in [line for line, _ in told(server, "beside.jobset.yaml", beside)]


def test_a_server_that_ends_is_noticed(program, tmp_path):
    with running(program, tmp_path, settings()) as server:
        server.request("shutdown", None)
        server.notify("exit", None)
        with pytest.raises(NoAnswerError, match="has ended"):
            server.problems("jobset.yaml")


def test_the_settings_for_neovim_are_those_for_vs_code():
    lua = block("lua")
    schemas = {path: re.findall('"(.+?)"', names) for path, names in re.findall(r'\["(.+?)"\] = \{(.*?)\}', lua)}
    version = re.findall(r'yamlVersion = "(.+?)"', lua)
    printed = json.loads(block("json"))
    assert (schemas, version) == (printed["yaml.schemas"], [printed["yaml.yamlVersion"]])


@pytest.mark.parametrize("kind", ["JobSet", "JobSetGenerator"])
def test_every_field_of_ours_has_a_description(kind):
    own = {word: value for word, value in standalone(kind, VERSIONS[-1]).items() if word != "$defs"}
    assert list(undescribed(own, kind)) == []


def undescribed(schema: dict[str, Any], place: str) -> Iterator[str]:
    """Yield the places of the fields without a description in a schema, but not in those that it refers to."""
    for name, inner in schema.get("properties", {}).items():
        if "description" not in inner:
            yield f"{place}.{name}"
        yield from undescribed(inner, f"{place}.{name}")
    for inside in ("items", "additionalProperties"):
        if isinstance(schema.get(inside), dict):
            yield from undescribed(schema[inside], f"{place}[]")


def test_the_lock_file_pins_what_is_installed_and_no_host():
    lock = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert (
        packages["node_modules/yaml-language-server"]["version"]
        == lock["packages"][""]["dependencies"]["yaml-language-server"]
    )
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert all("resolved" not in each for each in packages.values())
