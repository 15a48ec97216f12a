"""JSG241: claim namespace."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG241", "error", since="0.1", source=UNKNOWN)
def claim_namespace(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template names a namespace; its claim is always made in the JobSet's.

    Bad::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: cache, namespace: elsewhere}
              spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}

    Good::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: cache}
              spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]}}}}
    """
    for each in jobset.claims:
        if each.metadata.get("namespace"):
            yield Finding(
                path=(*each.path, "metadata", "namespace"),
                message="a claim template cannot name a namespace",
            )
