"""JSG260 and JSG605: every key that the expansion writes may be read."""

from __future__ import annotations

import pytest

from jobsetgen.model import keys
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

TEXT = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo}
spec:
  coordinator: {replicatedJob: workers}
  replicatedJobs:
  - name: workers
    template:
      spec:
        parallelism: 2
        completions: 2
        template:
          spec:
            containers:
            - name: main
              image: registry.example.com/train:1.0
              env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.FIELD"}}}]
            volumes:
            - name: downward
              downwardAPI: {items: [{path: a, fieldRef: {fieldPath: "metadata.FIELD"}}]}
"""


@pytest.mark.parametrize("kind", ["labels", "annotations"])
@pytest.mark.parametrize("key", sorted(keys.IDENTITY - keys.WRITTEN_ANNOTATIONS))
def test_every_key_that_pods_have_is_read_in_silence(key, kind):
    text = TEXT.replace("FIELD", f"{kind}['{key}']")
    assert compile([Source(name="set.yaml", content=text.encode())]).diagnostics == ()
