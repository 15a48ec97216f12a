"""A GitOps tool over the simulated cluster: applies what Git holds, puts back what vanishes, replaces by Force."""

from __future__ import annotations

import json
import pickle
from functools import lru_cache
from typing import Any

from jobsetgen.runtime.watcher.contract import LAST_APPLIED
from jobsetgen.runtime.watcher.stamp import encoded
from tests.simulation.cluster import Cluster, RefusedError, copied

Json = dict[str, Any]
PLURALS = {"Job": "jobs", "ConfigMap": "configmaps"}
TRACKING = "argocd.argoproj.io/tracking-id"


class Tool:
    """Argo CD with automated sync and client-side apply, as far as Jobs and ConfigMaps are concerned."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.git: dict[tuple[str, str], Json] = {}
        self.heals = True

    def push(self, items: list[Json]) -> None:
        """Put another content into Git, and nothing more."""
        self.git = {(PLURALS[item["kind"]], item["metadata"]["name"]): item for item in items}

    def sync(self, *, jobs: bool = True, prune: bool = True) -> None:
        """Apply everything; without `jobs`, as a tool that is refused them."""
        if prune:
            for key, live in list(self.cluster.objects.items()):
                if TRACKING in (live["metadata"].get("annotations") or {}) and key not in self.git:
                    self.cluster.delete(*key)
        for key, item in self.git.items():
            if jobs or key[0] != "jobs" or "restart-watcher" in key[1]:
                self._apply(key, item)

    def heal(self) -> None:
        """Put back what is missing, where that is automated."""
        if self.heals:
            self.put_back()

    def put_back(self) -> None:
        """Put back what is missing."""
        for key, item in self.git.items():
            if key not in self.cluster.objects and not self.cluster.terminating:
                self._apply(key, item)

    def is_synced(self) -> bool:
        """Whether every field that Git names is as Git names it."""
        return all(
            key in self.cluster.objects and _holds(self.cluster.objects[key], item) for key, item in self.git.items()
        )

    def _apply(self, key: tuple[str, str], item: Json) -> None:
        wanted = copied(item)
        notes = wanted["metadata"].setdefault("annotations", {})
        notes[TRACKING] = f"app:{wanted['apiVersion'].rpartition('/')[0]}/{wanted['kind']}:training/{key[1]}"
        notes[LAST_APPLIED] = _last_applied(pickle.dumps(wanted))
        if key not in self.cluster.objects:
            self.cluster.create(key[0], wanted)
            return
        live = self.cluster.objects[key]
        before = json.loads((live["metadata"].get("annotations") or {}).get(LAST_APPLIED, "{}"))
        try:
            self.cluster.patch(*key, _patch(before, wanted))
        except RefusedError:
            if "Force=true" not in notes.get("argocd.argoproj.io/sync-options", ""):
                return
            self.cluster.delete(*key)
            self.cluster.create(key[0], wanted)


@lru_cache(maxsize=256)
def _last_applied(pickled: bytes) -> str:
    """Return the annotation with an object as it is applied; that of the script, which never changes, takes a while."""
    return encoded(pickle.loads(pickled))


def _patch(before: Any, wanted: Json) -> Json:
    """Return the merge patch of a three-way apply: what Git names, and the end of what it named before."""
    patch: Json = {key: None for key in before if key not in wanted} if isinstance(before, dict) else {}
    for key, value in wanted.items():
        old = before.get(key, {}) if isinstance(before, dict) else {}
        patch[key] = _patch(old, value) if isinstance(value, dict) else value
    return patch


def _holds(live: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(key in live and _holds(live[key], item) for key, item in wanted.items())
    return bool(live == wanted)
