"""The coordinator: it must be a pod that the set has."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL
from jobsetgen.model.jobset import Coordinator, JobSet, ReplicatedJob
from jobsetgen.naming import pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.rules.names import name_of
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule("JSG230", "coordinator")
def coordinator(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The coordinator names a pod that the set does not have.

    Its replicatedJob must be there, Indexed and with completions; jobIndex and podIndex must lie below replicas and
    completions.

    Bad::

        spec:
          coordinator: {replicatedJob: workers, podIndex: 2}
          replicatedJobs:
          - {template: {spec: {parallelism: 2, completions: 2}}}

    Good::

        spec:
          coordinator: {replicatedJob: workers, podIndex: 1}
          replicatedJobs:
          - {template: {spec: {parallelism: 2, completions: 2}}}
    """
    chosen = jobset.coordinator
    if chosen is None or not chosen.replicated_job:
        return
    each = jobset.replicated_job(chosen.replicated_job)
    if each is None:
        names = [each.name for each in jobset.replicated_jobs]
        message = (
            f"the coordinator is in replicatedJob {chosen.replicated_job}, but there is none of"
            " that name"
        )
        hint = near(chosen.replicated_job, names)
        yield Finding(path=(*chosen.path, "replicatedJob"), message=message, hint=hint)
        return
    yield from _indices(chosen, each)


def _indices(chosen: Coordinator, each: ReplicatedJob) -> Iterator[Finding]:
    if not 0 <= chosen.job_index < each.replicas:
        message = (
            f"the coordinator's jobIndex is {chosen.job_index}, but {each.name} has"
            f" {_count(each.replicas, 'Job')}"
        )
        yield Finding(path=(*chosen.path, "jobIndex"), message=message)
    completions = each.template.completions
    if not each.template.is_indexed:
        message = (
            f"the coordinator is in {each.name}, which is not Indexed, so its pods have no names"
            " of their own"
        )
        yield Finding(path=(*chosen.path, "replicatedJob"), message=message)
    elif completions is None:
        message = f"the coordinator is in {each.name}, which says no completions"
        yield Finding(
            path=(*chosen.path, "replicatedJob"),
            message=message,
            hint="Write completions in its Job template.",
        )
    elif not 0 <= chosen.pod_index < completions:
        message = (
            f"the coordinator's podIndex is {chosen.pod_index}, but {each.name} has"
            f" {_count(completions, 'completion')}"
        )
        yield Finding(path=(*chosen.path, "podIndex"), message=message)


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


@jobset_rule("JSG231", "coordinator-too-long")
def coordinator_too_long(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The coordinator's endpoint is longer than the 63 characters of a label value.

    Every Job and pod carries `<JobSet>-<replicatedJob>-<jobIndex>-<podIndex>.<subdomain>` as a label, so the JobSet's
    name counts twice where no subdomain is given.

    Bad::

        metadata: {name: a-rather-long-name-for-a-run}
        spec:
          coordinator: {replicatedJob: workers}
          replicatedJobs:
          - {template: {spec: {parallelism: 1, completions: 1}}}

    Good::

        metadata: {name: a-rather-long-name-for-a-run}
        spec:
          network: {subdomain: run}
          coordinator: {replicatedJob: workers}
          replicatedJobs:
          - {template: {spec: {parallelism: 1, completions: 1}}}
    """
    chosen = jobset.coordinator
    name = name_of(jobset)
    if chosen is None or not chosen.replicated_job or not name:
        return
    host = pod_hostname(name, chosen.replicated_job, chosen.job_index, chosen.pod_index)
    endpoint = f"{host}.{jobset.network.subdomain or name}"
    if len(endpoint) > MAX_LABEL:
        excess = len(endpoint) - MAX_LABEL
        message = (
            f"the coordinator's endpoint '{endpoint}' has {len(endpoint)} characters, {excess} more than the "
            f"{MAX_LABEL} of a label value"
        )
        yield Finding(
            path=chosen.path,
            message=message,
            hint="Shorten metadata.name, or give a short network.subdomain.",
        )


RULES = (coordinator, coordinator_too_long)
