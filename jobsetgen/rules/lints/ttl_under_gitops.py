"""JSG502: ttl under gitops."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN

_FIELD = "ttlSecondsAfterFinished"


@jobset_rule("JSG502", "warning", since="0.1", source=UNKNOWN)
def ttl_under_gitops(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """ttlSecondsAfterFinished, of the set or of a Job template, is left out where a GitOps tool owns the Jobs.

    The tool finds a removed Job missing and puts it back, and the training runs again. A finished Job holds no nodes;
    a set that is over is removed from Git. With `--jobs watcher` or `--gitops none` the watcher removes the finished
    set, and a Job template keeps its TTL.

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
        yield _left_out(
            ("spec", _FIELD),
            "Choose jobs: watcher, and the watcher removes the set; or take it out.",
        )
    templates = (each.template for each in jobset.replicated_jobs)
    for path in [(*each.spec_path, _FIELD) for each in templates if _FIELD in each.spec]:
        yield _left_out(path, "Take it out; a set that is over is removed from Git.")


def _left_out(path: Path, hint: str) -> Finding:
    message = (
        f"{_FIELD} is left out: a GitOps tool puts back the finished Job that it removes, which"
        " runs again"
    )
    return Finding(path=path, message=message, hint=hint)
