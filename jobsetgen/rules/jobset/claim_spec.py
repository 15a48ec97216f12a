"""JSG244: claim spec."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG244", "error", since="0.1", source=UNKNOWN)
def claim_spec(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template has no access mode, or does not say how much storage it needs.

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
          - template: {spec: {template: {spec: {containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]}}}}
    """
    for each in jobset.claims:
        path = (*each.path, "spec")
        if not items(each.spec, "accessModes"):
            message = f"the claim template {each.name} has no accessModes"
            yield Finding(path=(*path, "accessModes"), message=message)
        if "storage" not in mapping(mapping(each.spec, "resources"), "requests"):
            message = f"the claim template {each.name} does not say how much storage it requests"
            yield Finding(path=(*path, "resources", "requests", "storage"), message=message)
