"""Strategic merge patches of Jobs are applied as kubectl applies them, apart from the order of items."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from jobsetgen.overlays import strategic, strategic_checks
from jobsetgen.overlays.merge_keys import TYPES
from jobsetgen.plain import without_nulls
from jobsetgen.source.documents import Node
from jobsetgen.source.loader import load
from tests.random_overlays import job, strategic_patch, without_order

# A sample, for each needs a kubectl: JOBSETGEN_KUBECTL_PATCHES=50 compares 50 patches.
COUNT = int(os.environ.get("JOBSETGEN_KUBECTL_PATCHES", "12"))

pytestmark = pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")


def merged(base: dict[str, Any], patch: dict[str, Any]) -> Any:
    [before, change] = [node_of(each) for each in (base, patch)]
    assert list(strategic_checks.problems(change, TYPES["Job"])) == []
    result = strategic.merged(before, change, TYPES["Job"])
    assert result is not None
    return result.data


def node_of(data: dict[str, Any]) -> Node:
    [document] = load("file", json.dumps(data).encode()).documents
    return document.root


def kubectl(folder: Path, base: dict[str, Any], patch: dict[str, Any]) -> Any:
    """Return a Job after a patch by kubectl, which changes no cluster."""
    (folder / "job.json").write_text(json.dumps(base))
    arguments = ["--local", "--type", "strategic", "--patch", json.dumps(patch), "--output", "json"]
    run = subprocess.run(
        ["kubectl", "patch", "--filename", folder / "job.json", *arguments], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr.decode()
    # In a new item, kubectl keeps null, which the API server drops.
    return without_nulls(json.loads(run.stdout))


def add_directives(random: Random, base: dict[str, Any], patch: dict[str, Any]) -> None:
    """Add directives that kustomize does not know to a patch."""
    patch["metadata"]["$deleteFromPrimitiveList/finalizers"] = ["example.com/a"]
    patch["metadata"].pop("finalizers", None)
    pods = patch["spec"]["template"]["spec"]
    names = [item["name"] for item in pods["containers"] if item.get("$patch") != "delete"]
    # Containers of the patch keep their order, as kubectl demands; one of the base stands among them.
    if "proxy" not in names:
        names.insert(random.randint(0, len(names)), "proxy")
    pods["$setElementOrder/containers"] = [{"name": name} for name in names]
    # kubectl leaves the directive in an item that is new.
    known = [item["name"] for item in base["spec"]["template"]["spec"].get("volumes", [])]
    for volume in pods.get("volumes") or []:
        if volume["name"] in known and "$patch" not in volume:
            volume["$retainKeys"] = list(volume)


def containers(data: Any) -> list[str]:
    return [item["name"] for item in data["spec"]["template"]["spec"]["containers"]]


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_patch_makes_of_a_job_what_kubectl_makes_of_it(tmp_path: Path, seed: int):
    random = Random(seed)
    base = job(random, "demo")
    patch = strategic_patch(random, base)
    # kubectl looks at one of the two keys of these lists.
    for each in (base, patch):
        each["spec"]["template"]["spec"].pop("topologySpreadConstraints", None)
        for field in ("containers", "initContainers"):
            for item in each["spec"]["template"]["spec"].get(field) or []:
                item.pop("ports", None)
    if has_directives := random.random() < 0.5:
        add_directives(random, base, patch)

    ours, theirs = merged(base, patch), kubectl(tmp_path, base, patch)

    assert without_order(ours) == without_order(theirs)
    if has_directives:
        assert containers(ours) == containers(theirs)
