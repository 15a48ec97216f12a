"""JSG403: unfit service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.core_objects import CoreObjects
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.common.key_names import selects_by_misspelt_key
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG403",
    "error",
    since="0.1",
    source=upstream.page(
        "Kubernetes, DNS for Services and Pods",
        "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",
    ),
)
def unfit_service(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A Service in the input has the subdomain's name, but cannot give the pods their DNS names.

    It replaces the Service that would be generated, so it must be headless (`clusterIP: None`) and
    select the pods.

    Error because DNS has records of pods only for a headless Service that selects them: no name of
    the set would resolve.

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
    core = CoreObjects(units)
    for jobset in (unit.jobset for unit in units if unit.jobset):
        if not jobset.network.enabled:
            continue

        for service in core.standing_in("Service", jobset.network.subdomain, jobset):
            yield from ((service, finding) for finding in _misfits(service, jobset))


def _misfits(service: Unit, jobset: JobSet) -> Iterator[Finding]:
    """Yield what keeps a Service of the input from taking the place of a set's own."""
    spec = mapping(service.data, "spec")
    if spec.get("clusterIP") != "None":
        message = (
            f"the Service {service.name} gives the pods of JobSet {jobset.name} their DNS names, so"
            " it must be headless"
        )
        yield Finding(path=("spec", "clusterIP"), message=message, hint="Set clusterIP: None.")

    if selects_by_misspelt_key(service):
        return  # JSG260 says so

    if not _selects(mapping(spec, "selector"), jobset):
        message = f"the Service {service.name} does not select the pods of JobSet {jobset.name}"
        hint = f"Select them by {keys.JOBSET_NAME}: {jobset.name}."
        yield Finding(path=("spec", "selector"), message=message, hint=hint)


def _selects(selector: Mapping[str, Any], jobset: JobSet) -> bool:
    """Whether a selector matches the pods of every replicatedJob; an empty one matches none."""
    if not selector:
        return False

    labels = [
        {
            **each.template.pod_labels,
            keys.JOBSET_NAME: jobset.name,
            keys.REPLICATED_JOB_NAME: each.name,
        }
        for each in jobset.replicated_jobs
    ]
    return all(selector.items() <= each.items() for each in labels)
