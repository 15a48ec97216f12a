"""Every plan and state that a release has written is read by this one, and comes to the end that it came to then.

What a format is, its schema in schemas/ says. It never changes: a watcher that is out there would misread it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from jobsetgen.expand import plan
from jobsetgen.runtime.watcher import contract
from scripts.record_compat import built
from tests.cases import VALID
from tests.compat.formats import NAMES, SCHEMAS, plan_in, state_in, validator
from tests.compat.moments import FOLDER, MODES, MOMENTS, end_of, restored

FILES = sorted(FOLDER.glob("format-*/*.json"))
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")


def moment(file: Path) -> dict:
    return json.loads(file.read_text())


@EACH
def test_a_watcher_of_this_release_takes_over(file):
    recorded = moment(file)
    assert end_of(restored(recorded)) == recorded["end"]


@EACH
def test_so_does_one_whose_plan_is_of_this_release_too(file):
    recorded = moment(file)
    training = restored(recorded)
    jobs = {key: item for key, item in training.tool.git.items() if is_of_training(key)}
    training.push(training.text)
    training.tool.git.update(jobs)  # what an upgrade must not change, as another test holds
    training.tool.sync(jobs=False)
    assert end_of(training) == recorded["end"]


def is_of_training(key: tuple[str, str]) -> bool:
    return key[0] == "jobs" and not key[1].endswith("-restart-watcher")


def test_no_moment_is_missing():
    names = {f"{make.__name__.replace('_', '-')}.{jobs}.json" for make in MOMENTS for jobs in MODES}
    for folder in {file.parent for file in FILES}:
        assert {file.name for file in folder.glob("*.json")} == names, folder.name


# --- The schemas ----------------------------------------------------------------------------------
SHAPES = {
    "restart-plan-1": "5af52e22c38a2a0a",
    "restart-plan-2": "6c316763bc29dc26",
    "restart-state-1": "7ffbd318a2a25332",
    # The plan in it has a number of its own, which a watcher looks at by itself.
    "restart-state-2": "5f14d4450b6659c0",
}


def recorded_in(file: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield a ConfigMap of a moment, as Git has it and as it is in the cluster, where it has data."""
    content = moment(file)
    items = [item for _, called, item in [*content["git"], *content["cluster"]] if called == name]
    return (item for item in items if item.get("data"))


# Optional fields that came later. A watcher that does not know them makes the same Jobs without them.
ADDED = {"runId", "carriedFields"}


@EACH
def test_what_a_release_has_written_fits_the_schema_of_its_format(file):
    plans = list(recorded_in(file, "train-restart-plan"))
    states = list(recorded_in(file, "train-restart-state"))
    assert plans
    assert states
    for item in plans:
        validator("restart-plan-1").validate(plan_in(item))
    for item in states:
        validator(f"restart-state-{file.parent.name[-1]}").validate(state_in(item))


@pytest.mark.parametrize("variant", ["any", "none", "jobs-watcher"])
def test_every_plan_of_the_compiler_fits_the_schema_of_its_format(variant):
    # The profiles differ in annotations of Jobs.
    items = [item for case in VALID[:: 1 if variant == "jobs-watcher" else 5] for item in built(case, variant)]
    plans = [item for item in items if "plan.json" in (item.get("data") or {})]
    assert len(plans) > 5
    for item in plans:
        written = plan_in(item)
        validator(f"restart-plan-{written['format']}").validate(written)


def test_every_format_that_a_watcher_reads_has_a_schema_and_moments():
    plans = [f"restart-plan-{number}" for number in contract.PLAN_FORMATS]
    states = [f"restart-state-{number}" for number in contract.STATE_FORMATS]
    assert [*plans, *states] == list(NAMES)
    assert {file.parent.name for file in FILES} == {f"format-{number}" for number in contract.STATE_FORMATS}


def test_the_compiler_writes_the_newest_plan_that_its_watcher_reads():
    newest = contract.PLAN_FORMATS[-1]
    assert newest == plan.FORMAT
    assert plan.FORMAT_WITHOUT_PROGRAMS in contract.PLAN_FORMATS


def bare(schema: Any) -> Any:
    """Return a schema without what only people read."""
    if isinstance(schema, list):
        return [bare(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    prose = [key for key in ("description", "title") if isinstance(schema.get(key), str)]
    return {key: bare(item) for key, item in schema.items() if key not in prose}


@pytest.mark.parametrize("name", NAMES)
def test_a_format_never_changes(name):
    schema = bare(SCHEMAS[name])
    schema["properties"] = {field: each for field, each in schema["properties"].items() if field not in ADDED}
    text = json.dumps(schema, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    assert digest == SHAPES[name], "a watcher that is out there would misread it: give the new format another number"


PARTS = [
    (contract.Plan, ("restart-plan-2",)),
    (contract.StateOfFormat1, ("restart-state-1", "properties", "state.json")),
    (contract.Summary, ("restart-state-2", "properties", "state.json")),
    (contract.OfJobs, ("restart-state-2", "properties", "jobs.json.gz")),
]


@pytest.mark.parametrize(("kind", "path"), PARTS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_types_of_the_watcher_say_what_the_schemas_say(kind, path):
    schema: Any = SCHEMAS
    for key in path:
        schema = schema[key]
    published = bare(schema)
    if "format" in published["properties"]:
        number = published["properties"]["format"].pop("const")
        assert path[0].endswith(f"-{number}")
    published.pop("$schema", None)
    assert published == schema_of(kind)


def schema_of(kind: Any) -> dict[str, Any]:
    """Return the schema of a type of the watcher's contract."""
    made = _SCHEMAS.get(get_origin(kind))
    if made:
        return made(*get_args(kind))
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    fields = get_type_hints(kind, include_extras=True)
    properties = {field: schema_of(each) for field, each in fields.items()}
    return {"type": "object", "properties": properties, "required": [f for f in fields if f in kind.__required_keys__]}


def _annotated(kind: Any, rule: Any) -> dict[str, Any]:
    if isinstance(rule, contract.Least):
        return {**schema_of(kind), "minimum": rule.number}
    if isinstance(rule, re.Pattern):
        return {**schema_of(kind), "pattern": f"^{rule.pattern}$"}
    return {**schema_of(kind), "format": "regex"}


def _optional(kind: Any, _: Any) -> dict[str, Any]:
    schema = schema_of(kind)
    return {**schema, "type": [schema["type"], "null"]}


def _pair(*kinds: Any) -> dict[str, Any]:
    return {"type": "array", "items": schema_of(kinds[0]), "minItems": len(kinds), "maxItems": len(kinds)}


def _object(_: Any, kind: Any) -> dict[str, Any]:
    return {"type": "object"} if kind is Any else {"type": "object", "additionalProperties": schema_of(kind)}


_PLAIN = {int: "integer", str: "string", bool: "boolean"}
_SCHEMAS: dict[Any, Any] = {
    Annotated: _annotated,
    Literal: lambda *values: {"type": "string", "enum": list(values)},
    Union: _optional,
    dict: _object,
    list: lambda kind: {"type": "array", "items": schema_of(kind)},
    tuple: _pair,
}
