"""What must fit together across the whole input: names, Services, claims, and the number of Jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import ClaimTemplate, JobSet
from jobsetgen.model.settings import Settings
from jobsetgen.model.template import mapping, string
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name
from jobsetgen.rules.rule import Located, input_rule

Identity = tuple[str, str, str, str]


@input_rule("JSG401", "duplicate-object")
def duplicate_object(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two objects of one kind have the same namespace and name, so that one would overwrite the other.

    What JobSets expand to counts too: `a` with a replicatedJob `b-c` and `a-b` with `c` make the same Jobs.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: b}
    """
    seen: dict[Identity, Unit] = {}
    families: dict[tuple[str, str], int] = {}
    for unit in units:
        identity = _identity(unit)
        if identity is not None and identity in seen:
            message = _twice(identity, seen[identity], unit)
            yield unit, Finding(path=("metadata", "name"), message=message)
            continue  # its Jobs are those of the set before it
        if identity is not None:
            seen[identity] = unit
        for (namespace, prefix), replicas, path in _families(unit):
            if (namespace, prefix) in families and replicas:
                message = f"the Jobs {prefix}-0 and so on are here twice, from two JobSets whose names run together"
                yield unit, Finding(path=path, message=message)
            families[namespace, prefix] = replicas
    for unit in units:
        if unit.is_job and not unit.jobset:
            prefix, _, index = unit.name.rpartition("-")
            replicas = families.get((unit.namespace, prefix), 0)
            if index.isdecimal() and index == str(int(index)) and int(index) < replicas:
                message = f"a JobSet of the input makes a Job of the name {unit.name}, too"
                yield unit, Finding(path=("metadata", "name"), message=message)


def _identity(unit: Unit) -> Identity | None:
    """Return what a unit is, or the JobSet that it was; None without a name."""
    if unit.jobset:
        # Without a name of its own, a set is what its spec is: that is what its name is made from.
        name = unit.jobset.name or f"{unit.jobset.generate_name}{unit.data.get('spec')}"
        return (keys.API_GROUP, "JobSet", unit.namespace, name)
    if unit.name:
        return (unit.api_version.rpartition("/")[0], unit.kind, unit.namespace, unit.name)
    return None


def _families(unit: Unit) -> Iterator[tuple[tuple[str, str], int, Path]]:
    if unit.jobset and unit.jobset.name:
        names: set[str] = set()
        for each in unit.jobset.replicated_jobs:
            if each.name not in names:  # a name that is there twice is said by another rule
                prefix = f"{unit.jobset.name}-{each.name}"
                yield (unit.namespace, prefix), each.replicas, (*each.path, "name")
            names.add(each.name)


def _twice(identity: Identity, first: Unit, second: Unit) -> str:
    _, kind, namespace, _ = identity
    name = second.name or string(mapping(second.data, "metadata"), "generateName")
    where = f" in namespace {namespace}" if namespace else ""
    file, line = first.document.file, first.document.position(("metadata", "name")).line
    there = f"on line {line}" if file == second.document.file else f"in {file}, line {line}"
    return f"{kind} {name}{where} is here twice; the first is {there}"


@input_rule("JSG402", "shared-subdomain")
def shared_subdomain(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two JobSets have the same subdomain in one namespace, and so would share a headless Service.

    The Service of the one selects only its own pods, so the names of the other's would not resolve.

    Bad::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: training}}

    Good::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: other}}
    """
    seen: dict[tuple[str, str], str] = {}
    for unit in units:
        jobset = unit.jobset
        if jobset is None or not jobset.network.enabled or not jobset.network.subdomain:
            continue
        place = (unit.namespace, jobset.network.subdomain)
        if place in seen and seen[place] != jobset.name:
            path: Path = ("spec", "network", "subdomain")
            message = f"JobSets {seen[place]} and {jobset.name} share the subdomain {jobset.network.subdomain}"
            yield unit, Finding(path=path, message=message)
        seen.setdefault(place, jobset.name)


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
    for jobset in (unit.jobset for unit in units if unit.jobset and unit.jobset.network.enabled):
        for unit in units:
            if not unit.stands_in("Service", jobset.network.subdomain, jobset):
                continue
            spec = mapping(unit.data, "spec")
            if spec.get("clusterIP") != "None":
                message = f"the Service {unit.name} names the pods of JobSet {jobset.name}, so it must be headless"
                yield unit, Finding(path=("spec", "clusterIP"), message=message, hint="Write clusterIP: None.")
            selector = mapping(spec, "selector")
            if not selector or not _selects(selector, jobset):
                message = f"the Service {unit.name} does not select the pods of JobSet {jobset.name}"
                hint = f"Select them by {keys.JOBSET_NAME}: {jobset.name}."
                yield unit, Finding(path=("spec", "selector"), message=message, hint=hint)


def _selects(selector: Mapping[str, Any], jobset: JobSet) -> bool:
    """Whether a selector matches the pods of every replicatedJob."""
    labels = [{**each.template.pod_labels, keys.JOBSET_NAME: jobset.name} for each in jobset.replicated_jobs]
    return all(selector.items() <= each.items() for each in labels)


@input_rule("JSG404", "unfit-claim")
def unfit_claim(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A claim of a claim template's name stands in the input, but is not the one that the template describes.

    As under JobSet, a claim that is there already is used only where its spec is the template's and the policy's
    retention is Retain.

    Bad (file)::

        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: cache-demo}
        spec: {accessModes: [ReadWriteOnce]}
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
        spec: {accessModes: [ReadWriteMany]}
    """
    for jobset in (unit.jobset for unit in units if unit.jobset):
        for template in jobset.claims:
            for unit in units:
                if unit.stands_in("PersistentVolumeClaim", claim_name(template.name, jobset.name), jobset):
                    yield from ((unit, finding) for finding in _claim_misfits(unit, template))


def _claim_misfits(unit: Unit, template: ClaimTemplate) -> Iterator[Finding]:
    if mapping(unit.data, "spec") != template.spec:
        message = f"the claim {unit.name} has another spec than the claim template {template.name}"
        yield Finding(path=("spec",), message=message)
    elif not template.retain:
        message = f"the claim {unit.name} is there already, so the claim template {template.name} must retain it"
        hint = "Write retentionPolicy: {whenDeleted: Retain} in the volumeClaimPolicy."
        yield Finding(path=("metadata", "name"), message=message, hint=hint)


@input_rule("JSG405", "too-many-jobs")
def too_many_jobs(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """The input expands to more Jobs than --max-jobs (or `maxJobs` in jobsetgen.yaml) allows.

    The limit keeps a typing mistake in `replicas` from flooding a cluster.

    Bad::

        spec:
          replicatedJobs:
          - {replicas: 50001}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 5}
    """
    total = 0
    for unit in units:
        for each in unit.jobset.replicated_jobs if unit.jobset else ():
            before, total = total, total + each.replicas
            if before <= settings.max_jobs < total:
                message = f"up to here the input makes {total:,} Jobs; at most {settings.max_jobs:,} are allowed"
                hint = "If that is meant, raise the limit by --max-jobs or maxJobs in jobsetgen.yaml."
                yield unit, Finding(path=(*each.path, "replicas"), message=message, hint=hint)


RULES = (duplicate_object, shared_subdomain, unfit_service, unfit_claim, too_many_jobs)
