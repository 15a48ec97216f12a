"""JSG243: claim and volume."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG243",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateReplicatedJobsVolumeClaims"),
)
def claim_and_volume(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod has a volume with the same name as a claim template.

    Error because JobSet's webhook refuses it: the claim template adds a volume with that name.

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
                    f"duplicate volume '{volume['name']}': the claim template with that name"
                    " adds a volume"
                )
                path = (*each.template.pod_path, "volumes", index, "name")
                yield Finding(path=path, message=message)
