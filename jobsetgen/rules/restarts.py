"""Restart strategies and sizes."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule("JSG250", "too-many-pods")
def too_many_pods(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob has more than 2^31-1 pods: replicas times parallelism.

    Bad::

        spec:
          replicatedJobs:
          - {replicas: 40000, template: {spec: {parallelism: 60000, completions: 60000}}}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 400, template: {spec: {parallelism: 600, completions: 600}}}
    """
    for each in jobset.replicated_jobs:
        pods = each.replicas * each.template.parallelism
        if pods > MAX_INT32:
            message = (
                f"replicas times parallelism is {pods:,} in {each.name}; at most {MAX_INT32:,}"
                " are allowed"
            )
            yield Finding(path=(*each.path, "replicas"), message=message)


@jobset_rule("JSG251", "in-place-restart")
def in_place_restart(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """InPlaceRestart needs backoffLimit 2147483647, podReplacementPolicy Failed, and completions equal to parallelism.

    All three in every replicatedJob, and completions and parallelism both written.

    Bad::

        spec:
          failurePolicy: {restartStrategy: InPlaceRestart}

    Good::

        spec:
          failurePolicy: {restartStrategy: Recreate}
    """
    if not _restarts_in_place(jobset):
        return
    for each in jobset.replicated_jobs:
        spec, path = each.template.spec, each.template.spec_path
        lead = f"InPlaceRestart needs, in replicatedJob {each.name},"
        if spec.get("backoffLimit") != MAX_INT32:
            yield Finding(path=(*path, "backoffLimit"), message=f"{lead} backoffLimit {MAX_INT32}")
        if spec.get("podReplacementPolicy") != "Failed":
            yield Finding(
                path=(*path, "podReplacementPolicy"), message=f"{lead} podReplacementPolicy Failed"
            )
        if spec.get("completions") is None or spec.get("completions") != spec.get("parallelism"):
            yield Finding(
                path=(*path, "completions"),
                message=f"{lead} completions and parallelism, written and equal",
            )


@jobset_rule("JSG252", "in-place-restart-unsupported")
def in_place_restart_unsupported(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The restart strategy InPlaceRestart is not supported yet.

    It needs an agent inside of the pods. Recreate and BlockingRecreate are the strategies to choose from.

    Bad::

        spec:
          failurePolicy: {restartStrategy: InPlaceRestart}
          replicatedJobs:
          - template:
              spec: {backoffLimit: 2147483647, podReplacementPolicy: Failed, parallelism: 2, completions: 2}

    Good::

        spec:
          failurePolicy: {restartStrategy: BlockingRecreate}
    """
    if _restarts_in_place(jobset) and not any(in_place_restart.check(jobset, settings)):
        hint = "Use Recreate or BlockingRecreate."
        path = ("spec", "failurePolicy", "restartStrategy")
        yield Finding(
            path=path, message="the restart strategy InPlaceRestart is not supported yet", hint=hint
        )


def _restarts_in_place(jobset: JobSet) -> bool:
    return (
        jobset.failure_policy is not None
        and jobset.failure_policy.restart_strategy == "InPlaceRestart"
    )


RULES = (too_many_pods, in_place_restart, in_place_restart_unsupported)
