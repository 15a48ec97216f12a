"""What the tests of kustomize and kpt share: a JobSet to expand, and a reader of what was printed."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

Json = dict[str, Any]
SET = """
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  failurePolicy: {maxRestarts: 2}
  replicatedJobs:
  - name: workers
    replicas: 2
    template: {spec: {template: {spec: {containers: [{name: main, image: "registry.example.com/train:1"}]}}}}
"""


def objects(text: str) -> dict[tuple[str, str], Json]:
    """Return the objects of a text by kind and name."""
    read = [each for each in YAML(typ="safe").load_all(text) if each]
    return {(each["kind"], each["metadata"]["name"]): each for each in read}
