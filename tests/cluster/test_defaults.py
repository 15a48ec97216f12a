"""What the diff takes for no change, against the API server: it stores what was applied with defaults, empty fields
left out and quantities in another form, and none of that may be reported.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.diff.api_types import QUANTITIES, QUANTITY, TYPES, ApiType, type_of
from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.changes import Path as FieldPath
from jobsetgen.diff.defaults import default, default_fields
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.paths import path_text
from jobsetgen.kubernetes.leftovers import without_leftovers
from jobsetgen.source.loader import load
from tests.cases import VALID, arguments
from tests.cluster.harness.client import Client
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.oracles.admission import NOT_SERVED
from tests.cluster.oracles.api_source import Field, Source, api_source

Json = dict[str, Any]
Cli = Callable[..., Any]
HERE = Path(__file__).resolve().parent
# What the API server writes into an object beside the defaults: identities, addresses, protection.
CONTROLLER_LABELS = [f"{prefix}{key}" for prefix in ("", "batch.kubernetes.io/") for key in ("job-name", "controller-uid")]
ALLOCATED = ("clusterIP", "clusterIPs", "ipFamilies", "healthCheckNodePort")
# Types of ours that stand for several of Go's, and those that have no fields there.
OURS = {"Workload", "WorkloadSpec", "Object", QUANTITIES, QUANTITY}
# Fields that only the API server writes, that Jobs may not have, or that a feature gate takes away.
LEFT_OUT = {
    *("selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "status"),
    *("ephemeralContainers", "scheduling", "apiVersion", "kind"),
}


def loaded(text: bytes) -> list[Json]:
    """Return the objects of a file or of an output; a List is opened."""
    read = load("", text)
    assert read.diagnostics == []
    return [item for document in read.documents for item in opened(document.data)]


def opened(data: Json) -> list[Json]:
    return [copy.deepcopy(each) for each in (data["items"] if data["kind"] == "List" else [data])]


EVERY_FIELD = loaded((HERE / "every_field.yaml").read_bytes())


@pytest.fixture(scope="module")
def bare(cluster_seconds: dict[str, float], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """An API server without any controller, which leaves an object as it was stored."""
    with control_plane(tmp_path_factory.mktemp("bare"), controllers=False) as started:
        yield started


def stored(client: Client, item: Json) -> Json:
    """Create an object and return what a read of it gives, without what is the server's own."""
    made = client.create(item, strict=True)
    found = client.get(client.resource_of(item).plural, made["metadata"]["name"])
    return without_the_servers(item, without_leftovers(found))


def without_the_servers(applied: Json, found: Json) -> Json:
    kept = copy.deepcopy(found)
    kept["metadata"].pop("namespace", None)
    kept["metadata"].pop("finalizers", None)
    spec = kept.get("spec", {})
    if kept["kind"] == "Job":
        del spec["selector"]
        for key in CONTROLLER_LABELS:
            spec["template"]["metadata"]["labels"].pop(key, None)
    if kept["kind"] == "Deployment":
        kept["metadata"].pop("annotations", None)
        kept["spec"] = {key: spec[key] for key in ("selector", "template")}
    if kept["kind"] == "Service":
        for key in ALLOCATED:
            if key not in applied["spec"]:
                spec.pop(key, None)
        for port in spec.get("ports", ()):
            port.pop("nodePort", None)
    return kept


def within(namespace: str, item: Json) -> Json:
    return {**item, "metadata": {**item["metadata"], "namespace": namespace}}


def texts(changes: list[FieldChange]) -> list[str]:
    return [f"{path_text(each.path)}: {each.operation} {each.old!r} {each.new!r}" for each in changes]


# Fixtures and every field


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_what_is_stored_of_a_build_is_what_it_prints(case: Path, cli: Cli, bare: ControlPlane) -> None:
    run = cli("build", *arguments(case), folder=case)
    assert run.status == 0, run.err
    clients: dict[str, Client] = {}
    for item in loaded(run.out.encode()):
        if item["kind"] == "Namespace" or f"{item['kind']} of {item['apiVersion']}" in NOT_SERVED:
            continue
        namespace = item["metadata"].pop("namespace", "")
        if namespace not in clients:
            clients[namespace] = new_namespace(bare)
        found = stored(clients[namespace], item)
        assert texts(field_changes(item, found)) == []
        assert texts(field_changes(found, item)) == []


def new_namespace(plane: ControlPlane) -> Client:
    """Return a client for a namespace of its own."""
    return plane.within(plane.new_namespace("defaults"))


IDS = [f"{each['kind']}-{each['metadata']['name']}" for each in EVERY_FIELD]


@pytest.fixture(scope="module")
def found(bare: ControlPlane) -> list[Json]:
    """Return the objects with every field as they are stored."""
    client = new_namespace(bare)
    return [stored(client, item) for item in EVERY_FIELD]


@pytest.mark.parametrize("index", range(len(EVERY_FIELD)), ids=IDS)
def test_what_is_stored_is_what_was_applied(index: int, found: list[Json]) -> None:
    assert texts(field_changes(EVERY_FIELD[index], found[index])) == []
    assert texts(field_changes(found[index], EVERY_FIELD[index])) == []


def test_empty_fields_are_stored_as_none(bare: ControlPlane) -> None:
    client = new_namespace(bare)
    for item in EVERY_FIELD:
        filled = with_empties(item, type_of(item, "Object"), api_source())
        assert texts(field_changes(item, filled)) == []
        assert texts(field_changes(filled, stored(client, filled))) == []


def with_empties(value: Any, of: ApiType, source: Source) -> Any:
    """Return a value with an empty value in every field that is missing and is no pointer."""
    if isinstance(value, list):
        return [with_empties(item, of, source) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {each.name: each for each in source.structs.get(of.name, ())}
    missing = [each for each in fields.values() if can_be_empty(each, of, source) and each.name not in value]
    whole = value | {each.name: [] if each.is_list else source.empty(each) for each in missing}
    return {key: with_empties(item, TYPES.get(of.field_type(key), ApiType("", {}, frozenset())), source) for key, item in whole.items()}


def can_be_empty(field: Field, of: ApiType, source: Source) -> bool:
    return not field.is_pointer and field.name not in LEFT_OUT


# The table holds no more and no less


def pairs_with_defaults(applied: Any, stored: Any, of: ApiType, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str, str]]:
    """Yield the path, the type and the name of each field that only the stored value has."""
    if isinstance(applied, list):
        for index, (mine, own) in enumerate(zip(applied, stored, strict=True)):
            yield from pairs_with_defaults(mine, own, of_item(of, mine), (*path, index))
    elif isinstance(applied, dict):
        for field in stored:
            inner = TYPES.get(of.field_type(field), ApiType("", {}, frozenset()))
            if field in applied:
                yield from pairs_with_defaults(applied[field], stored[field], inner, (*path, field))
            elif stored[field] not in ({}, []) or field in default_fields(of):
                yield (*path, field), of.name, field


def of_item(of: ApiType, item: Any) -> ApiType:
    return of


def test_every_default_of_the_table_is_stored(found: list[Json]) -> None:
    seen = {
        (of, field)
        for item, own in zip(EVERY_FIELD, found, strict=True)
        for _, of, field in pairs_with_defaults(item, own, type_of(item, "Object"))
    }
    table = {(name, field) for name, of in TYPES.items() for field in default_fields(of)}
    assert table - seen == set()


@pytest.mark.parametrize("index", range(len(EVERY_FIELD)), ids=IDS)
def test_every_other_value_is_seen(index: int, found: list[Json]) -> None:
    item, own = EVERY_FIELD[index], found[index]
    for path, _, _ in pairs_with_defaults(item, own, type_of(item, "Object")):
        other = copy.deepcopy(own)
        *parents, last = path
        parent = other
        for step in parents:
            parent = parent[step]
        parent[last] = another(parent[last])
        assert field_changes(item, other), path_text(path)


def another(value: Any) -> Any:
    """Return another value of a kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}1"
    return [*value, "1"] if isinstance(value, list) else {**value, "a": "1"}


def test_the_objects_have_a_value_of_every_type() -> None:
    seen = {name for item in EVERY_FIELD for name in types_in(item, type_of(item, "Object"))}
    # Feature gates that are off, and a type that nothing but an address of an object has.
    gated = {"EvictionResponder", "PodSchedulingGroup", "OwnerReference"}
    assert set(TYPES) - seen - gated - {"Pod", "Namespace", "List", QUANTITIES} == set()


def types_in(value: Any, of: ApiType) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from types_in(item, of)
    elif isinstance(value, dict):
        yield of.name
        for field, item in value.items():
            yield from types_in(item, TYPES.get(of.field_type(field), ApiType("", {}, frozenset())))


# The table of types is that of the source

OF_GO = sorted(set(TYPES) - OURS - {"List"})
NAMED_OTHERWISE = {"Pod": "Pod"}


@pytest.mark.parametrize("name", OF_GO)
def test_a_type_has_the_fields_of_its_source(name: str) -> None:
    source, of = api_source(), TYPES[name]
    is_object = {"metadata", "apiVersion", "kind"} <= {each.name for each in source.structs[name]}
    left_out = LEFT_OUT if is_object or name == "ObjectMeta" else {"ephemeralContainers", "scheduling"}
    fields = [each for each in source.structs[name] if each.name not in left_out]
    assert dict(of.fields) == {each.name: type_name(each) for each in fields if type_name(each) and (source.is_struct(each) or type_name(each) in (QUANTITY, QUANTITIES))}
    assert of.plain_fields == {each.name for each in fields if not (each.is_pointer or each.is_list)}


def type_name(field: Field) -> str:
    return QUANTITIES if field.base == "ResourceList" else field.base
