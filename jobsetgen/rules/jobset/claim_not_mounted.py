"""JSG242: claim not mounted."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG242",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateReplicatedJobsVolumeClaims"),
)
def claim_not_mounted(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """No container or init container of any replicatedJob mounts the claim.

    A container mounts a claim by a volumeMount with the template's name; the pod gets the volume
    automatically.

    Error because JobSet's webhook refuses a claim template that no container mounts.

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
          - template:
              spec:
                template:
                  spec:
                    containers: [{volumeMounts: [{name: cache, mountPath: /cache}]}]
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
