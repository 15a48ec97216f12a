"""JSG230: coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import Coordinator, JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near


@jobset_rule("JSG230", "error", since="0.1", source=UNKNOWN)
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
