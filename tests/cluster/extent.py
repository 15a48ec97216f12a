"""How much is tried, and what was found: CI tries a part, and a report all of it.

`make cluster-report` sets JOBSETGEN_CLUSTER_FIGURES to the file that takes the figures of what has run; a test that has
figures for a reader gives them to `write_down`. Each part has the figures of its last run, all of them of one `make`.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

from tests.cluster import binaries

_FILE = os.environ.get("JOBSETGEN_CLUSTER_FIGURES", "")
IS_FULL = bool(_FILE)

COMPONENTS = (
    ("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    ("Kubernetes (API server, controllers, scheduler)", "kube", "k8s.io/kubernetes"),
    ("JobSet's controller and webhooks", "jobset", "sigs.k8s.io/jobset"),
    ("Argo CD", "argo", "github.com/argoproj/argo-cd/v3"),
    ("Flux's kustomize-controller", "flux", "github.com/fluxcd/kustomize-controller"),
    ("KWOK, for nodes and pods", "kwok", "sigs.k8s.io/kwok"),
)

SEEDS = 1000 if IS_FULL else 60  # random scenarios
BURSTS = int(os.environ.get("BURSTS", "200" if IS_FULL else "8"))  # random scenarios of Jobs that fail together
SPECS = 6000 if IS_FULL else 1000  # random JobSets, offered to the API
KILLS = 50 if IS_FULL else 10  # of a watcher, at random moments
FIXES = 20 if IS_FULL else 2  # pushed amid restarts, under each tool and in each mode
TEARDOWNS = 5 if IS_FULL else 1  # amid restarts, likewise
RACES = int(os.environ.get("RACES", "13" if IS_FULL else "1"))  # rounds for each moment, act and mode: 52 for a moment
SPEED_JOBS = (10, 100, 500) if IS_FULL else (100,)
SPEED_ROUNDS = 5 if IS_FULL else 1


def write_down(part: str, figures: Any) -> None:
    """Write down the figures of a part, in place of those it had before; CI keeps none."""
    if not IS_FULL:
        return
    path = Path(_FILE)
    known = json.loads(path.read_text()) if path.exists() else {}
    versions = {name: binaries.version(*of) for name, *of in COMPONENTS}
    where = {"on": f"{date.today()}", "cores": os.cpu_count(), "python": platform.python_version()}
    measured = {"measured": {**where, "versions": versions}, part: figures}
    path.write_text(json.dumps({**known, **measured}, indent=1, sort_keys=True) + "\n")
