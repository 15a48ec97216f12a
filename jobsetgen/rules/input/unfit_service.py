"""JSG403: unfit service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping
from jobsetgen.rules.common.key_names import selects_by_misspelt_key
from jobsetgen.rules.common.stand_ins import by_name
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG403", "error", since="0.1", source=UNKNOWN)
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
    services = by_name("Service", units)
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
