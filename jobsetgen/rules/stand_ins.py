"""Services and claims of the input that are used in place of those that a JobSet would make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import ClaimTemplate, JobSet
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.key_names import selects_by_misspelt_key
from jobsetgen.rules.rule import Located, input_rule


@input_rule("JSG403", "unfit-service")
def unfit_service(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A Service of the subdomain's name stands in the input, but cannot give the pods their names.

    It is used in place of the one that would be made, so it must be headless (`clusterIP: None`) and select the pods.

    Bad (file)::

        apiVersion: v1
        kind: Service
        metadata: {name: demo}
        spec: {selector: {jobset.sigs.k8s.io/jobset-name: demo}}
        ---
        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: demo}

    Good (file)::

        apiVersion: v1
        kind: Service
        metadata: {name: demo}
        spec: {clusterIP: None, selector: {jobset.sigs.k8s.io/jobset-name: demo}}
        ---
        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {name: demo}
    """
    services = _by_name("Service", units)
    for jobset in (unit.jobset for unit in units if unit.jobset and unit.jobset.network.enabled):
        for unit in services.get(jobset.network.subdomain, ()):
            if not unit.stands_in("Service", jobset.network.subdomain, jobset):
                continue
            spec = mapping(unit.data, "spec")
            if spec.get("clusterIP") != "None":
                message = (
                    f"the Service {unit.name} names the pods of JobSet {jobset.name}, so it must"
                    " be headless"
                )
                yield (
                    unit,
                    Finding(
                        path=("spec", "clusterIP"), message=message, hint="Write clusterIP: None."
                    ),
                )
            selector = mapping(spec, "selector")
            if not selects_by_misspelt_key(unit) and not (selector and _selects(selector, jobset)):
                message = (
                    f"the Service {unit.name} does not select the pods of JobSet {jobset.name}"
                )
                hint = f"Select them by {keys.JOBSET_NAME}: {jobset.name}."
                yield unit, Finding(path=("spec", "selector"), message=message, hint=hint)


def _selects(selector: Mapping[str, Any], jobset: JobSet) -> bool:
    """Whether a selector matches the pods of every replicatedJob."""
    labels = [
        {
            **each.template.pod_labels,
            keys.JOBSET_NAME: jobset.name,
            keys.REPLICATED_JOB_NAME: each.name,
        }
        for each in jobset.replicated_jobs
    ]
    return all(selector.items() <= each.items() for each in labels)


def _by_name(kind: str, units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Index the objects of a kind, so that an input of many sets is not searched once for each of them."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.kind == kind:
            found.setdefault(unit.name, []).append(unit)
    return found


@input_rule("JSG404", "unfit-claim")
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
    claims = _by_name("PersistentVolumeClaim", units)
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


RULES = (unfit_service, unfit_claim)
