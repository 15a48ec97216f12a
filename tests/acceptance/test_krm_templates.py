"""Templates, values and their schema, written in the functionConfig of a KRM function."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from jobsetgen.frontends.krm.function import Answer, answer
from jobsetgen.source.loader import load
from tests.acceptance.projects import SINGLE

LIST = """\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items: []
functionConfig:
"""
TEMPLATE = SINGLE.replace("name: single\n", 'name: "{{ name }}"\n').replace("replicas: 1", "replicas: {{ replicas }}")
GENERATOR = f"""\
apiVersion: jobsetgen.io/v1alpha1
kind: JobSetGenerator
metadata: {{name: train}}
namespace: research
namePrefix: prod-
values: {{name: train, replicas: 2}}
valuesSchema:
  properties: {{replicas: {{type: integer, maximum: 8}}}}
templates:
- |
{textwrap.indent(TEMPLATE, "  ")}- |
  apiVersion: v1
  kind: ConfigMap
  metadata: {{name: "{{{{ name }}}}-flags"}}
patches:
- target: {{kind: JobSet}}
  patch: |
    - {{op: add, path: /metadata/labels, value: {{team: ml}}}}
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: train}
data:
  namespace: research
  namePrefix: prod-
  values: "{name: train, replicas: 2}"
  templates: |
    - |
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: "{{ name }}-flags"}
  patches: |
    - target: {kind: ConfigMap}
      patch:
      - {op: add, path: /data, value: {team: ml}}
"""


def run(config: str) -> Answer:
    return answer((LIST + textwrap.indent(config, "  ")).encode())


def output(done: Answer) -> list[Any]:
    (document,) = load("out.yaml", "".join(done.output).encode()).documents
    return document.data.get("items", [])


def place_of(config: str, text: str) -> tuple[str, int, int]:
    """Return the place in the ResourceList where a text of a functionConfig begins."""
    before, found, _ = (LIST + textwrap.indent(config, "  ")).partition(text)
    assert found
    return "stdin", before.count("\n") + 1, len(before) - before.rfind("\n")


def test_templates_are_filled_with_the_values_and_changed_as_items_are():
    done = run(GENERATOR)
    assert done.words == ""
    made = {f"{each['kind']} {each['metadata']['name']}": each for each in output(done)}
    assert {name for name in made if "restart" not in name} == {
        "Service prod-train",
        "Job prod-train-workers-0",
        "Job prod-train-workers-1",
        "ConfigMap prod-train-flags",
    }
    assert made["Service prod-train"]["metadata"]["labels"]["team"] == "ml"


def test_a_config_map_holds_patches_values_and_templates_as_text():
    done = run(CONFIG_MAP)
    assert done.words == ""
    (made,) = output(done)
    assert (made["metadata"]["name"], made["data"]) == ("prod-train-flags", {"team": "ml"})


def test_what_templates_yield_follows_the_items():
    item = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: flags}}\n"
    text = LIST.replace("items: []\n", f"items:\n{item}") + textwrap.indent(CONFIG_MAP, "  ")
    done = answer(text.encode())
    assert [each["metadata"]["name"] for each in output(done)] == ["prod-flags", "prod-train-flags"]


@pytest.mark.parametrize(
    ("old", "new", "word", "message"),
    [
        (
            "replicas: {{ replicas }}",
            "replicas: {{ replicaz }}",
            "{{ replicaz",
            "functionConfig.templates[0]: error: JSG714: line 9 of templates[0]: undefined value 'replicaz'. Did you mean"
            " 'replicas'?",
        ),
        (
            "- name: workers",
            "- name: workers: a",
            ": a",
            "functionConfig.templates[0]: error: JSG002: line 8 of templates[0]: invalid YAML: mapping values are not"
            " allowed here. Quote the value: it contains ': '.",
        ),
        (
            "restartPolicy: Never",
            "restartPolicy: Nevr",
            "Nevr",
            "functionConfig.templates[0].spec.replicatedJobs[0].template.spec.template.spec.restartPolicy: error: JSG103:"
            ' spec.replicatedJobs[0].template.spec.template.spec.restartPolicy is "Nevr", but must be one of Always,'
            " Never, OnFailure. Did you mean 'Never'?",
        ),
        (
            "values: {name: train, replicas: 2}",
            "values: {name: train, replicas: 9}",
            "9}",
            "functionConfig.values.replicas: error: JSG718: replicas is 9, but must be at most 8.",
        ),
        (
            "type: integer",
            "type: integr",
            "integr,",
            'functionConfig.valuesSchema.properties.replicas.type: error: JSG719: properties.replicas.type is "integr",'
            ' but must be one of "array", "boolean", "integer", "null", "number", "object", "string".',
        ),
        (
            "op: add",
            "op: ad",
            "ad,",
            "functionConfig.patches[0].patch: error: JSG712: unknown operation 'ad'. Did you mean 'add'?",
        ),
    ],
)
def test_an_error_has_its_line_in_the_list_and_its_field_in_the_result(old, new, word, message):
    config = GENERATOR.replace(old, new)
    done = run(config)
    (wrong,) = done.diagnostics
    assert wrong.place[:3] == place_of(config, word)
    assert done.words == f"{message}\n"
    assert output(done) == []


@pytest.mark.parametrize("empty", ['patch: ""', "patch: |", "patch: '  '"])
def test_an_empty_patch_is_an_error_at_its_line(empty):
    before, _, _ = GENERATOR.partition("  patch: |")
    done = run(f"{before}  {empty}\n")
    (wrong,) = done.diagnostics
    assert (wrong.line, wrong.message) == (place_of(f"{before}  {empty}", empty)[1], "the patch is empty")
    assert done.words == "functionConfig.patches[0].patch: error: JSG712: the patch is empty.\n"


def test_an_error_in_a_template_hides_none_in_another_and_causes_none_in_patches():
    config = GENERATOR.replace("{{ replicas }}", "{{ a }}").replace("{{ name }}-flags", "{{ b }}")
    assert [item.message for item in run(config).diagnostics] == [
        "line 9 of templates[0]: undefined value 'a'",
        "line 3 of templates[1]: undefined value 'b'",
    ]


def test_a_template_in_one_line_has_the_place_of_its_text():
    config = """\
apiVersion: jobsetgen.io/v1alpha1
kind: JobSetGenerator
templates:
- "kind: {{ a }}"
"""
    (wrong,) = run(config).diagnostics
    assert wrong.place[:3] == place_of(config, '"kind: {{')
