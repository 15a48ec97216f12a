"""Every output: valid for every Kubernetes version, read alike by kubectl, unchanged when compiled again."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache

import kubernetes_validate
import pytest
import referencing.jsonschema
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import PREVIEW, compile
from jobsetgen.source.loader import load
from jobsetgen.source.text import Source
from tests.cases import VALID
from tests.outputs import MODES, built

# Kinds of the core groups; a custom resource has no schema but its own.
CHECKED = frozenset(
    ["ConfigMap", "Job", "Namespace", "PersistentVolumeClaim", "Role", "RoleBinding", "Service", "ServiceAccount"]
)


def output(case, mode: str) -> bytes:
    return built(case, mode).output.replace(PREVIEW, "").encode()


def objects(case, mode: str):
    """Return the objects that Kubernetes itself has a schema for."""
    found = [document.data for document in load(f"{mode}.yaml", output(case, mode)).documents]
    return [data for data in found if data["kind"] in CHECKED]


@cache
def validator(version: str, kind: str, api_version: str) -> Draft202012Validator:
    """The strict schema of a kind as kubernetes-validate ships it, read once."""
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    group = api_version.partition("/")[0].partition(".")[0] + "-v1" if "/" in api_version else "v1"
    schema = kubernetes_validate.utils.schema_contents(f"{folder}/{kind.lower()}-{group}.json", version)
    return Draft202012Validator(schema, registry=registry(version))


@cache
def registry(version: str) -> Registry:
    folder = f"kubernetes-json-schema/v{version}.0-local-strict"
    definitions = kubernetes_validate.utils.schema_contents(f"{folder}/_definitions.json", version)
    specification = referencing.jsonschema.DRAFT202012
    return Resource.from_contents(definitions, default_specification=specification) @ Registry()


@pytest.mark.parametrize("mode", ["any", "none", "watcher"])
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_objects_fit_the_real_schemas(case, mode):
    for data in objects(case, mode):
        for version in VERSIONS:
            errors = validator(version, data["kind"], data["apiVersion"]).iter_errors(data)
            assert [error.message for error in errors] == [], version


# The profiles differ in annotations, which a few fixtures show.
AGAIN = [(case, mode) for mode in MODES for case in (VALID if mode in ("any", "watcher") else VALID[::6])]


@pytest.mark.parametrize(("case", "mode"), AGAIN, ids=lambda value: getattr(value, "name", value))
def test_compiling_again_changes_nothing(case, mode):
    text = output(case, mode)
    options = {"jobs": "watcher"} if mode == "watcher" else {"gitops": mode}
    again = compile([Source(name="output.yaml", content=text)], Settings(allow_empty=True, **options))
    assert [item for item in again.diagnostics if item.is_error] == []
    assert again.text().encode() == text


def test_kubectl_reads_the_same(tmp_path):
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not on this machine")
    texts = [output(case, mode) for mode in ("any", "watcher") for case in VALID]
    (tmp_path / "all.yaml").write_bytes(b"---\n".join(texts))
    command = [kubectl, "patch", "--local", "-f", "all.yaml", "-p", "{}", "--type", "merge", "-o", "json"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    ours = [document.data for text in texts for document in load("output.yaml", text).documents]
    assert list(several(printed)) == ours


def several(printed: str):
    """Read one JSON document after another."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(printed.rstrip()):
        value, at = decoder.raw_decode(printed, at)
        yield value
        at += len(printed[at:]) - len(printed[at:].lstrip())
