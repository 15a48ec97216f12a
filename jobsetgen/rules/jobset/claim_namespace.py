"""JSG241: claim namespace."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG241",
    "error",
    since="0.1",
    source=upstream.jobset("api/jobset/v1alpha2/jobset_types.go", "VolumeClaimPolicy"),
)
def claim_namespace(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template sets a namespace; its claim is always in the JobSet's.

    Error because a validation rule of the JobSet CRD refuses the field.

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
          - template:
              spec:
                template:
                  spec:
                    containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]
    """
    for each in jobset.claims:
        if each.metadata.get("namespace"):
            message = "a claim template cannot set a namespace"
            yield Finding(path=(*each.path, "metadata", "namespace"), message=message)
