"""JSG251: in place restart."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.restarts import restarts_in_place
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG251", "error", since="0.1", source=UNKNOWN)
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
    if not restarts_in_place(jobset):
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
