"""Every code's page: its bad example yields the code, its good one does not and compiles."""

from __future__ import annotations

import json

import pytest

from jobsetgen.diagnostics import Place
from jobsetgen.frontends.argocd.parameters import read_parameters
from jobsetgen.frontends.krm.function import answer
from jobsetgen.pipeline import compile, compile_project
from jobsetgen.project.files import Memory
from jobsetgen.project.kustomizations import collect
from jobsetgen.review.pages import Example, examples, prose
from jobsetgen.rules.registry import CODES
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from scripts.make_rule_pages import TARGET, pages
from tests.rule_examples import BASE, settings_for, whole

RESOURCE_LIST = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList"}


PROJECT = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
# What the examples of a project find beside its jobsetgen.yaml.
BESIDE = {
    "jobset.yaml": json.dumps(BASE).encode(),
    "base/jobsetgen.yaml": PROJECT.encode(),
    "base/jobset.yaml": json.dumps(BASE).encode(),
    "overlay/jobsetgen.yaml": f"{PROJECT}resources: [..]\n".encode(),
    "kustomized/jobset.yaml": json.dumps(BASE).encode(),
    "kustomized/kustomization.yaml": b"{resources: [jobset.yaml], namePrefix: dev-}",
    "research/jobset.yaml": json.dumps({**BASE, "metadata": {"name": "research"}}).encode(),
    "research/jobsetgen.yaml": f"{PROJECT}jobs: watcher\n".encode(),
    "settings/settings.yaml": b"{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: research}}",
    "notes/README.md": b"To be written.",
}


# A project with a template, in which an example takes the place of one file.
WITH_VALUES = {
    "jobsetgen.yaml": f"{PROJECT}resources: [a.yaml.j2, base]\nvaluesSchema: schema.yaml\n".encode(),
    "a.yaml.j2": b"""{% if workers is defined %}{% endif %}
{apiVersion: v1, kind: ConfigMap, metadata: {name: "v{{ name }}"}}""",
    "schema.yaml": b"{type: object, properties: {workers: {type: integer}}}",
    "base/jobsetgen.yaml": f"{PROJECT}resources: [jobset.yaml]\nvalues: {{name: a, note: 'a: b'}}\n".encode(),
    "base/jobset.yaml": json.dumps(BASE).encode(),
}
VALUES_EXAMPLES = {"template": "a.yaml.j2", "values": "jobsetgen.yaml", "values schema": "schema.yaml"}


def codes_of(example: Example) -> dict[str, str]:
    text = whole(example).encode()
    if example.reading == "project":
        files = {**BESIDE, "jobsetgen.yaml": text}
        found = list(compile_project(Memory(files)).diagnostics)
    elif example.reading in VALUES_EXAMPLES:
        name = VALUES_EXAMPLES[example.reading]
        if example.reading == "values":
            text = WITH_VALUES[name] + b"values: {" + text.strip() + b"}"
        found = list(compile_project(Memory({**WITH_VALUES, name: text})).diagnostics)
    elif example.reading == "kustomization":
        files = {"kustomization.yaml": text, "jobset.yaml": json.dumps(BASE).encode()}
        found = list(compile_project(Memory(files)).diagnostics)
    elif example.reading == "kustomized":
        files = {"kustomization.yaml": text, "jobset.yaml": json.dumps(BASE).encode()}
        found = list(collect(Memory(files), "", Place("jobsetgen.yaml")).diagnostics)
    elif example.reading == "parameters":
        given = json.dumps(load("parameters", text).documents[0].data)
        found = list(read_parameters(given).diagnostics)
    elif example.reading == "items":
        items = load("items", text).documents[0].data
        found = list(answer(json.dumps({**RESOURCE_LIST, "items": items}).encode()).diagnostics)
    else:
        found = list(compile([Source(name="example.yaml", content=text)], settings_for(example)).diagnostics)
    return {item.code: item.severity for item in found}


def test_codes_are_unique():
    ids = [code.id for code in CODES]
    names = [code.name for code in CODES]
    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_has_a_page_with_both_examples(code):
    assert prose(code)
    assert {example.good for example in examples(code)} == {True, False}


# Whether a resource is there, and whether anything is left to write, is found out by the command line; what is too
# large for a plan, or for annotations, is too large for a page; kustomize may not be installed.
ELSEWHERE = {"JSG113", "JSG702", "JSG721", "JSG406", "JSG516", "JSG722"}


@pytest.mark.parametrize("code", [code for code in CODES if code.id not in ELSEWHERE], ids=lambda code: code.id)
def test_bad_example_yields_its_code(code):
    for example in examples(code):
        if not example.good:
            assert codes_of(example).get(code.merged_into or code.id) == code.severity, whole(example)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_good_example_is_good(code):
    for example in examples(code):
        if example.good:
            found = codes_of(example)
            assert code.id not in found, whole(example)
            assert "error" not in found.values(), (found, whole(example))


def test_pages_are_what_the_docstrings_say():
    assert {path: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")} == pages()
