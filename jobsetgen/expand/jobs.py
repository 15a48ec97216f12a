"""Build the Jobs of a replicatedJob once, with slots for the values of each index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsetgen.expand import objects
from jobsetgen.expand.attempts import redirected
from jobsetgen.expand.objects import JobFamily, Object, metadata, without_identity
from jobsetgen.expand.placement import place
from jobsetgen.expand.volumes import claim_volumes
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import JobTreatment, Treatment
from jobsetgen.naming import jobset_uid, pod_hostname, state_name
from jobsetgen.options.table import Settings


def job_families(jobset: JobSet, treatment: Treatment, settings: Settings) -> tuple[JobFamily, ...]:
    """Return the Jobs of each replicatedJob of a set, in order."""
    # Containers read the attempt from the watcher's state.
    state = state_name(jobset.name) if treatment.is_watched else None
    families: list[JobFamily] = []
    counts = _counts(jobset)
    before = 0
    before_in_group: dict[str, int] = {}
    for each in treatment.jobs:
        replicated_job = each.replicated_job
        group = replicated_job.group_name
        families.append(
            JobFamily(
                template=_job(jobset, each, settings, state, counts),
                jobset=jobset.name,
                replicated_job=replicated_job.name,
                hash_namespace=jobset.hash_namespace,
                replicas=replicated_job.replicas,
                first_global_index=before,
                first_group_index=before_in_group.get(group, 0),
                domains=each.domains,
                is_preview=settings.jobs == "watcher",
            )
        )
        before += replicated_job.replicas
        before_in_group[group] = before_in_group.get(group, 0) + replicated_job.replicas
    return tuple(families)


class _Counts(NamedTuple):
    """The number of Jobs of a set, and of each of its groups."""

    jobs: int
    by_group: Mapping[str, int]


def _counts(jobset: JobSet) -> _Counts:
    by_group: dict[str, int] = {}
    for each in jobset.replicated_jobs:
        by_group[each.group_name] = by_group.get(each.group_name, 0) + each.replicas
    return _Counts(jobset.jobs, by_group)


def _job(
    jobset: JobSet, each: JobTreatment, settings: Settings, state: str | None, counts: _Counts
) -> Object:
    """Return the Job of a replicatedJob, with slots for the values that depend on the index."""
    template = each.replicated_job.template
    identity = _identity(jobset, each.replicated_job, counts)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(
            objects.NAME,
            jobset.namespace,
            {**without_identity(template.labels), **identity},
            without_identity(template.annotations),
        ),
        "spec": {
            **_job_fields(jobset, each, settings),
            "template": _pod_template(jobset, each, settings, identity, state),
        },
    }


def _job_fields(jobset: JobSet, each: JobTreatment, settings: Settings) -> Object:
    """Return the fields of a Job's spec, without those that the set or the GitOps tool decides."""
    spec = dict(each.replicated_job.template.spec)
    spec.pop("suspend", None)
    if jobset.suspend:
        spec["suspend"] = True
    if settings.tool_owns_jobs:
        # A finished Job that its TTL removes would be recreated from Git and run again.
        spec.pop("ttlSecondsAfterFinished", None)
    if each.is_gated:
        # The deadline would run while the pods wait; the watcher adds it when it removes the gate.
        spec.pop("activeDeadlineSeconds", None)
    return spec


def _identity(jobset: JobSet, replicated_job: ReplicatedJob, counts: _Counts) -> dict[str, str]:
    """Return the labels that identify a Job and its pods within the set."""
    identity = {
        keys.JOBSET_NAME: jobset.name,
        keys.JOBSET_UID: jobset_uid(jobset.hash_namespace, jobset.name),
        keys.REPLICATED_JOB_NAME: replicated_job.name,
        keys.REPLICATED_JOB_REPLICAS: str(replicated_job.replicas),
        keys.GLOBAL_REPLICAS: str(counts.jobs),
        keys.JOB_INDEX: objects.INDEX,
        keys.JOB_GLOBAL_INDEX: objects.GLOBAL_INDEX,
        keys.JOB_KEY: objects.KEY,
        keys.GROUP_NAME: replicated_job.group_name,
        keys.GROUP_REPLICAS: str(counts.by_group[replicated_job.group_name]),
        keys.JOB_GROUP_INDEX: objects.GROUP_INDEX,
    }
    if jobset.coordinator:
        identity[keys.COORDINATOR] = coordinator_endpoint(jobset)
    return identity


def coordinator_endpoint(jobset: JobSet) -> str:
    """Return the DNS name of the coordinator pod within the namespace."""
    chosen = jobset.coordinator
    assert chosen is not None
    host = pod_hostname(jobset.name, chosen.replicated_job, chosen.job_index, chosen.pod_index)
    return f"{host}.{jobset.network.subdomain}"


def _pod_template(
    jobset: JobSet,
    each: JobTreatment,
    settings: Settings,
    identity: dict[str, str],
    state: str | None,
) -> Object:
    template = each.replicated_job.template
    pod = _pod(jobset, each)
    attempt: dict[str, str] = {}
    # A watcher that creates the Jobs sets the attempt on them, as the controller does.
    if settings.jobs == "git":
        pod, attempt = redirected(pod, state)

    labels = {**without_identity(template.pod_labels), **identity}
    if each.priority_label is not None:
        labels[keys.PRIORITY] = each.priority_label

    annotations = {**without_identity(template.pod_annotations), **identity, **attempt}
    # In the pod template, so that a change replaces the Job.
    annotations[keys.GENERATION] = objects.GENERATION

    # Finalizers, unlike a name, reach the pods.
    own = {key: value for key, value in template.pod_metadata.items() if key == "finalizers"}
    return {"metadata": {**own, "labels": labels, "annotations": annotations}, "spec": pod}


def _pod(jobset: JobSet, each: JobTreatment) -> Object:
    template = each.replicated_job.template
    pod: dict[str, Any] = dict(template.pod)
    if jobset.network.enabled:
        pod["subdomain"] = jobset.network.subdomain
    if volumes := claim_volumes(jobset, template):
        pod["volumes"] = [*(pod.get("volumes") or []), *volumes]
    if each.is_gated:
        pod["schedulingGates"] = [*(pod.get("schedulingGates") or []), {"name": keys.STARTUP_GATE}]
    return place(pod, each.exclusivity, each.priority_label)
