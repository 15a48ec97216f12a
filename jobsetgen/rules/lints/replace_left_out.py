"""JSG527: replace left out."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.sync_options import replaces_always, sync_options
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.argocd import annotation, is_read_by_argocd
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG527",
    "warning",
    since="0.1",
    source=page(
        "Argo CD, Replace Resource Instead Of Applying Changes",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/"
        "#replace-resource-instead-of-applying-changes",
    ),
)
def replace_left_out(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Argo CD's sync option Replace=true is left out of a Job that also has Force=true.

    The two make Argo CD delete and create the Job at every sync, whether it has changed or not, and
    the training begins again. Force=true is on every Job of the output under updatePolicy Recreate,
    and is enough to replace a Job that has changed. Without Force=true, Replace=true is kept.

    Warning because a short Job may be meant to run at every sync, and will not.

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
    if not is_read_by_argocd(settings) or settings.jobs == "watcher":
        return

    by_us = {"Force": "true"} if settings.update_policy == "Recreate" else {}
    for replicated_job in jobset.replicated_jobs:
        template = replicated_job.template
        by_user = sync_options(string(template.annotations, keys.ARGOCD_SYNC_OPTIONS))
        if replaces_always({**by_us, **by_user}):
            message = (
                "Replace=true is left out: with Force=true, Argo CD would delete and create these"
                " Jobs at every sync"
            )
            hint = "Remove Replace=true: Force=true alone replaces a Job when it has changed."
            path = annotation(template.path, keys.ARGOCD_SYNC_OPTIONS)
            yield Finding(path=path, message=message, hint=hint)
