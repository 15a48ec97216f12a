"""What the diff takes for no change, against the API server: it stores what was applied with defaults, empty fields
left out and quantities in another form, and none of that may be reported.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.diff.api_types import OBJECT, QUANTITIES, TYPES, UNKNOWN, ApiType, type_of
from jobsetgen.diff.changes import Path as FieldPath
from jobsetgen.diff.defaults import default_fields
from jobsetgen.diff.fields import field_changes
from jobsetgen.diff.paths import path_text
from jobsetgen.kubernetes.leftovers import without_leftovers
from jobsetgen.source.loader import load
from tests.cases import VALID, arguments
from tests.cluster.harness.client import ApiError, Client
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.oracles.admission import NOT_SERVED
from tests.cluster.oracles.api_source import Source, api_source

Json = dict[str, Any]
Cli = Callable[..., Any]
HERE = Path(__file__).resolve().parent
# What the API server writes into an object beside defaults: identities, addresses, what a controller left.
CONTROLLER_LABELS = [
    f"{prefix}{key}" for prefix in ("", "batch.kubernetes.io/") for key in ("job-name", "controller-uid")
]
ADDRESSES = ("clusterIP", "clusterIPs", "healthCheckNodePort")
# Passed through by a build, and not served here.
PASSED_THROUGH = {
    *NOT_SERVED,
    "JobSet of jobset.x-k8s.io/v1alpha2",
    "Namespace of v1",
    "PriorityClass of scheduling.k8s.io/v1",
}
# Types of ours that stand for several of Go's, or for a map.
OURS = {"List", "Workload", "WorkloadSpec", QUANTITIES}
OF_THE_SERVER = {"selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"}
NEVER_IN_A_JOB = {"ephemeralContainers", "scheduling"}
# Lists that are refused in some places, even without items.
REFUSED = {"claims", "finalizers", "ownerReferences"}
# Behind feature gates that are off, or only in what the API server writes.
NOT_APPLIED = {"EvictionResponder", "Namespace", "NamespaceSpec", "OwnerReference", "Pod", "PodSchedulingGroup"}


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
    """Return a stored object without what is no default."""
    kept = copy.deepcopy(found)
    del kept["metadata"]["namespace"]
    kept["metadata"].pop("finalizers", None)
    match kept["kind"]:
        case "Job":
            clean_job(applied, kept)
        case "Service":
            clean_service(applied["spec"], kept["spec"])
        case "Deployment":
            # Of a Deployment, only the pods are compared with the table.
            kept["spec"] = {key: kept["spec"][key] for key in ("selector", "template")}
    return kept


def clean_job(applied: Json, job: Json) -> None:
    del job["spec"]["selector"]
    for key in CONTROLLER_LABELS:
        job["spec"]["template"]["metadata"]["labels"].pop(key, None)
    if "labels" not in applied["metadata"]:
        # Those of its pods, with those of the controller.
        del job["metadata"]["labels"]


def clean_service(applied: Json, spec: Json) -> None:
    spec.pop("ipFamilies", None)
    for key in () if applied.get("clusterIP") else ADDRESSES:
        spec.pop(key, None)
    for port in spec.get("ports", ()):
        port.pop("nodePort", None)


def changes_between(old: Json, new: Json) -> list[str]:
    """Return the changes from an object to another, and from that one back, as texts."""
    found = [*field_changes(old, new), *field_changes(new, old)]
    return [f"{path_text(each.path)}: {each.operation} {each.old!r} {each.new!r}" for each in found]


# Fixtures and every field


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_what_is_stored_of_a_build_is_what_it_prints(case: Path, cli: Cli, bare: ControlPlane) -> None:
    run = cli("build", *arguments(case), folder=case)
    assert run.status == 0, run.err
    clients: dict[str, Client] = {}
    for item in loaded(run.out.encode()):
        if f"{item['kind']} of {item['apiVersion']}" not in PASSED_THROUGH:
            namespace = item["metadata"].pop("namespace", "")
            client = clients[namespace] = clients.get(namespace) or new_namespace(bare)
            assert changes_between(item, stored(client, item)) == []


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
    assert changes_between(EVERY_FIELD[index], found[index]) == []


def test_empty_fields_are_stored_as_none(bare: ControlPlane) -> None:
    client = new_namespace(bare)
    for item in EVERY_FIELD:
        filled = with_empties(item, type_of(item, OBJECT), api_source())
        assert filled != item or item["kind"] == "Deployment"
        assert changes_between(item, filled) == []
        assert changes_between(filled, stored(client, filled)) == []


def with_empties(value: Any, of: ApiType, source: Source) -> Any:
    """Return a value with an empty value in every field that is missing and is no pointer."""
    if isinstance(value, list):
        return [with_empties(item, of, source) for item in value]
    if not isinstance(value, dict):
        return value
    left_out = {*OF_THE_SERVER, *NEVER_IN_A_JOB, *REFUSED, *value, "status"}
    fields = [each for each in source.structs.get(of.name, ()) if each.name not in left_out]
    empties = {each.name: source.empty(each) for each in fields if not each.is_pointer}
    return {key: with_empties(item, inner(of, key), source) for key, item in {**empties, **value}.items()}


def inner(of: ApiType, field: str) -> ApiType:
    """Return the type of a field, or of the items in it."""
    return TYPES.get(of.field_type(field), UNKNOWN)


# The tables hold what is needed, and what is right


def only_stored(applied: Any, found: Any, of: ApiType, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
    """Yield the paths of the fields that only a stored value has, with the type that each is in."""
    if isinstance(applied, list):
        for index, (mine, own) in enumerate(zip(applied, found, strict=True)):
            yield from only_stored(mine, own, of, (*path, index))
    elif isinstance(applied, dict):
        for field, own in found.items():
            if field in applied:
                yield from only_stored(applied[field], own, inner(of, field), (*path, field))
            elif field in default_fields(of):
                yield (*path, field), of.name


def test_every_default_of_the_table_is_stored(found: list[Json]) -> None:
    seen = {
        (name, path[-1])
        for item, own in zip(EVERY_FIELD, found, strict=True)
        for path, name in only_stored(item, own, type_of(item, OBJECT))
    }
    assert seen == {(name, field) for name, of in TYPES.items() for field in default_fields(of)}


@pytest.mark.parametrize("index", range(len(EVERY_FIELD)), ids=IDS)
def test_every_other_value_is_seen(index: int, found: list[Json]) -> None:
    item, own = EVERY_FIELD[index], found[index]
    for path, _ in only_stored(item, own, type_of(item, OBJECT)):
        other = copy.deepcopy(own)
        *parents, last = path
        parent: Any = other
        for step in parents:
            parent = parent[step]
        parent[last] = another(parent[last])
        assert field_changes(item, other), path_text(path)


def another(value: Any) -> Any:
    """Return another value of a kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}1"
        case list():
            return [*value, "1"]
    return {**value, "other": "1"}


def test_the_objects_have_a_value_of_every_type() -> None:
    seen = {name for item in EVERY_FIELD for name in types_in(item, type_of(item, OBJECT))}
    assert TYPES.keys() - seen == NOT_APPLIED | {"List"}


def types_in(value: Any, of: ApiType) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from types_in(item, of)
    elif isinstance(value, dict):
        yield of.name
        for field, item in value.items():
            yield from types_in(item, inner(of, field))


@pytest.mark.parametrize("name", sorted(TYPES.keys() - OURS))
def test_a_type_has_the_fields_of_its_source(name: str) -> None:
    source, of = api_source(), TYPES[name]
    left_out = NEVER_IN_A_JOB
    if {"apiVersion", "kind", "metadata"} <= {each.name for each in source.structs[name]}:
        left_out = {"apiVersion", "kind", "status"}
    elif name == "ObjectMeta":
        left_out = OF_THE_SERVER
    fields = [each for each in source.structs[name] if each.name not in left_out]
    typed = [each for each in fields if source.is_struct(each) or each.base in ("Quantity", "ResourceList")]
    assert of.fields == {each.name: each.base.replace("ResourceList", QUANTITIES) for each in typed}
    assert of.plain_fields == {each.name for each in fields if not (each.is_pointer or each.is_list)}


# What runs the same and is still another pod template

LISTS = ["volumes", "containers", "imagePullSecrets", "topologySpreadConstraints"]


@pytest.mark.parametrize("field", LISTS)
def test_a_job_cannot_take_another_order_that_is_no_change(field: str, bare: ControlPlane) -> None:
    pod: Json = {
        "restartPolicy": "Never",
        "volumes": [{"name": name} for name in "ab"],
        "containers": [{"name": name, "image": "a:1"} for name in "ab"],
        "imagePullSecrets": [{"name": name} for name in "ab"],
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule"} for key in "ab"
        ],
    }
    job: Json = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": pod}},
    }
    client = new_namespace(bare)
    client.apply(job)
    turned = copy.deepcopy(job)
    turned["spec"]["template"]["spec"][field].reverse()
    assert changes_between(job, turned) == []
    with pytest.raises(ApiError, match="field is immutable"):
        client.apply(turned)
