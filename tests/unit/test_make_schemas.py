"""The trimmed Kubernetes schemas, and the script that writes them."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from jobsetgen import schema as checked
from jobsetgen.kubernetes.versions import VERSIONS
from scripts import make_schemas

needs_source = pytest.mark.skipif(
    importlib.util.find_spec("kubernetes_validate") is None,
    reason="kubernetes-validate, which carries Kubernetes' own schemas, is not installed",
)
COMMITTED = {
    version: json.loads((make_schemas.TARGET / f"{version}.json").read_text(encoding="utf-8")) for version in VERSIONS
}
WORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "$ref", "format", "description"}
JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "train", "labels": {"app": "train"}},
    "spec": {
        "completions": 2,
        "parallelism": 2,
        "completionMode": "Indexed",
        "template": {
            "spec": {
                "restartPolicy": "Never",
                "nodeSelector": {"zone": "a"},
                "containers": [
                    {
                        "name": "main",
                        "image": "registry.example.com/train:1.0",
                        "ports": [{"containerPort": 8080}],
                        "resources": {"limits": {"cpu": 4, "memory": "1Gi"}},
                        "livenessProbe": {"httpGet": {"port": "health"}},
                    }
                ],
                "volumes": [{"name": "scratch", "emptyDir": {"medium": "HugePages-2Mi"}}],
            }
        },
    },
}


def properties(version: str, definition: str) -> dict[str, Any]:
    return COMMITTED[version]["$defs"][definition].get("properties", {})  # type: ignore[no-any-return]


def versions_with(place: str) -> list[str]:
    definition, _, field = place.partition(".")
    return [
        each for each in VERSIONS if definition in COMMITTED[each]["$defs"] and field in properties(each, definition)
    ]


def schemas(value: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema in one, with the place that the script's tables would name it by."""
    yield place, value
    for field, inner in value.get("properties", {}).items():
        yield from schemas(inner, f"{place}.{field}")
    if "items" in value:
        yield from schemas(value["items"], f"{place}[]")
    if isinstance(value.get("additionalProperties"), dict):
        yield from schemas(value["additionalProperties"], f"{place}{{}}")


def places(version: str) -> dict[str, dict[str, Any]]:
    definitions = COMMITTED[version]["$defs"]
    return {place: inner for name, each in definitions.items() for place, inner in schemas(each, name)}


def errors(data: Any, version: str, kind: str = "Job") -> list[str]:
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", **COMMITTED[version]})
    return [error.message for error in validator.iter_errors(data)]


@needs_source
@pytest.mark.parametrize("version", VERSIONS)
def test_the_committed_file_is_what_the_script_writes(version: str) -> None:
    written = make_schemas.text(make_schemas.trimmed(version))
    assert (make_schemas.TARGET / f"{version}.json").read_bytes() == written.encode()


def test_there_is_a_file_for_each_version_that_can_be_chosen_and_no_other() -> None:
    assert sorted(path.stem for path in make_schemas.TARGET.iterdir()) == sorted(VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_is_valid_json_schema_in_few_words(version: str) -> None:
    jsonschema.Draft202012Validator.check_schema(COMMITTED[version])
    assert {word for each in places(version).values() for word in each} == WORDS


@pytest.mark.parametrize("version", VERSIONS)
def test_the_references_lead_from_the_roots_to_every_definition(version: str) -> None:
    definitions = COMMITTED[version]["$defs"]
    reached: set[str] = set()
    queue = [root.rpartition(".")[2] for root in make_schemas.ROOTS]
    while queue:
        name = queue.pop()
        if name not in reached:
            reached.add(name)
            inside = (each for _, each in schemas(definitions[name], name))
            queue += [each["$ref"].removeprefix("#/$defs/") for each in inside if "$ref" in each]
    assert reached == set(definitions)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_object_with_named_fields_takes_others(version: str) -> None:
    named = {place: each for place, each in places(version).items() if "properties" in each}
    assert [place for place, each in named.items() if each["additionalProperties"] is not False] == []
    assert all(list(each["properties"]) == sorted(each["properties"]) for each in named.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_only_what_the_server_writes_is_an_object_of_anything(version: str) -> None:
    anything = {place for place, each in places(version).items() if each == {"type": "object"}}
    assert anything == make_schemas.OPAQUE


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kind_is_named_in_its_definition(version: str) -> None:
    for (api_version, kind), definition in checked.KINDS.items():
        if definition in COMMITTED[version]["$defs"]:
            fields = properties(version, definition)
            assert (fields["apiVersion"]["enum"], fields["kind"]["enum"]) == ([api_version], [kind])


@pytest.mark.parametrize(
    ("place", "first"),
    [
        ("PodSpec.resources", "1.32"),
        ("PodSecurityContext.seLinuxChangePolicy", "1.32"),
        ("Lifecycle.stopSignal", "1.33"),
        ("Container.restartPolicyRules", "1.34"),
        ("EnvVarSource.fileKeyRef", "1.34"),
        ("PodSpec.hostnameOverride", "1.34"),
        ("PodSpec.schedulingGroup", "1.36"),
        ("JobSpec.scheduling", "1.37"),
        ("PodSpec.evictionResponders", "1.37"),
    ],
)
def test_a_field_is_there_from_the_version_that_brought_it(place: str, first: str) -> None:
    assert versions_with(place) == list(VERSIONS[VERSIONS.index(first) :])


def test_workload_ref_was_there_in_one_version_only() -> None:
    assert versions_with("PodSpec.workloadRef") == ["1.35"]


@pytest.mark.parametrize(
    ("place", "value", "first"),
    [
        ("Container.restartPolicy", "Always", "1.31"),
        ("Container.restartPolicy", "Never", "1.34"),
        ("ContainerRestartRule.action", "Restart", "1.34"),
        ("ContainerRestartRule.action", "RestartAllContainers", "1.35"),
        ("ServiceSpec.trafficDistribution", "PreferClose", "1.31"),
        ("ServiceSpec.trafficDistribution", "PreferSameZone", "1.33"),
        ("Toleration.operator", "Exists", "1.31"),
        ("Toleration.operator", "Gt", "1.35"),
    ],
)
def test_a_value_is_allowed_from_the_version_that_brought_it(place: str, value: str, first: str) -> None:
    allowing = [each for each in VERSIONS if value in places(each).get(place, {}).get("enum", [])]
    assert allowing == list(VERSIONS[VERSIONS.index(first) :])


@pytest.mark.parametrize("place", make_schemas.ENUMS)
def test_a_closed_set_is_one_of_a_field_that_there_is(place: str) -> None:
    having = {each: places(each)[place] for each in VERSIONS if place in places(each)}
    assert having
    assert {version: each["enum"] for version, each in having.items()} == {
        version: make_schemas.enums_of(version)[place] for version in having
    }


@pytest.mark.parametrize("place", make_schemas.OPEN)
def test_a_set_that_is_said_to_be_open_is_one_of_a_field_that_there_is(place: str) -> None:
    having = [places(each)[place] for each in VERSIONS if place in places(each)]
    assert having
    assert all("enum" not in each for each in having)


@pytest.mark.parametrize("place", make_schemas.DESCRIPTIONS)
def test_a_description_is_one_of_a_field_that_there_is(place: str) -> None:
    having = [places(each)[place] for each in VERSIONS if place in places(each)]
    assert having
    assert {each["description"] for each in having} == {make_schemas.DESCRIPTIONS[place]}


@pytest.mark.parametrize("version", VERSIONS)
def test_no_other_field_has_a_description(version: str) -> None:
    described = {place for place, each in places(version).items() if "description" in each}
    assert described <= set(make_schemas.DESCRIPTIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_small_job_fits(version: str) -> None:
    assert errors(JOB, version) == []
    assert checked.problems(JOB, "Job", version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_with_an_unknown_field_does_not_fit(version: str) -> None:
    unknown = {**JOB, "spec": {**JOB["spec"], "completion": 2}}
    message = "Additional properties are not allowed ('completion' was unexpected)"
    assert errors(unknown, version) == [message]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_without_a_template_does_not_fit(version: str) -> None:
    assert errors({**JOB, "spec": {}}, version) == ["'template' is a required property"]


def scheduled(basic: dict[str, Any]) -> dict[str, Any]:
    return {**JOB, "spec": {**JOB["spec"], "scheduling": {"schedulingPolicy": {"basic": basic}}}}


def test_a_marker_without_fields_takes_none() -> None:
    assert errors(scheduled({}), "1.37") == []
    found = checked.problems(scheduled({"minCount": 2}), "Job", "1.37")
    assert [each.finding.message for each in found] == [
        "unknown field 'minCount' in spec.scheduling.schedulingPolicy.basic"
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_server_fills_in_may_be_left_out(version: str) -> None:
    assert errors({"kind": "Role", "name": "reader"}, version, "RoleRef") == []
    assert errors({"type": "DisruptionTarget"}, version, "PodFailurePolicyOnPodConditionsPattern") == []


def _from(monkeypatch: pytest.MonkeyPatch, definitions: dict[str, Any]) -> None:
    monkeypatch.setattr(make_schemas, "source", lambda version: definitions)
    monkeypatch.setattr(make_schemas, "ROOTS", tuple(definitions))


def test_two_definitions_of_one_short_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _from(monkeypatch, {"a.v1.Job": {"type": "object"}, "b.v1.Job": {"type": "object"}})
    with pytest.raises(SystemExit, match=r"^1\.37: b\.v1\.Job and a\.v1\.Job share a name$"):
        make_schemas.trimmed("1.37")


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": ["string", "null"], "description": "Valid values are A and B."}, "Thing.mode"),
        ({"type": "array", "items": {"type": "string"}, "description": "One of First, Second."}, "Thing.mode[]"),
    ],
)
def test_a_description_that_lists_values_no_table_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch, schema: dict[str, Any], place: str
) -> None:
    _from(monkeypatch, {"a.v1.Thing": {"type": "object", "properties": {"mode": schema}}})
    with pytest.raises(SystemExit) as refused:
        make_schemas.trimmed("1.37")
    assert str(refused.value) == f"{place} lists its values: name them in ENUMS, or say in OPEN why not"


@needs_source
def test_check_names_the_files_that_differ_and_writes_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "kubernetes"
    monkeypatch.setattr(make_schemas, "TARGET", target)
    monkeypatch.setattr(make_schemas, "VERSIONS", ("1.36", "1.37"))
    monkeypatch.setattr(make_schemas, "LATER", {})
    monkeypatch.setattr(sys, "argv", ["make_schemas.py"])
    make_schemas.main()
    (target / "1.36.json").write_text("{}\n", encoding="utf-8")
    (target / "1.37.json").unlink()
    monkeypatch.setattr(sys, "argv", ["make_schemas.py", "--check"])
    with pytest.raises(SystemExit) as refused:
        make_schemas.main()
    assert str(refused.value.code) == "not what scripts/make_schemas.py writes: 1.36.json, 1.37.json"
    assert [path.read_text(encoding="utf-8") for path in target.iterdir()] == ["{}\n"]


@needs_source
def test_check_says_nothing_where_all_is_as_it_would_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_schemas.py", "--check"])
    make_schemas.main()
