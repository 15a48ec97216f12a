"""PersistentVolumeClaims of volumeClaimPolicies, and the volumes that mount them."""

from __future__ import annotations

from jobsetgen.expand.objects import Object, metadata
from jobsetgen.model import keys
from jobsetgen.model.jobset import ClaimTemplate, JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.naming import claim_name
from jobsetgen.plain import objects


def claim(jobset: JobSet, template: ClaimTemplate) -> Object:
    """Return the claim of a template, with the set's name as an additional label."""
    labels = {**(template.metadata.get("labels") or {}), keys.JOBSET_NAME: jobset.name}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(
            claim_name(template.name, jobset.name),
            jobset.namespace,
            labels,
            template.metadata.get("annotations"),
        ),
        "spec": template.spec,
    }


def claim_volumes(jobset: JobSet, template: JobTemplate) -> list[Object]:
    """Return the volumes for the claims that containers of this Job mount by name."""
    mounted = {
        mount.get("name")
        for _, container in template.containers()
        for _, mount in objects(container, "volumeMounts")
    }
    return [
        {
            "name": each.name,
            "persistentVolumeClaim": {"claimName": claim_name(each.name, jobset.name)},
        }
        for each in jobset.claims
        if each.name in mounted
    ]
