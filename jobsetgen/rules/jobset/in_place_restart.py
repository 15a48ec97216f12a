"""JSG251: in place restart."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG251",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def in_place_restart(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """InPlaceRestart lacks a field that it requires in every replicatedJob.

    It requires backoffLimit 2147483647, podReplacementPolicy Failed, and completions and
    parallelism, both set and equal.

    Error because JobSet's webhook refuses the strategy without them.

    Bad::

        spec:
          failurePolicy: {restartStrategy: InPlaceRestart}

    Good::

        spec:
          failurePolicy: {restartStrategy: Recreate}
    """
    if not restarts_in_place(jobset):
        return

    for each in jobset.replicated_jobs:
        spec = each.template.spec
        path = each.template.spec_path
        where = f"in replicatedJob {each.name}"
        if spec.get("backoffLimit") != MAX_INT32:
            message = f"InPlaceRestart requires backoffLimit {MAX_INT32} {where}"
            yield Finding(path=(*path, "backoffLimit"), message=message)

        if spec.get("podReplacementPolicy") != "Failed":
            message = f"InPlaceRestart requires podReplacementPolicy Failed {where}"
            yield Finding(path=(*path, "podReplacementPolicy"), message=message)

        completions = spec.get("completions")
        if completions is None or completions != spec.get("parallelism"):
            message = f"InPlaceRestart requires equal completions and parallelism {where}"
            yield Finding(path=(*path, "completions"), message=message)


def restarts_in_place(jobset: JobSet) -> bool:
    """Whether a set's restart strategy is InPlaceRestart."""
    policy = jobset.failure_policy
    return policy is not None and policy.restart_strategy == "InPlaceRestart"
