"""JSG252: in place restart unsupported."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.restarts import restarts_in_place
from jobsetgen.rules.jobset.in_place_restart import in_place_restart
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG252", "error", since="0.1", source=UNKNOWN)
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
    if restarts_in_place(jobset) and not any(in_place_restart.check(jobset, settings)):
        hint = "Use Recreate or BlockingRecreate."
        path = ("spec", "failurePolicy", "restartStrategy")
        yield Finding(
            path=path, message="the restart strategy InPlaceRestart is not supported yet", hint=hint
        )
