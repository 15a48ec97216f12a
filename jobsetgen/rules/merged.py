"""The codes that were merged into others: each keeps its page, and is accepted like the other."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import page

REPLACE_AT_EVERY_SYNC = Code(
    id="JSG511",
    title="replace at every sync",
    severity="warning",
    since="0.1",
    source=page(
        "Argo CD, Replace Resource Instead Of Applying Changes",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/"
        "#replace-resource-instead-of-applying-changes",
    ),
    doc="""A Job template has Argo CD's sync option Replace=true together with Force=true.

    The two make Argo CD delete and create the Job at every sync, whether it has changed or not.
    Replace=true is therefore left out of such a Job, which JSG527 says.

    Warning because a short Job may be meant to run at every sync.

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
    """,
    merged_into="JSG527",
)
