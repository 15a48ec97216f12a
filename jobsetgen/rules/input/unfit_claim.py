"""JSG404: unfit claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import ClaimTemplate
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.common.stand_ins import by_name
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG404", "error", since="0.1", source=UNKNOWN)
def unfit_claim(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A claim of a claim template's name stands in the input, but is not the one that the template describes.

    As under JobSet, a claim that is there already is used only where its spec is the template's and the policy's
    retention is Retain.

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
    claims = by_name("PersistentVolumeClaim", units)
    for jobset in (unit.jobset for unit in units if unit.jobset):
        for template in jobset.claims:
            name = claim_name(template.name, jobset.name)
            for unit in claims.get(name, ()):
                if unit.stands_in("PersistentVolumeClaim", name, jobset):
                    yield from ((unit, finding) for finding in _claim_misfits(unit, template))


def _claim_misfits(unit: Unit, template: ClaimTemplate) -> Iterator[Finding]:
    if mapping(unit.data, "spec") != template.spec:
        message = f"the claim {unit.name} has another spec than the claim template {template.name}"
        yield Finding(path=("spec",), message=message)
    elif not template.retain:
        message = (
            f"the claim {unit.name} is there already, so the claim template {template.name} must"
            " retain it"
        )
        hint = "Write retentionPolicy: {whenDeleted: Retain} in the volumeClaimPolicy."
        yield Finding(path=("metadata", "name"), message=message, hint=hint)
