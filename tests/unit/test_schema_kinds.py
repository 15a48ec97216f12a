"""The quick check, for every kind: it agrees with the library, and knows every word that the schemas use."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.schema import KINDS, conforms, schema_of
from jobsetgen.schema.explain import library_errors
from jobsetgen.source.loader import load
from tests.acceptance.test_properties import places
from tests.conftest import SNAPSHOTS
from tests.unit.test_schema import jobsets

CHECKED = {
    "$ref",
    "additionalProperties",
    "enum",
    "format",
    "items",
    "maxItems",
    "maximum",
    "minimum",
    "properties",
    "required",
}
CHECKED |= {"type"}
SAYS_NOTHING = {"$defs", "$schema", "description", "title"}
PROJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "jobsetgen.io/v1alpha1",
        "kind": "JobSetGenerator",
        "images": [{"name": "a", "newTag": "b"}],
        "replicas": [{"jobSet": "a", "replicatedJob": "b", "replicas": 1}],
        "placement": {"strategy": "domains", "domains": {"rack": ["a", "b"]}},
        "priorityClasses": {"high": 1},
        "maxJobs": 5,
    }
]
# At the edges of what numbers may be, and of each type.
ODD: list[Any] = [
    None, True, 0, -1, 1.0, 0.5, -2.0, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63, 1e300, "", "1", "TCP", "Always",
    [], {}, [None], [{}], {"x": 1}, {"name": "a"}, [{"name": "a"}],
]  # fmt: skip


def written() -> Iterator[tuple[str, Any]]:
    """Yield the objects of the snapshots that have a schema, one of each kind in a file."""
    seen = set()
    for path in sorted((SNAPSHOTS / "valid").rglob("any.yaml")):
        for document in load(path.name, path.read_bytes()).documents:
            kind = KINDS.get((document.data.get("apiVersion"), document.data.get("kind")))
            if kind and (path, kind) not in seen:
                seen.add((path, kind))
                yield kind, document.data


@cache
def by_kind() -> dict[str, list[Any]]:
    """Return objects of each kind that has a schema."""
    objects = [*written(), *(("JobSet", each) for each in jobsets()), *(("JobSetGenerator", each) for each in PROJECTS)]
    return {kind: [data for each, data in objects if each == kind] for kind in KINDS.values()}


def mutated(draw: st.DrawFn, kind: str) -> Any:
    """Return an object of a kind in which up to two things are replaced, removed, or put where they do not belong."""
    document = copy.deepcopy(draw(st.sampled_from(by_kind()[kind])))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from(places(document)))
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "remove":
            del parent[place[-1]]
        elif action == "replace" or isinstance(parent, list):
            parent[place[-1]] = copy.deepcopy(draw(st.sampled_from(ODD)))
        else:
            parent[draw(st.sampled_from(["x", "name", "items", "spec"]))] = copy.deepcopy(draw(st.sampled_from(ODD)))
        if not places(document):
            break
    return document


@pytest.mark.parametrize("kind", KINDS.values())
def test_the_quick_check_and_the_library_agree(kind):
    answers = set()

    @settings(max_examples=120, derandomize=True)
    @given(st.data(), st.sampled_from(VERSIONS))
    def agree(data, version):
        document, schema = data.draw(st.composite(mutated)(kind)), schema_of(kind, version)
        answer = conforms(document, schema, schema["$defs"])
        assert answer == (not list(library_errors(document, schema)))
        answers.add(answer)

    agree()
    assert answers == {True, False}


@pytest.mark.parametrize("version", VERSIONS)
def test_they_agree_at_the_edges_of_every_kind_of_value(version):
    whole = [schema_of(kind, version) for kind in KINDS.values()]
    kinds = {json.dumps(each, sort_keys=True): each for schema in whole for each in leaves(schema)}
    assert {"format", "minimum", "maximum", "maxItems", "enum"} <= {word for leaf in kinds.values() for word in leaf}
    for leaf in kinds.values():
        for value in [*ODD, *(["x"] * (leaf.get("maxItems", 0) + more) for more in (0, 1))]:
            assert conforms(value, leaf, {}) == (not list(library_errors(value, leaf))), (leaf, value)


def leaves(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield what a schema says of the values in it, without what it says of the values inside of those."""
    if isinstance(schema, dict):
        yield {
            word: schema[word]
            for word in ("type", "enum", "format", "minimum", "maximum", "maxItems")
            if word in schema
        }
        for inner in inside(schema):
            yield from leaves(inner)


def inside(schema: dict[str, Any]) -> Iterator[Any]:
    """Yield the schemas directly inside of a schema."""
    yield from (schema.get("items"), schema.get("additionalProperties"))
    for named in ("properties", "$defs"):
        yield from schema.get(named, {}).values()


@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.parametrize("version", VERSIONS)
def test_the_quick_check_knows_every_word_of_the_schemas(kind, version):
    schema = schema_of(kind, version)
    assert set(words(schema)) <= CHECKED | SAYS_NOTHING


def words(schema: Any) -> Iterator[str]:
    """Yield the keywords of a schema and of those inside it."""
    if isinstance(schema, dict):
        yield from schema
        for inner in inside(schema):
            yield from words(inner)
