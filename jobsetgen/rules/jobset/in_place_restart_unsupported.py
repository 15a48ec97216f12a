"""JSG252: in place restart unsupported."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.jobset.in_place_restart import in_place_restart, restarts_in_place
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG252",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def in_place_restart_unsupported(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The restart strategy InPlaceRestart is not supported yet.

    It needs an agent inside the pods. Choose Recreate or BlockingRecreate.

    Error because the restart-watcher cannot restart a container in place; JobSet's webhook refuses
    the strategy as well, unless the feature gate InPlaceRestart is on.

    Bad::

        spec:
          failurePolicy: {restartStrategy: InPlaceRestart}
          replicatedJobs:
          - template:
              spec:
                backoffLimit: 2147483647
                podReplacementPolicy: Failed
                parallelism: 2
                completions: 2

    Good::

        spec:
          failurePolicy: {restartStrategy: BlockingRecreate}
    """
    if not restarts_in_place(jobset):
        return

    is_incomplete = any(in_place_restart.check(jobset, settings))
    if not is_incomplete:
        path = ("spec", "failurePolicy", "restartStrategy")
        message = "the restart strategy InPlaceRestart is not supported yet"
        yield Finding(path=path, message=message, hint="Use Recreate or BlockingRecreate.")
