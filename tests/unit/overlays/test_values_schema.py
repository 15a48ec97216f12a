"""The schema of a project holds for its merged values; nothing is fetched, and nothing takes for ever."""

from __future__ import annotations

import pytest

from jobsetgen.overlays.budget import Budget
from jobsetgen.overlays.values import merged, read_values
from jobsetgen.overlays.values_schema import DRAFT, validated
from jobsetgen.source.text import Source


def values(text: str, name: str = "values.yaml"):
    return read_values(Source(name, text.encode()))[0]


def problems(known: str, schema: str) -> list[tuple[str, str, int, int, str]]:
    found = validated(values(known), Source("schema.yaml", schema.encode()), Budget())
    return [(item.code, item.file, item.line, item.column, item.message) for item in found]


def test_values_that_match_have_no_errors():
    assert (
        problems(
            "a: 1",
            f"{{$schema: '{DRAFT}', properties: {{a: {{$ref: '#/$defs/num'}}}}, $defs: {{num: {{type: integer}}}}}}",
        )
        == []
    )


@pytest.mark.parametrize(
    ("schema", "line", "column", "message"),
    [
        ("properties: {workers: {type: integer}}", 1, 10, 'workers is "many", but must be an integer'),
        ("properties: {workers: {enum: [a, b]}}", 1, 10, 'workers is "many", but must be one of "a", "b"'),
        (
            "properties: {workers: {pattern: '^[0-9]+$'}}",
            1,
            10,
            'workers is "many", but must match the pattern "^[0-9]+$"',
        ),
        ("properties: {workers: {maxLength: 2}}", 1, 10, 'workers is "many", but must have at most 2 characters'),
        ("properties: {image: {required: [tag]}}", 2, 1, "missing value 'image.tag', which is required"),
        (
            "properties: {image: {properties: {tag: {}}, additionalProperties: false}}",
            3,
            3,
            "unknown value 'tga': it is not in image",
        ),
        ("properties: {image: {type: string}}", 3, 3, "image is a mapping, but must be a string"),
        ("required: [zone]", 1, 1, "missing value 'zone', which is required"),
        ("not: {}", 1, 1, "the values are not allowed by 'not' of the schema"),
    ],
)
def test_each_error_is_at_its_value(schema, line, column, message):
    found = problems("workers: many\nimage:\n  tga: x\n", schema)
    assert found == [("JSG718", "values.yaml", line, column, message)]


def test_an_error_is_in_the_file_of_the_value():
    known = merged(values("a: 1\nb: 2", "base.yaml"), values("b: x", "overlay.yaml"))
    schema = Source("s", b"additionalProperties: {type: integer}")
    assert [(item.file, item.line) for item in validated(known, schema, Budget())] == [("overlay.yaml", 1)]


@pytest.mark.parametrize(
    ("schema", "column", "message"),
    [
        (
            "{type: int}",
            8,
            'type is "int", but must be one of "array", "boolean", "integer", "null", "number", "object", "string"',
        ),
        ("{properties: []}", 14, "properties is a list of 0, but must be a mapping"),
        ("{pattern: '(a'}", 11, 'pattern is "(a", which is not a valid regex'),
        ("{$ref: 'https://example.com/x'}", 8, "'https://example.com/x' refers to another file, which is not read"),
        ("{$ref: other.json}", 8, "'other.json' refers to another file, which is not read"),
        ("{$ref: 'file:///etc/passwd'}", 8, "'file:///etc/passwd' refers to another file, which is not read"),
        ("{$ref: '#/$defs/x'}", 8, "'#/$defs/x' does not exist in the schema"),
        ("{$ref: '#name'}", 8, "'#name' does not exist in the schema"),
        ("{$schema: 'http://json-schema.org/draft-07/schema#'}", 11, None),
        ("[]", 1, "a schema of values must be one document, a mapping"),
        ("{$ref: '#'}", 1, "validating the values has failed: the schema is nested too deeply or refers to itself"),
        ("{$defs: {a: {$ref: '#/$defs/b'}, b: {$ref: '#/$defs/a'}}, $ref: '#/$defs/a'}", 1, None),
    ],
)
def test_an_invalid_schema_is_an_error_at_its_place(schema, column, message):
    (found,) = problems("a: 1", schema)
    assert found[:4] == ("JSG719", "schema.yaml", 1, column)
    assert message in (None, found[4])


def test_an_id_of_elsewhere_is_not_fetched():
    assert problems("a: 1", "{$id: 'https://example.com/s', $ref: '#/$defs/num', $defs: {num: {type: object}}}") == []


def test_text_that_is_no_yaml_is_an_error_of_the_loader():
    assert [found[0] for found in problems("a: 1", "{")] == ["JSG002"]


@pytest.mark.parametrize(
    "schema",
    [
        "{properties: {a: {pattern: '(a+)+$'}}}",
        "{properties: {a: {pattern: '(a|aa)+$'}}}",
        "{patternProperties: {'^(a+)+b$': {}}, additionalProperties: {}}",
    ],
)
def test_a_pattern_that_runs_away_is_stopped(schema):
    known = "a: " + "a" * 60 + "!\n" + "a" * 60 + ": 1"
    (found,) = problems(known, schema)
    assert (found[0], found[4]) == ("JSG719", "validating all values takes more than 1 second of CPU time")


def test_the_number_of_errors_is_limited():
    known = "a: [" + "x, " * 20_000 + "]"
    assert len(problems(known, "properties: {a: {items: {type: integer}}}")) == 1_000


def test_all_schemas_of_a_compile_share_one_time():
    known = values("a: " + "a" * 60 + "!")
    schema = Source("schema.yaml", b"{properties: {a: {pattern: '(a+)+$'}}}")
    budget = Budget()
    found = [validated(known, schema, budget) for _ in range(20)]
    assert [len(each) for each in found] == [1] + [0] * 19
