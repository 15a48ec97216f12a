"""JSG230: coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import Coordinator, JobSet, ReplicatedJob
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import Referable
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule(
    "JSG230",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateCoordinator"),
)
def coordinator(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The coordinator names a pod that the set does not have.

    Its replicatedJob must exist and be Indexed, with completions; jobIndex and podIndex must be
    below replicas and completions.

    Error because JobSet's webhook refuses a coordinator that is not a pod of the set.

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
    names = Referable(jobset.replicated_jobs)
    if each is None and names.has(chosen.replicated_job):
        return
    if each is None:
        message = f"the coordinator is in the unknown replicatedJob '{chosen.replicated_job}'"
        hint = near(chosen.replicated_job, names.valid)
        yield Finding(path=(*chosen.path, "replicatedJob"), message=message, hint=hint)
        return

    yield from _wrong_job(chosen, each)
    yield from _wrong_pod(chosen, each)


def _wrong_job(chosen: Coordinator, each: ReplicatedJob) -> Iterator[Finding]:
    # JSG106 reports a negative number of replicas.
    if not 0 <= chosen.job_index < each.replicas and each.replicas >= 0:
        count = _count(each.replicas, "Job")
        message = f"the coordinator's jobIndex is {chosen.job_index}, but {each.name} has {count}"
        yield Finding(path=(*chosen.path, "jobIndex"), message=message)


def _wrong_pod(chosen: Coordinator, each: ReplicatedJob) -> Iterator[Finding]:
    path = (*chosen.path, "replicatedJob")
    completions = each.template.completions
    if not each.template.is_indexed:
        reason = "which is not Indexed, so its pods have no stable names"
        yield Finding(path=path, message=f"the coordinator is in {each.name}, {reason}")
        return

    if completions is None:
        message = f"the coordinator is in {each.name}, which does not set completions"
        yield Finding(path=path, message=message, hint="Set completions in its Job template.")
        return

    if not 0 <= chosen.pod_index < completions:
        count = _count(completions, "completion")
        message = f"the coordinator's podIndex is {chosen.pod_index}, but {each.name} has {count}"
        yield Finding(path=(*chosen.path, "podIndex"), message=message)


def _count(count: int, word: str) -> str:
    if count == 1:
        return f"1 {word}"
    return f"{count} {word}s"
