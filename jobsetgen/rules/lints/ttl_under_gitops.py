"""JSG502: ttl under gitops."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import manual

_FIELD = "ttlSecondsAfterFinished"


@jobset_rule(
    "JSG502",
    "warning",
    since="0.1",
    source=manual("docs/differences.md", "What differs from the JobSet controller, and why"),
)
def ttl_under_gitops(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """ttlSecondsAfterFinished, of the set or of a Job template, is left out under a GitOps tool.

    When a TTL removes a Job, the tool recreates it from Git, and the training runs again. A
    finished Job holds no nodes; remove the set from Git when it is over. With `--jobs watcher` or
    `--gitops none` the watcher removes the Jobs of the finished set, and a Job template keeps its
    TTL.

    Warning because the set runs as it should; it only stays after it has finished.

    Bad::

        spec: {ttlSecondsAfterFinished: 3600}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {activeDeadlineSeconds: 3600}}
    """
    if not settings.tool_owns_jobs:
        return

    if jobset.ttl_seconds_after_finished is not None:
        hint = "Set jobs: watcher, so that the watcher removes the set, or remove the field."
        yield _left_out(("spec", _FIELD), hint)

    for each in jobset.replicated_jobs:
        if _FIELD in each.template.spec:
            path = (*each.template.spec_path, _FIELD)
            yield _left_out(path, "Remove the field, and remove the set from Git when it is over.")


def _left_out(path: Path, hint: str) -> Finding:
    message = (
        f"{_FIELD} is left out: a GitOps tool would recreate the removed Job, which would run again"
    )
    return Finding(path=path, message=message, hint=hint)
