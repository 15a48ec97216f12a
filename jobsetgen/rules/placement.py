"""Exclusive placement: what it needs to be expressed without a webhook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import Located, input_rule, jobset_rule
from jobsetgen.words import near


@jobset_rule("JSG410", "unknown-namespace", "warning")
def unknown_namespace(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An exclusive set for which no namespace is known goes to the namespace `default`.

    The keys that keep other Jobs off its topology domains are made from the namespace. So every object of the set then
    says `namespace: default`: applied to another namespace it fails, instead of sharing keys with another set.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if jobset.namespace is None and jobset.is_exclusive and not settings.namespace_required:
        message = (
            "exclusive placement needs the namespace, and none is known: the set goes to the"
            " namespace default"
        )
        hint = "Say --namespace, or write metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)


@jobset_rule("JSG411", "namespace-required")
def namespace_required(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Inside the Argo CD plugin, no namespace is known for an exclusive set.

    The application's destination has none, and neither has the JobSet; what would be right cannot be guessed.

    Bad (environment ARGOCD_APP_NAMESPACE)::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if jobset.namespace is None and jobset.is_exclusive and settings.namespace_required:
        message = (
            "exclusive placement needs the namespace, and neither the application nor the JobSet"
            " names one"
        )
        hint = "Set the application's destination namespace, or write metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)


@jobset_rule("JSG412", "exclusive-not-indexed")
def exclusive_not_indexed(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A NonIndexed Job is placed exclusively.

    Under the JobSet controller such pods are never admitted: the one that leads the others to its domain is the one
    with completion index 0, and there is none.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {completionMode: NonIndexed}}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {completionMode: Indexed}}
    """
    for each in treatment(jobset, settings).jobs:
        how = each.exclusivity
        template = each.replicated_job.template
        if how.topology and how.by_webhook and not template.is_indexed:
            name = each.replicated_job.name
            message = f"replicatedJob {name} is placed exclusively, so it must be Indexed"
            yield Finding(path=(*template.spec_path, "completionMode"), message=message)


@jobset_rule("JSG413", "unknown-priority-class")
def unknown_priority_class(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An exclusive set has a priorityClassName whose value is not known, or a priority below zero.

    Exclusive placement keeps off the pods of other Jobs of the same priority, and the priority is a number that only
    the cluster knows. List the cluster's classes under `priorityClasses` in jobsetgen.yaml. The number stands in a
    label, whose value cannot begin with a minus sign.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: high}}}}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: system-node-critical}}}}
    """
    for each in jobset.replicated_jobs:
        if not jobset.topology(each) or settings.priority_label(each.template.pod) is not None:
            continue
        name, priority = (
            string(each.template.pod, "priorityClassName"),
            settings.pod_priority(each.template.pod),
        )
        message = f"exclusive placement needs the priority of the class {name}, which is not known"
        hint = (
            near(name, settings.priority_classes)
            or "List it under priorityClasses in jobsetgen.yaml."
        )
        if priority is not None:
            message = (
                "exclusive placement writes the priority into a label, which cannot hold"
                f" {priority}"
            )
            hint = "Use a priority of 0 or more."
        yield Finding(path=_priority_path(each), message=message, hint=hint)


@jobset_rule("JSG603", "no-priority-label", "notice")
def no_priority_label(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The pods of a set go without the label that tells their priority: it is not known, or no label can hold it.

    An exclusive set of the same priority, which should keep off them, does not see them then.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: high}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: system-node-critical}}}}
    """
    for each in jobset.replicated_jobs:
        if jobset.topology(each) or settings.priority_label(each.template.pod) is not None:
            continue
        name, priority = (
            string(each.template.pod, "priorityClassName"),
            settings.pod_priority(each.template.pod),
        )
        what, hint = (
            f"of the class {name} is not known",
            "List it under priorityClasses in jobsetgen.yaml.",
        )
        if priority is not None:
            what, hint = f"{priority} is no value of a label", ""
        message = f"the priority {what}, so exclusive sets cannot keep off these pods"
        yield Finding(path=_priority_path(each), message=message, hint=hint)


def _priority_path(each: ReplicatedJob) -> Path:
    field = "priority" if "priority" in each.template.pod else "priorityClassName"
    return (*each.template.pod_path, field)


@jobset_rule("JSG415", "topology-key")
def topology_key(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The exclusive-topology annotation names no node label key, so that no node could ever match.

    Bad::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: node pool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    for path, where in _topologies(jobset):
        key = where.get(keys.EXCLUSIVE_TOPOLOGY)
        if isinstance(key, str) and (reason := bad_label_key(key)):
            message = f"'{key}' cannot be the key of a node label: {reason}"
            yield Finding(path=(*path, "annotations", keys.EXCLUSIVE_TOPOLOGY), message=message)


def _topologies(jobset: JobSet) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield the annotations of each place that a topology may be written at."""
    yield ("metadata",), jobset.annotations
    for each in jobset.replicated_jobs:
        yield (*each.template.path, "metadata"), each.template.annotations
        yield (*each.template.spec_path, "template", "metadata"), each.template.pod_annotations


@input_rule("JSG414", "too-few-domains")
def too_few_domains(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """With the placement strategy `domains`, there are fewer topology domains than Jobs to place.

    Each Job is pinned to one of `placement.domains`, in the order of the list; all sets of the input share it, and
    no domain may stand in it twice. `jobsetgen domains` writes the list.

    Bad (placement domains)::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if settings.placement.strategy != "domains":
        return
    free = {key: len(set(domains)) for key, domains in settings.placement.domains.items()}
    twice = {
        key: domain
        for key, domains in settings.placement.domains.items()
        if (domain := _repeated(domains))
    }
    for unit, each, topology in _pinned(units, settings):
        path = (*each.path, "replicas")
        left = free.get(topology, 0)
        if each.replicas > left:
            listed = (
                f"{left} of its domains are left"
                if topology in free
                else "no domain of it is listed"
            )
            message = (
                f"replicatedJob {each.name} needs {each.replicas} domains of {topology}, but"
                f" {listed}"
            )
            hint = (
                "List them under placement.domains in jobsetgen.yaml; jobsetgen domains writes the"
                " list."
            )
            yield unit, Finding(path=path, message=message, hint=hint)
        free[topology] = max(left - each.replicas, 0)
        if domain := twice.pop(topology, ""):
            message = (
                f"placement.domains lists {domain} of {topology} twice, so two Jobs would be"
                " pinned to it"
            )
            yield (
                unit,
                Finding(
                    path=path, message=message, hint="Take one of the two out of jobsetgen.yaml."
                ),
            )


def _pinned(units: Sequence[Unit], settings: Settings) -> Iterator[tuple[Unit, ReplicatedJob, str]]:
    """Yield each replicatedJob that takes topology domains, with the node label key that they are of."""
    for unit in units:
        for each in treatment(unit.jobset, settings).jobs if unit.jobset else ():
            how = each.exclusivity
            if how.domains and isinstance(how.topology, str):
                yield unit, each.replicated_job, how.topology


def _repeated(domains: Sequence[str]) -> str:
    """Return the first domain that stands in a list twice, or nothing."""
    seen: set[str] = set()
    for domain in domains:
        if domain in seen:
            return domain
        seen.add(domain)
    return ""


RULES = (
    unknown_namespace,
    namespace_required,
    exclusive_not_indexed,
    unknown_priority_class,
    no_priority_label,
    too_few_domains,
    topology_key,
)
