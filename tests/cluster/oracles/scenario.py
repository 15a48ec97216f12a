"""A scenario: a JobSet, and what becomes of its Jobs. A file that a person reads, and that a failing seed is printed as.

about: what it shows
jobs:                      # replicatedJobs by name, without their templates
  driver: {}
  workers: {replicas: 2, dependsOn: [{name: driver, status: Ready}]}
spec: {failurePolicy: {maxRestarts: 1}}
events:                    # one after another, each when everything has come to rest
- ready: driver-0
- {fail: workers-1, reason: DeadlineExceeded, message: too late}
- complete: workers-0
- {at once: [{fail: workers-0}, {complete: workers-1}]}
- suspend: true
- delete: workers-0
- hold: workers-1          # once deleted it stays, terminating, until it is let go
- let go: workers-1
- lose service: true
- lose claim: data         # of a claim template in spec, which every container then mounts
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Json = dict[str, Any]
NAME = "set"
PODS = 2
VERBS = (
    "ready",
    "unready",
    "fail",
    "complete",
    "delete",
    "hold",
    "let go",
    "suspend",
    "lose service",
    "lose claim",
    "at once",
)


@dataclass(frozen=True)
class Scenario:
    """What a file says. `modes` are who makes the Jobs, `gitops` is the profile."""

    jobs: Json
    events: list[Json]
    spec: Json = field(default_factory=dict)
    about: str = ""
    gitops: str = "any"
    modes: tuple[str, ...] = ("git", "watcher")
    is_random: bool = False

    def jobset(self, *, suspend: bool | None = None) -> Json:
        """Return the JobSet, suspended or not as Git has it by now."""
        template = {"template": {"spec": _job(self.spec)}}
        spec = {**self.spec, "replicatedJobs": [{"name": each, **own, **template} for each, own in self.jobs.items()]}
        if suspend is not None:
            spec["suspend"] = suspend
        meta = {"name": NAME}
        return {"apiVersion": "jobset.x-k8s.io/v1alpha2", "kind": "JobSet", "metadata": meta, "spec": spec}

    def text(self) -> str:
        """Return the file."""
        content = {"about": self.about, "jobs": self.jobs, "spec": self.spec, "events": self.events}
        stream = io.StringIO()
        yaml = YAML()
        yaml.default_flow_style = None
        yaml.dump(content, stream)
        return stream.getvalue()


def _job(spec: Json) -> Json:
    claims = [claim["metadata"]["name"] for each in spec.get("volumeClaimPolicies", ()) for claim in each["templates"]]
    mounts = [{"name": name, "mountPath": f"/{name}"} for name in claims]
    container = {"name": "main", "image": "registry.example.com/train:1", "volumeMounts": mounts}
    pods = {"template": {"spec": {"containers": [container]}}}
    return {"parallelism": PODS, "completions": PODS, "backoffLimit": 0, **pods}


def read(path: Path) -> Scenario:
    """Return the scenario of a file."""
    content = YAML(typ="safe").load(path)
    unknown = set(content) - {"about", "jobs", "spec", "events", "gitops", "modes"}
    assert not unknown, f"{path.name}: {unknown}"
    for event in content["events"]:
        verb(event)
    return Scenario(**{**content, "modes": tuple(content.get("modes", Scenario.modes))})


def verb(event: Json) -> str:
    """Return what an event does."""
    (found,) = (each for each in VERBS if each in event)
    return found
