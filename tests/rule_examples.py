"""The examples in the rules' pages as whole inputs."""

from __future__ import annotations

import json
from typing import Any

from jobsetgen.options.table import Placement, Settings
from jobsetgen.review.pages import Example
from jobsetgen.source.loader import load

BASE: dict[str, Any] = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {"name": "demo"},
    "spec": {
        "replicatedJobs": [
            {
                "name": "workers",
                "template": {
                    "spec": {
                        "template": {
                            "spec": {"containers": [{"name": "main", "image": "registry.example.com/train:1.0"}]}
                        }
                    }
                },
            }
        ]
    },
}
# An item beyond the base is laid over a copy of its first.
_COPIED = frozenset(["replicatedJobs", "containers"])


def merged(base: Any, part: Any, key: str = "") -> Any:
    """Lay a fragment over the base: mappings by key, lists item by item."""
    if isinstance(base, dict) and isinstance(part, dict):
        return {**base, **{name: merged(base.get(name), value, name) for name, value in part.items()}}
    if isinstance(base, list) and isinstance(part, list) and base:
        copied = base[0] if key in _COPIED else None
        items = [merged(base[i] if i < len(base) else copied, item) for i, item in enumerate(part)]
        return items + base[len(part) :] if part else []
    return part


_WHOLE = (
    *("file", "project", "parameters", "items", "kustomization", "kustomized"),
    *("template", "values", "values schema"),
)


def whole(example: Example) -> str:
    """Return the file of an example, of which a page shows only what matters."""
    if example.reading in _WHOLE:
        return example.text
    fragments = [document.data for document in load("example", example.text.encode()).documents]
    return "\n---\n".join(json.dumps(merged(BASE, fragment)) for fragment in fragments)


_SETTINGS = {
    "argocd": Settings(gitops="argocd"),
    "flux": Settings(gitops="flux"),
    "none": Settings(gitops="none"),
    "restart-watcher Never": Settings(restart_watcher="Never"),
    "max-bytes 1000": Settings(max_bytes=1000),
    "placement domains": Settings(placement=Placement(strategy="domains")),
    "environment ARGOCD_APP_NAMESPACE": Settings(namespace_required=True),
}


def settings_for(example: Example) -> Settings:
    """Return what an example is compiled with."""
    return _SETTINGS.get(example.reading or "", Settings())
