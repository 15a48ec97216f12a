"""JSG511: replace at every sync."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.argocd import annotation
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG511", "warning", since="0.1", source=UNKNOWN)
def replace_at_every_sync(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job template has Argo CD's sync option Replace=true together with Force=true.

    The two make Argo CD delete and create the Job at every sync, whether it has changed or not. Force=true is on every
    Job of the output under updatePolicy Recreate, and is enough to replace a Job that has changed.

    Bad::

        spec:
          replicatedJobs:
          - template:
              metadata:
                annotations: {argocd.argoproj.io/sync-options: Replace=true}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                annotations: {argocd.argoproj.io/sync-options: PruneLast=true}
    """
    if settings.gitops not in ("any", "argocd") or settings.jobs == "watcher":
        return
    for each in jobset.replicated_jobs:
        options = _options(string(each.template.annotations, keys.ARGOCD_SYNC_OPTIONS))
        is_forced = (
            options.get("Force", "true" if settings.update_policy == "Recreate" else "") == "true"
        )
        if options.get("Replace") == "true" and is_forced:
            yield Finding(
                path=annotation(each.template.path, keys.ARGOCD_SYNC_OPTIONS),
                message="Replace=true with Force=true makes Argo CD delete and create these Jobs at every sync",
                hint="Take Replace=true out: Force=true alone replaces a Job when it has changed.",
            )


def _options(written: str) -> Mapping[str, str]:
    pairs = (option.partition("=") for option in written.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}
