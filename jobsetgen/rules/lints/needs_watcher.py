"""JSG510: needs watcher."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.duties import duties
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import manual
from jobsetgen.words import listed


@jobset_rule(
    "JSG510",
    "error",
    since="0.1",
    source=manual("docs/restart-watcher.md", "The restart-watcher"),
)
def needs_watcher(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The set needs the restart-watcher, but `restartWatcher: Never` leaves it out.

    Jobs know nothing of each other. To restart a set, to end the other Jobs when one fails or the
    set is complete, to start Jobs in order, or to remove a finished set, something has to watch
    them. A set of one Job that nothing restarts needs no watcher, and gets none with
    `restartWatcher: Auto`, the default.

    Error because Kubernetes does none of this for plain Jobs, on any cluster. Only `restartWatcher:
    Never` leads to the error.

    Bad (restart-watcher Never)::

        spec:
          failurePolicy: {maxRestarts: 3}

    Good (restart-watcher Never)::

        spec:
          replicatedJobs:
          - template: {spec: {parallelism: 4, completions: 4, backoffLimit: 0}}
    """
    if settings.restart_watcher != "Never":
        return
    if found := duties(jobset, settings):
        words = listed([each.words for each in found], "or")
        yield Finding(
            path=found[0].path,
            message=f"without the restart-watcher nothing will {words}",
            hint="Set restartWatcher to Auto.",
        )
