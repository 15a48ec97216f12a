"""JSG512: hook or wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.argocd import annotation
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN

_WAVE = "argocd.argoproj.io/sync-wave"


# Argo CD takes Helm's hooks for its own.
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")


@jobset_rule("JSG512", "warning", since="0.1", source=UNKNOWN)
def hook_or_wave(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An Argo CD hook or sync-wave annotation on training.

    Argo CD goes on with a sync when what it has applied is healthy, and a Job is healthy only when it has finished. A
    hook, or a second wave, makes the sync last as long as the training, and self-heal does nothing meanwhile. On
    the JobSet itself the annotation does nothing, as it is not copied to the Jobs.

    Bad::

        spec:
          replicatedJobs:
          - template:
              metadata:
                annotations: {argocd.argoproj.io/sync-wave: "1"}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                annotations: {argocd.argoproj.io/sync-wave: "0"}
    """
    if settings.gitops not in ("any", "argocd"):
        return
    for key in _waiting(jobset.annotations):
        yield Finding(
            path=annotation((), key),
            message=f"{key} on the JobSet does nothing: it is not copied to the Jobs",
            hint="On the Jobs it would make the sync last as long as the training.",
        )
    if settings.jobs == "watcher":
        return  # Argo CD does not sync those
    for each in jobset.replicated_jobs:
        for key in _waiting(each.template.annotations):
            yield Finding(
                path=annotation(each.template.path, key),
                message=f"{key} makes Argo CD wait until these Jobs have finished, and heal nothing meanwhile",
                hint="Leave the Jobs in the one wave of everything else, and use no hooks.",
            )


def _waiting(annotations: Mapping[str, str]) -> Iterator[str]:
    for key in (*_HOOKS, _WAVE):
        if string(annotations, key) not in ("", "0", "Skip"):
            yield key
