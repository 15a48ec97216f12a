"""What a base and an overlay make of Jobs is what kustomize makes of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from jobsetgen.overlays.patches import patched
from jobsetgen.project.files import Memory
from jobsetgen.project.layer import HEAD
from jobsetgen.project.reading import read_project
from jobsetgen.source.loader import load
from tests.random_overlays import job, json_patch, strategic_patch, without_order

# A sample: JOBSETGEN_OVERLAYS=500 compares 500 random overlays.
COUNT = int(os.environ.get("JOBSETGEN_OVERLAYS", "20"))
BATCH = 20
# Where two fields are the key, kustomize leaves items in place; their order has no meaning.
PAIRS = frozenset(["ports", "topologySpreadConstraints"])

pytestmark = pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")


def overlay(seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a Job and entries of `patches` for it."""
    random = Random(seed)
    base = job(random, f"job-{seed}")
    entries: list[dict[str, Any]] = []
    for _ in range(random.randint(1, 3)):
        patch = strategic_patch(random, base)
        entry: dict[str, Any] = {"patch": json.dumps(patch)}
        if random.random() < 0.3:
            patch["metadata"]["name"] = "any"
            # With a target, kustomize keeps labels and annotations that a patch sets to null.
            patch["metadata"] = {key: value for key, value in patch["metadata"].items() if value is not None}
            entry = {"patch": json.dumps(patch), "target": {"kind": "J.b", "name": f"(job|set)-{seed}"}}
        entries.append(entry)
    if random.random() < 0.5:
        operations = json_patch(random, applied(base, entries))
        entries.append({"patch": json.dumps(operations), "target": {"kind": "Job"}})
    return base, entries


def applied(base: dict[str, Any], entries: list[dict[str, Any]]) -> Any:
    """Return a Job after the entries, as jobsetgen patches it."""
    documents = load("job.yaml", json.dumps(base).encode()).documents
    [project] = load("jobsetgen.yaml", json.dumps({"patches": entries}).encode()).documents
    result = patched(documents, project, lambda path, place: pytest.fail(path))
    assert result.diagnostics == ()
    [document] = result.documents
    return document.data


def kustomized(folder: Path) -> list[Any]:
    run = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return [document.data for document in load("kustomize", run.stdout).documents]


class Overlay(NamedTuple):
    """What an overlay changes besides its patches."""

    prefix: str
    labels: dict[str, str]

    def project(self, entries: list[dict[str, Any]]) -> str:
        """Return the jobsetgen.yaml of the overlay."""
        fields = {"resources": ["../base"], "patches": entries, "namePrefix": self.prefix, "labels": self.labels}
        return json.dumps({**HEAD, **fields})

    def kustomization(self, entries: list[dict[str, Any]]) -> str:
        """Return its kustomization.yaml."""
        labels = [{"pairs": self.labels}] if self.labels else []
        fields = {"resources": ["../base"], "patches": entries, "namePrefix": self.prefix, "labels": labels}
        return json.dumps(fields)


def random_overlay(seed: int) -> Overlay:
    random = Random(f"overlay {seed}")
    labels = {key: random.choice(["a", "b-1"]) for key in ("team", "example.com/tier") if random.random() < 0.5}
    return Overlay(random.choice(["", "prod-"]), labels)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_an_overlay_makes_of_jobs_what_kustomize_makes_of_them(tmp_path: Path, first: int):
    ours = {}
    for seed in range(first, first + BATCH):
        base, entries = overlay(seed)
        # The first patches are the base's own.
        own, others = entries[: seed % 2], entries[seed % 2 :]
        more = random_overlay(seed)
        project = {
            "base/job.yaml": json.dumps(base),
            "base/jobsetgen.yaml": json.dumps({**HEAD, "patches": own}),
            "prod/jobsetgen.yaml": more.project(others),
        }
        inputs = read_project(Memory({name: text.encode() for name, text in project.items()}, "prod"))
        assert inputs.diagnostics == ()
        [document] = inputs.documents
        ours[document.data["metadata"]["name"]] = document.data
        kustomization = {
            "base/job.yaml": json.dumps(base),
            "base/kustomization.yaml": json.dumps({"resources": ["job.yaml"], "patches": own}),
            "prod/kustomization.yaml": more.kustomization(others),
        }
        write(tmp_path / str(seed), kustomization)
    write(
        tmp_path,
        {"kustomization.yaml": json.dumps({"resources": [f"{each.name}/prod" for each in tmp_path.iterdir()]})},
    )

    theirs = kustomized(tmp_path)

    assert len(theirs) == BATCH
    for data in theirs:
        assert comparable(ours[data["metadata"]["name"]]) == comparable(data)


def comparable(data: dict[str, Any]) -> Any:
    """Return an object without what has no meaning; kustomize removes labels that have become empty."""
    metadata = {key: value for key, value in data["metadata"].items() if (key, value) != ("labels", {})}
    return without_order({**data, "metadata": metadata}, PAIRS)


# --- What plain kustomize loses -------------------------------------------------------------------
BASE = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "demo"},
    "spec": {
        "replicatedJobs": [
            {"name": "driver", "replicas": 1, "template": {"spec": {"backoffLimit": 0}}},
            {
                "name": "workers",
                "replicas": 2,
                "dependsOn": [{"name": "driver", "status": "Ready"}],
                "template": {"spec": {"parallelism": 4}},
            },
        ]
    },
}


def test_kustomize_replaces_the_replicated_jobs_that_jobsetgen_merges(tmp_path: Path):
    patch = {
        **{key: BASE[key] for key in ("apiVersion", "kind", "metadata")},
        "spec": {"replicatedJobs": [{"name": "workers", "replicas": 8}]},
    }
    entries = [{"patch": json.dumps(patch)}]
    (tmp_path / "jobset.yaml").write_text(json.dumps(BASE))
    (tmp_path / "kustomization.yaml").write_text(json.dumps({"resources": ["jobset.yaml"], "patches": entries}))

    [theirs] = kustomized(tmp_path)
    ours = applied(BASE, entries)

    # The driver is gone, and so is the template of the workers.
    assert theirs["spec"]["replicatedJobs"] == [{"name": "workers", "replicas": 8}]
    driver, workers = BASE["spec"]["replicatedJobs"]  # type: ignore[index]
    assert ours["spec"]["replicatedJobs"] == [driver, {**workers, "replicas": 8}]
