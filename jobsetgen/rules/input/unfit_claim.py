"""JSG404: unfit claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.core_objects import CoreObjects
from jobsetgen.model.jobset import ClaimTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG404",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateVolumeClaimPolicies"),
)
def unfit_claim(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A claim in the input has the name of a claim template's claim, but cannot replace it.

    As in JobSet, an existing claim is used only if its spec equals the template's and the
    retentionPolicy is `whenDeleted: Retain`.

    Error because JobSet's webhook refuses the JobSet once the claim exists.

    Bad (file)::

        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: cache-demo}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Ti}}}
        ---
        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: demo}
        spec:
          volumeClaimPolicies:
          - templates: [{metadata: {name: cache}, spec: {accessModes: [ReadWriteMany]}}]

    Good (file)::

        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: cache-demo}
        spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}
    """
    core = CoreObjects(units)
    for jobset in (unit.jobset for unit in units if unit.jobset):
        for template in jobset.claims:
            name = claim_name(template.name, jobset.name)
            for claim in core.standing_in("PersistentVolumeClaim", name, jobset):
                yield from ((claim, finding) for finding in _misfits(claim, template))


def _misfits(claim: Unit, template: ClaimTemplate) -> Iterator[Finding]:
    """Yield what keeps a claim of the input from taking the place of a template's."""
    if mapping(claim.data, "spec") != template.spec:
        message = f"the spec of claim {claim.name} differs from the claim template {template.name}"
        yield Finding(path=("spec",), message=message)
    elif not template.retain:
        message = (
            f"the claim {claim.name} is in the input, but the claim template {template.name} does"
            " not retain it"
        )
        hint = "Set retentionPolicy: {whenDeleted: Retain} in the volumeClaimPolicy."
        yield Finding(path=("metadata", "name"), message=message, hint=hint)
