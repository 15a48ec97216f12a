"""The values of a project as parameters of an Argo CD Application."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen import Memory
from jobsetgen.frontends.argocd.application import form, generate
from jobsetgen.frontends.argocd.environment import PARAMETERS, Application

HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"
BASE = f"""{HEAD}resources: [config.yaml.j2]
valuesSchema: schema.yaml
values:
  model: small
  size: 7
  image: {{tag: "1.0", a.b: x}}
  nodes: [a, b]
  mounts: [{{path: /data}}]
"""
TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  all: "{{ [model, size, image, nodes, rate | default(none)] | to_json }}"
"""
SCHEMA = """
properties:
  model: {title: The model, description: Which one., type: string}
  image: {$ref: "#/$defs/image"}
  rate: {type: [number, "null"], default: 0.5}
  again: {$ref: "#"}
$defs:
  image: {properties: {tag: {title: Tag of the image}}}
"""
FILES = {
    "base/jobsetgen.yaml": BASE,
    "base/config.yaml.j2": TEMPLATE,
    "base/schema.yaml": SCHEMA,
    "prod/jobsetgen.yaml": f"{HEAD}resources: [../base]\nvalues: {{model: large}}\n",
}


def folder(files: dict[str, str]) -> Memory:
    return Memory({name: text.encode() for name, text in files.items()}, "prod")


def announced(files: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return the parameters of values by name."""
    text, _ = form(folder(files), Application({}))
    return {each["name"]: each for each in json.loads(text) if each["name"].startswith("values.")}


def said(*parameters: dict[str, Any], files: dict[str, str] = FILES) -> list[str]:
    """Return the errors of a compile with parameters."""
    result = generate(folder(files), Application({PARAMETERS: json.dumps(parameters)}))
    return [f"{item.file} {item.code} {item.message}" for item in result.diagnostics if item.is_error]


def values(*parameters: dict[str, Any], files: dict[str, str] = FILES) -> Any:
    """Return the values that the template was filled with."""
    result = generate(folder(files), Application({PARAMETERS: json.dumps(parameters)}))
    assert result.ok, result.diagnostics
    [found] = result.objects()
    return json.loads(found["data"]["all"])


def test_scalars_and_lists_of_scalars_are_announced_with_their_current_values():
    found = announced(FILES)
    shown = {name: each[each["collectionType"]] for name, each in found.items()}
    assert shown == {
        "values.model": "large",
        "values.size": "7",
        "values.image.tag": "1.0",
        r"values.image.a\.b": "x",
        "values.nodes": ["a", "b"],
        "values.rate": "",
    }


def test_titles_and_descriptions_are_those_of_the_schema():
    found = announced(FILES)
    assert (found["values.model"]["title"], found["values.model"]["tooltip"]) == (
        "The model",
        "Which one.",
    )
    assert found["values.image.tag"]["title"] == "Tag of the image"
    assert found["values.size"]["title"] == "size"
    # Nothing fills in a default, so it is not the current value.
    assert found["values.rate"]["tooltip"].endswith("(default in the schema: 0.5)")


def test_a_project_without_values_announces_none():
    files = {"prod/jobsetgen.yaml": HEAD, "prod/a.yaml": TEMPLATE}
    assert announced(files) == {}


def test_a_parameter_overrides_the_values_of_every_file():
    given = [
        {"name": "values.model", "string": "1.10"},
        {"name": "values.size", "string": "12"},
        {"name": "values.image.tag", "string": "2.0"},
        {"name": "values.nodes", "array": ["c"]},
        {"name": "values.rate", "string": "0.25"},
    ]
    assert values() == ["large", 7, {"tag": "1.0", "a.b": "x"}, ["a", "b"], None]
    assert values(*given) == ["1.10", 12, {"tag": "2.0", "a.b": "x"}, ["c"], 0.25]


def test_a_string_stays_one_if_the_current_value_is_one():
    assert values({"name": r"values.image.a\.b", "string": "1.10"})[2]["a.b"] == "1.10"
    assert values({"name": "values.nodes", "array": ["1", "true"]})[3] == ["1", "true"]


@pytest.mark.parametrize(
    ("current", "schema", "text", "expected"),
    [
        ("0010", "{}", "0012", "0012"),
        ("x", "{}", "true", "true"),
        ("7", "{type: integer}", "12", 12),
        ("7", "{}", "12", 12),
        ("7", "{}", "0012", "0012"),
        ("7", "{}", "-08", "-08"),
        ("7", "{}", "0", 0),
        ("0.5", "{}", "0.25", 0.25),
        ("0.5", "{}", "1e3", 1000),
        ("7", "{}", "true", "true"),
        ("true", "{}", "false", False),
        ("true", "{}", "1", "1"),
        ("null", "{}", "12", "12"),
        ("null", "{}", "no", "no"),
        ("null", "{default: 3}", "12", 12),
        ("null", "{default: a}", "12", "12"),
        ("null", "{enum: [1, 2]}", "2", 2),
        ("null", "{anyOf: [{type: integer}, {type: string}]}", "12", 12),
        ("null", "{type: [integer, string]}", "012", "012"),
        ("auto", "{type: [integer, string]}", "12", "12"),
        ("null", '{$ref: "#/$defs/count"}', "12", 12),
    ],
)
def test_a_text_has_the_type_of_the_schema_or_else_of_the_current_value(current, schema, text, expected):
    files = {
        **FILES,
        "base/jobsetgen.yaml": BASE.replace("size: 7", f"size: {current}"),
        "base/schema.yaml": f"properties: {{size: {schema}}}\n$defs: {{count: {{type: integer}}}}\n",
    }
    found = values({"name": "values.size", "string": text}, files=files)[1]
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("current", "schema", "texts", "expected"),
    [
        ("[a]", "{}", ["0012", "1", "true"], ["0012", "1", "true"]),
        ("[]", "{}", ["0012", "1"], ["0012", "1"]),
        ("[1]", "{}", ["2", "0012"], [2, "0012"]),
        ("[]", "{default: [1]}", ["2"], [2]),
        ("[]", "{items: {type: integer}}", ["2"], [2]),
        ("[]", '{items: {$ref: "#/$defs/count"}}', ["2"], [2]),
        ("[1]", "{items: {type: [integer, string]}}", ["2", "x"], [2, "x"]),
        ("[true]", "{}", ["false"], [False]),
    ],
)
def test_each_item_has_the_type_of_the_schema_or_else_of_the_current_items(current, schema, texts, expected):
    files = {
        **FILES,
        "base/jobsetgen.yaml": BASE.replace("nodes: [a, b]", f"nodes: {current}"),
        "base/schema.yaml": f"properties: {{nodes: {schema}}}\n$defs: {{count: {{type: integer}}}}\n",
    }
    found = values({"name": "values.nodes", "array": texts}, files=files)[3]
    assert [(each, type(each)) for each in found] == [(each, type(each)) for each in expected]


def test_a_number_with_leading_zeros_does_not_fit_a_schema_of_numbers():
    files = {**FILES, "base/schema.yaml": "properties: {size: {type: integer}}\n"}
    message = 'parameter values.size JSG718 size is "0012", but must be an integer'
    assert said({"name": "values.size", "string": "0012"}, files=files) == [message]


def test_an_emptied_boolean_keeps_the_value_of_the_project():
    files = {**FILES, "base/jobsetgen.yaml": BASE.replace("size: 7", "size: true")}
    for schema in ("{}", "{type: boolean, default: false}"):
        known = {**files, "base/schema.yaml": f"properties: {{size: {schema}}}\n"}
        assert values({"name": "values.size", "string": ""}, files=known)[1] is True
        assert values({"name": "values.size", "string": "false"}, files=known)[1] is False


def test_an_empty_parameter_sets_only_a_string():
    given = [{"name": name, "string": ""} for name in ("values.model", "values.size")]
    assert values(*given)[:2] == ["", 7]


@pytest.mark.parametrize(
    ("parameter", "error"),
    [
        (
            {"name": "values.modell", "string": "x"},
            "parameter values.modell JSG707 unknown parameter",
        ),
        (
            {"name": "values.mounts", "array": ["x"]},
            "parameter values.mounts JSG707 unknown parameter",
        ),
        (
            {"name": "values.size", "array": ["1"]},
            "parameter values.size JSG707 given as array, but must be a string",
        ),
        (
            {"name": "values.rate", "string": "fast"},
            'parameter values.rate JSG718 rate is "fast", but must be a number or null',
        ),
        (
            {"name": "values.size", "string": '"'},
            'parameter values.size JSG707 invalid quoted string "',
        ),
    ],
)
def test_an_error_is_reported_at_the_parameter(parameter, error):
    assert said(parameter) == [error]


def test_a_parameter_that_is_given_twice_is_an_error():
    given = {"name": "values.size", "string": "1"}
    assert said(given, given) == ["parameter values.size JSG707 given more than once"]


def test_a_parameter_may_set_a_value_that_the_schema_requires():
    files = {**FILES, "base/schema.yaml": f"required: [rate]{SCHEMA}"}
    assert said(files=files) != []
    assert said({"name": "values.rate", "string": "1"}, files=files) == []


def test_parameters_are_blamed_for_a_template_that_compiles_only_without_them():
    template = TEMPLATE.replace("name: settings", "name: {{ model }}-settings")
    files = {**FILES, "base/config.yaml.j2": template}
    [blame, error] = said({"name": "values.model", "string": "a: b"}, files=files)
    assert error.startswith("base/config.yaml.j2 JSG716 ")
    assert blame.endswith("without the Application's parameters (values.model)")


def test_a_schema_that_refers_to_itself_is_announced_in_no_time():
    schema = 'properties: {a: {$ref: "#"}, b: {$ref: "#"}, c: {$ref: "#/properties/c"}}'
    files = {**FILES, "base/schema.yaml": schema}
    assert len(announced(files)) < 10
