"""A set that starts in order: a driver, for which no node is there at first, and two Jobs whose pods wait for it."""

from __future__ import annotations

TEXT = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  successPolicy: {operator: Any, targetReplicatedJobs: [w]}
  failurePolicy: {maxRestarts: 2, restartStrategy: BlockingRecreate}
  replicatedJobs:
  - name: d
    template:
      spec:
        backoffLimit: 0
        template:
          spec:
            nodeSelector: {tests.jobsetgen.io/driver: NAMESPACE}
            containers: [{name: main, image: "registry.example.com/train:1"}]
  - name: w
    replicas: 2
    dependsOn: [{name: d, status: Ready}]
    template:
      spec:
        activeDeadlineSeconds: 3600
        backoffLimit: 0
        template:
          spec:
            containers: [{name: main, image: "registry.example.com/train:1"}]
"""


def text_of(namespace: str, name: str) -> str:
    """Return the spec of a set of this name, whose driver needs a node with the label of a namespace."""
    return TEXT.replace("NAMESPACE", namespace).replace("{name: train}", f"{{name: {name}}}")
