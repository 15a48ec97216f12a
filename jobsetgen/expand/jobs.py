"""The Jobs of a replicatedJob: built once, with slots for what each index changes."""

from __future__ import annotations

from typing import Any

from jobsetgen.expand import objects
from jobsetgen.expand.attempts import redirected
from jobsetgen.expand.objects import JobFamily, Object, metadata, without_identity
from jobsetgen.expand.placement import Exclusivity, exclusivity, place
from jobsetgen.expand.volumes import claim_volumes
from jobsetgen.model import keys
from jobsetgen.model.duties import has_watcher, is_gated
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.naming import jobset_uid, pod_hostname, state_name
from jobsetgen.options.table import Settings


def job_family(
    jobset: JobSet, replicated_job: ReplicatedJob, settings: Settings, domains: tuple[str, ...] = ()
) -> JobFamily:
    """Return the Jobs of a replicatedJob; `domains` holds one topology domain for each where they are pinned."""
    before = jobset.replicated_jobs[: jobset.replicated_jobs.index(replicated_job)]
    template = replicated_job.template
    identity = _identity(jobset, replicated_job)
    spec = {key: value for key, value in template.spec.items() if key != "suspend"}
    if jobset.suspend:
        spec["suspend"] = True
    if settings.tool_owns_jobs:
        # A finished Job that its TTL removes is put back from Git and runs again.
        spec.pop("ttlSecondsAfterFinished", None)
    if is_gated(jobset, replicated_job, settings):
        # It would run while the pods wait; the watcher adds it when it lets them go.
        spec.pop("activeDeadlineSeconds", None)
    spec["template"] = _pod_template(jobset, replicated_job, settings, identity)
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(
            objects.NAME,
            jobset.namespace,
            {**without_identity(template.labels), **identity},
            without_identity(template.annotations),
        ),
        "spec": spec,
    }
    return JobFamily(
        template=job,
        jobset=jobset.name,
        replicated_job=replicated_job.name,
        hash_namespace=jobset.hash_namespace,
        replicas=replicated_job.replicas,
        first_global_index=sum(each.replicas for each in before),
        first_group_index=sum(
            each.replicas for each in before if each.group_name == replicated_job.group_name
        ),
        domains=domains,
        is_preview=settings.jobs == "watcher",
    )


def _identity(jobset: JobSet, replicated_job: ReplicatedJob) -> dict[str, str]:
    """Return what tells a Job and its pods which part of the set they are."""
    group = [
        each for each in jobset.replicated_jobs if each.group_name == replicated_job.group_name
    ]
    identity = {
        keys.JOBSET_NAME: jobset.name,
        keys.JOBSET_UID: jobset_uid(jobset.hash_namespace, jobset.name),
        keys.REPLICATED_JOB_NAME: replicated_job.name,
        keys.REPLICATED_JOB_REPLICAS: str(replicated_job.replicas),
        keys.GLOBAL_REPLICAS: str(jobset.jobs),
        keys.JOB_INDEX: objects.INDEX,
        keys.JOB_GLOBAL_INDEX: objects.GLOBAL_INDEX,
        keys.JOB_KEY: objects.KEY,
        keys.GROUP_NAME: replicated_job.group_name,
        keys.GROUP_REPLICAS: str(sum(each.replicas for each in group)),
        keys.JOB_GROUP_INDEX: objects.GROUP_INDEX,
    }
    if jobset.coordinator:
        identity[keys.COORDINATOR] = coordinator_endpoint(jobset)
    return identity


def coordinator_endpoint(jobset: JobSet) -> str:
    """Return the DNS name, within the namespace, of the pod that every other pod learns of."""
    chosen = jobset.coordinator
    assert chosen is not None
    host = pod_hostname(jobset.name, chosen.replicated_job, chosen.job_index, chosen.pod_index)
    return f"{host}.{jobset.network.subdomain}"


def _pod_template(
    jobset: JobSet, replicated_job: ReplicatedJob, settings: Settings, identity: dict[str, str]
) -> Object:
    template = replicated_job.template
    how = exclusivity(jobset, replicated_job, settings)
    priority = settings.priority_label(template.pod)
    pod, attempt = _attempts(jobset, _pod(jobset, replicated_job, how, priority), settings)
    if is_gated(jobset, replicated_job, settings):
        pod["schedulingGates"] = [*(pod.get("schedulingGates") or []), {"name": keys.STARTUP_GATE}]
    labels = {**without_identity(template.pod_labels), **identity}
    # Nobody keeps off the pods of a node selector; where affinity is asked for beside it, it reads
    # the label.
    if priority is not None and (how.affinity or not how.node_selector):
        labels[keys.PRIORITY] = priority
    annotations = {**without_identity(template.pod_annotations), **identity, **attempt}
    # In the pod template, where a change of it replaces the Job.
    annotations[keys.GENERATION] = objects.GENERATION
    # Finalizers, unlike a name, reach the pods.
    own = {key: value for key, value in template.pod_metadata.items() if key == "finalizers"}
    return {"metadata": {**own, "labels": labels, "annotations": annotations}, "spec": pod}


def _pod(
    jobset: JobSet, replicated_job: ReplicatedJob, how: Exclusivity, priority: str | None
) -> Object:
    template = replicated_job.template
    pod: dict[str, Any] = dict(template.pod)
    if jobset.network.enabled:
        pod["subdomain"] = jobset.network.subdomain
    if volumes := claim_volumes(jobset, template):
        pod["volumes"] = [*(pod.get("volumes") or []), *volumes]
    return place(pod, how, priority)


def _attempts(jobset: JobSet, pod: Object, settings: Settings) -> tuple[Object, dict[str, str]]:
    if settings.jobs == "watcher":
        # As under the controller, the Jobs are created with the attempt on them.
        return dict(pod), {}
    return redirected(pod, state_name(jobset.name) if has_watcher(jobset, settings) else None)
