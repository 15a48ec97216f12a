"""JSG240: claim name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import naming
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import name_of
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG240", "error", since="0.1", source=UNKNOWN)
def claim_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template's name is missing, malformed, there twice, or makes the claim's name too long.

    The claim is named `<template>-<JobSet>`, in at most 63 characters.

    Bad::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: Model_Cache}
              spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}

    Good::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: model-cache}
              spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{volumeMounts: [{name: model-cache, mountPath: /models}]}]}}}
    """
    seen: set[str] = set()
    for each in jobset.claims:
        path = (*each.path, "metadata", "name")
        full = naming.claim_name(each.name, name_of(jobset))
        if not each.name:
            yield Finding(path=each.path, message="the claim template has no metadata.name")
        elif each.name in seen:
            yield Finding(path=path, message=f"two claim templates are named {each.name}")
        elif not is_dns_1123_label(each.name):
            # A claim may have dots in its name, the volume that is named like its template may not.
            message = (
                f"the claim template's name '{each.name}' must consist of lower-case letters,"
                " digits and dashes"
            )
            yield Finding(path=path, message=message)
        elif len(full) > MAX_LABEL:
            excess = len(full) - MAX_LABEL
            message = (
                f"the claim's name '{full}' has {len(full)} characters, {excess} more than the"
                f" {MAX_LABEL} allowed"
            )
            yield Finding(
                path=path,
                message=message,
                hint="Shorten the template's name or metadata.name of the JobSet.",
            )
        seen.add(each.name)
