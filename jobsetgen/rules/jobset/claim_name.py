"""JSG240: claim name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import naming, upstream
from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import characters, name_of
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG240",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateVolumeClaimPolicies"),
)
def claim_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A claim template has no name, an invalid one or a duplicate, or its claim's name is too long.

    The claim is named `<template>-<JobSet>`, in at most 63 characters.

    Error because JobSet's webhook refuses such names. It accepts a name with dots, but the API
    server then refuses the pods, whose volume has the same name.

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
              spec:
                template:
                  spec:
                    containers: [{volumeMounts: [{name: model-cache, mountPath: /models}]}]
    """
    seen: set[str] = set()
    for each in jobset.claims:
        path = (*each.path, "metadata", "name")
        if not each.name:
            yield Finding(path=each.path, message="the claim template has no metadata.name")
        elif each.name in seen:
            yield Finding(path=path, message=f"duplicate claim template '{each.name}'")
        else:
            yield from _invalid(each.name, name_of(jobset), path)

        seen.add(each.name)


def _invalid(template: str, jobset: str, path: Path) -> Iterator[Finding]:
    # A claim may have dots in its name, the volume that is named like its template may not.
    if not is_dns_1123_label(template):
        rule = "must consist of lower-case letters, digits and dashes"
        yield Finding(path=path, message=f"invalid claim template name '{template}': {rule}")
        return

    claim = naming.claim_name(template, jobset)
    if len(claim) > MAX_LABEL:
        message = f"the claim's name '{claim}' has {characters(claim, MAX_LABEL)}"
        hint = "Shorten the template's name or metadata.name of the JobSet."
        yield Finding(path=path, message=message, hint=hint)
