"""What plain kustomize loses when it patches a JobSet, as docs/overlays.md has it, and that jobsetgen loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobsetgen.overlays.patches import patched
from jobsetgen.source.loader import load
from tests.acceptance.pages import read
from tests.acceptance.processes import run_tool
from tests.recipes import FOLDER

BASE = FOLDER / "kustomize-copies" / "base" / "jobset.yaml"
HEAD = "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {name: world-model}\n"


def of_pod(name: str, spec: str) -> str:
    """Return the patch of a replicatedJob that patches its pods."""
    return f"{{name: {name}, template: {{spec: {{template: {{spec: {{{spec}}}}}}}}}}}"


PATCHES = {
    "`replicas` of one replicatedJob": "{name: workers, replicas: 8}",
    "a variable of a container": of_pod(
        "workers", "containers: [{name: worker, env: [{name: LOG_LEVEL, value: DEBUG}]}]"
    ),
    "a volume and its mount": of_pod(
        "workers",
        "volumes: [{name: scratch, emptyDir: {}}],"
        " containers: [{name: worker, volumeMounts: [{name: scratch, mountPath: /scratch}]}]",
    ),
    "an init container's image": of_pod("workers", "initContainers: [{name: fetch-data, image: fetch:2}]"),
    "a port of a container": of_pod("coordinator", "containers: [{name: coordinator, ports: [{containerPort: 9090}]}]"),
    "the nodes of one replicatedJob": of_pod("workers", "nodeSelector: {pool: h100}"),
    "what one replicatedJob depends on": "{name: workers, dependsOn: [{name: coordinator, status: Complete}]}",
}
_KEYS = ("name", "mountPath", "containerPort", "key")

pytestmark = pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")


def values(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each value of an object with its path, in which items of lists have their names."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from values(value, (*path, key))
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from values(item, (*path, _name(item, index)))
    else:
        yield path, data


def _name(item: Any, index: int) -> str:
    names = [f"[{item[key]}]" for key in _KEYS if isinstance(item, dict) and key in item]
    return names[0] if names else str(index)


def lost(base: Any, patch: Any, result: Any) -> list[tuple[str, ...]]:
    """Return the values of an object that a patch does not set and that are not in the result."""
    patched_paths, kept = dict(values(patch)), dict(values(result))
    return [path for path, _ in values(base) if path not in patched_paths and path not in kept]


def kustomized(folder: Path, patch: str) -> Any:
    shutil.copy(BASE, folder / "jobset.yaml")
    (folder / "patch.yaml").write_text(patch)
    (folder / "kustomization.yaml").write_text("resources: [jobset.yaml]\npatches: [{path: patch.yaml}]\n")
    done = run_tool(["kubectl", "kustomize", "."], folder)
    assert done.returncode == 0, done.stderr
    return only(done.stdout)


def only(text: str) -> Any:
    [document] = load("text", text.encode()).documents
    return document.data


def ours(patch: str) -> Any:
    documents = load("jobset.yaml", BASE.read_bytes()).documents
    [project] = load("jobsetgen.yaml", b"patches: [{path: patch.yaml}]\n").documents
    result = patched(documents, project, lambda path, place: load(path, patch.encode()))
    assert result.diagnostics == ()
    return result.documents[0].data


@pytest.mark.parametrize("what", PATCHES)
def test_kustomize_loses_what_the_page_says_and_jobsetgen_nothing(tmp_path, what):
    patch = f"{HEAD}spec: {{replicatedJobs: [{PATCHES[what]}]}}\n"
    base = only(BASE.read_text())

    theirs = lost(base, only(patch), kustomized(tmp_path, patch))
    total = len(list(values(base)))

    assert lost(base, only(patch), ours(patch)) == []
    assert set(values(only(patch))) <= set(values(ours(patch)))
    assert f"| {what} | {len(theirs)} of {total} |" in read("docs/overlays.md")


def test_a_lost_value_is_one_that_the_patch_does_not_set():
    base = {"a": [{"name": "b", "c": 1, "d": 2}], "e": [3]}
    assert lost(base, {"a": [{"name": "b", "c": 4}]}, {"a": [{"name": "b", "c": 4}], "e": [3]}) == [("a", "[b]", "d")]
    assert lost(base, {}, base) == []
