"""A plain set of two Jobs with two pods each, for what a watcher does on its own."""

from __future__ import annotations

from tests.cluster.harness import kwok
from tests.cluster.harness.compiled_set import CompiledSet

NAMES = ["train-workers-0", "train-workers-1"]
TEXT = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  failurePolicy: {maxRestarts: 1}
  replicatedJobs:
  - name: workers
    replicas: 2
    template:
      spec:
        parallelism: 2
        completions: 2
        backoffLimit: 0
        template:
          spec:
            containers: [{name: main, image: "registry.example.com/train:1"}]
"""


def fail(watched: CompiledSet, job: str) -> None:
    """Let a pod of a Job fail."""
    pod = watched.pods(job)[0]
    kwok.fail_pod(watched.plane, pod["metadata"]["name"], namespace=watched.namespace)
