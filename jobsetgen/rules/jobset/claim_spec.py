"""JSG244: claim spec."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG244",
    "error",
    since="0.1",
    source=upstream.kubernetes(
        "pkg/apis/core/validation/validation.go", "ValidatePersistentVolumeClaimSpec"
    ),
)
def claim_spec(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template has no access mode, or does not request any storage.

    Error because the API server refuses the claim.

    Bad::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: cache}
              spec: {accessModes: [ReadWriteMany]}

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
        path = (*each.path, "spec")
        if not items(each.spec, "accessModes"):
            message = f"the claim template {each.name} has no accessModes"
            yield Finding(path=(*path, "accessModes"), message=message)

        if "storage" not in mapping(mapping(each.spec, "resources"), "requests"):
            message = f"the claim template {each.name} requests no storage"
            yield Finding(path=(*path, "resources", "requests", "storage"), message=message)
