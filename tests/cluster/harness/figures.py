"""Records what the tests of the full tier have measured, for docs/parity.md.

`make cluster-all` names the file in JOBSETGEN_CLUSTER_FIGURES. Each part keeps the figures of its last run.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import date
from pathlib import Path
from typing import Any

from tests.cluster.harness import binaries
from tests.cluster.harness.tiers import FIGURES_FILE, IS_FULL

COMPONENTS = (
    ("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    ("Kubernetes (API server, controllers, scheduler)", "kube", "k8s.io/kubernetes"),
    ("JobSet's controller and webhooks", "jobset", "sigs.k8s.io/jobset"),
    ("Argo CD", "argo", "github.com/argoproj/argo-cd/v3"),
    ("Flux's kustomize-controller", "flux", "github.com/fluxcd/kustomize-controller"),
    ("KWOK, for nodes and pods", "kwok", "sigs.k8s.io/kwok"),
)


def record_figures(part: str, figures: Any) -> None:
    """Record the figures of a part, in place of those it had before; the CI tier records none."""
    if not IS_FULL:
        return
    path = Path(FIGURES_FILE)
    known = json.loads(path.read_text()) if path.exists() else {}
    versions = {name: binaries.version(*of) for name, *of in COMPONENTS}
    where = {"on": f"{date.today()}", "cores": os.cpu_count(), "python": platform.python_version()}
    measured = {"measured": {**where, "versions": versions}, part: figures}
    path.write_text(json.dumps({**known, **measured}, indent=1, sort_keys=True) + "\n")
