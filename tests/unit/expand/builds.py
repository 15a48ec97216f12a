"""What the tests of an expansion share: small JobSets as data, and the objects that they are compiled to."""

from __future__ import annotations

import copy
import json
from typing import Any

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import Compilation, compile
from jobsetgen.source.text import Source


def replicated_job(name: str = "workers", replicas: int = 2, **fields: Any) -> dict[str, Any]:
    """Return a replicatedJob of Jobs of two pods; `pod` and `job` are fields of the pod's and the Job's spec."""
    pod = {"containers": [{"name": "main", "image": "registry.example.com/train:1.0"}], **fields.pop("pod", {})}
    spec = {"parallelism": 2, "completions": 2, "template": {"spec": pod}, **fields.pop("job", {})}
    metadata = fields.pop("metadata", {})
    return {"name": name, "replicas": replicas, "template": {"metadata": metadata, "spec": spec}, **fields}


def jobset(*replicated_jobs: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Return a JobSet `demo` in the namespace `training`."""
    return {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": "demo", "namespace": "training"},
        "spec": {"replicatedJobs": list(replicated_jobs) or [replicated_job()], **spec},
    }


def built(*documents: dict[str, Any], **options: Any) -> Compilation:
    """Return what documents are compiled to; nothing in them may be an error."""
    text = "\n---\n".join(json.dumps(copy.deepcopy(document)) for document in documents)
    result = compile([Source(name="in.yaml", content=text.encode())], Settings(**options))
    assert result.ok, result.diagnostics
    return result


def objects(*documents: dict[str, Any], preview: bool = False, **options: Any) -> dict[str, dict[str, Any]]:
    """Return the objects that documents are compiled to, by `Kind/name`; the script's name is without its digest."""
    found = {}
    for item in built(*documents, **options).objects(preview=preview):
        name = item["metadata"]["name"]
        if "-restart-script-" in name:
            name = name.rpartition("-")[0]
        found[f"{item['kind']}/{name}"] = item
    return found


def plan(*documents: dict[str, Any], name: str = "demo", **options: Any) -> dict[str, Any]:
    """Return the plan of a set as data."""
    content: dict[str, Any] = json.loads(
        objects(*documents, **options)[f"ConfigMap/{name}-restart-plan"]["data"]["plan.json"]
    )
    return content


def training(*documents: dict[str, Any], **options: Any) -> dict[str, dict[str, Any]]:
    """Return the training Jobs that documents are compiled to, those of a preview too, by name."""
    found = objects(*documents, preview=True, **options)
    jobs = {name.removeprefix("Job/"): item for name, item in found.items() if name.startswith("Job/")}
    return {name: item for name, item in jobs.items() if not name.endswith("-restart-watcher")}
