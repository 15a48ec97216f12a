"""Argo CD annotations that do harm on training Jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import jobset_rule

_WAVE = "argocd.argoproj.io/sync-wave"
# Argo CD takes Helm's hooks for its own.
_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")


@jobset_rule("JSG511", "replace-at-every-sync", "warning")
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
                path=_annotation(each.template.path, keys.ARGOCD_SYNC_OPTIONS),
                message="Replace=true with Force=true makes Argo CD delete and create these Jobs at every sync",
                hint="Take Replace=true out: Force=true alone replaces a Job when it has changed.",
            )


def _options(written: str) -> Mapping[str, str]:
    pairs = (option.partition("=") for option in written.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _annotation(base: Path, key: str) -> Path:
    return (*base, "metadata", "annotations", key)


@jobset_rule("JSG512", "hook-or-wave", "warning")
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
            path=_annotation((), key),
            message=f"{key} on the JobSet does nothing: it is not copied to the Jobs",
            hint="On the Jobs it would make the sync last as long as the training.",
        )
    if settings.jobs == "watcher":
        return  # Argo CD does not sync those
    for each in jobset.replicated_jobs:
        for key in _waiting(each.template.annotations):
            yield Finding(
                path=_annotation(each.template.path, key),
                message=f"{key} makes Argo CD wait until these Jobs have finished, and heal nothing meanwhile",
                hint="Leave the Jobs in the one wave of everything else, and use no hooks.",
            )


def _waiting(annotations: Mapping[str, str]) -> Iterator[str]:
    for key in (*_HOOKS, _WAVE):
        if string(annotations, key) not in ("", "0", "Skip"):
            yield key
