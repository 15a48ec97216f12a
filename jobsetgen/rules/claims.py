"""volumeClaimPolicies: claims that can be made, and that somebody mounts."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1123_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.naming import claim_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, mapping, objects, string
from jobsetgen.rules.names import name_of
from jobsetgen.rules.rule import jobset_rule


@jobset_rule("JSG240", "claim-name")
def claim_names(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
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
        full = claim_name(each.name, name_of(jobset))
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


@jobset_rule("JSG241", "claim-namespace")
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


@jobset_rule("JSG242", "claim-not-mounted")
def claim_not_mounted(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """No container or init container of any replicatedJob mounts the claim.

    A container mounts a claim by a volumeMount with the template's name; the volume is made for it.

    Bad::

        spec:
          volumeClaimPolicies:
          - templates:
            - metadata: {name: cache}
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
    mounted = {
        string(mount, "name")
        for each in jobset.replicated_jobs
        for _, container in each.template.containers()
        for _, mount in objects(container, "volumeMounts")
    }
    for each in jobset.claims:
        if each.name and each.name not in mounted:
            message = f"no container mounts the claim {each.name}"
            hint = f"Add a volumeMount named {each.name} to the container that needs it."
            yield Finding(path=(*each.path, "metadata", "name"), message=message, hint=hint)


@jobset_rule("JSG243", "claim-and-volume")
def claim_and_volume(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod has a volume of the same name as a claim template.

    Bad::

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
                    volumes: [{name: cache, emptyDir: {}}]
                    containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    volumes: [{name: cache, emptyDir: {}}]
                    containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]
    """
    names = {each.name for each in jobset.claims if each.name}
    for each in jobset.replicated_jobs:
        for index, volume in objects(each.template.pod, "volumes"):
            if string(volume, "name") in names:
                message = (
                    f"the volume {volume['name']} has the name of a claim template, which makes a"
                    " volume itself"
                )
                yield Finding(
                    path=(*each.template.pod_path, "volumes", index, "name"), message=message
                )


@jobset_rule("JSG244", "claim-spec")
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


RULES = (claim_names, claim_namespace, claim_not_mounted, claim_and_volume, claim_spec)
