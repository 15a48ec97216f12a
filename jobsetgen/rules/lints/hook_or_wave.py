"""JSG512: hook or wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.argocd import annotation, is_read_by_argocd
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page

# Argo CD treats Helm's hooks as its own.
_KEYS = ("argocd.argoproj.io/hook", "helm.sh/hook", "argocd.argoproj.io/sync-wave")
_WITHOUT_EFFECT = ("", "0", "Skip")


@jobset_rule(
    "JSG512",
    "warning",
    since="0.1",
    source=page(
        "Argo CD, Sync Phases and Waves",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/",
    ),
)
def hook_or_wave(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A training Job has an Argo CD hook or sync-wave annotation.

    Argo CD continues a sync when what it has applied is healthy, and a Job is healthy only when it
    has finished. A hook, or a second wave, makes the sync last as long as the training, and
    self-heal does nothing until then. On the JobSet itself the annotation has no effect, because it
    is not copied to the Jobs.

    Warning because a short Job may well be part of a sync, such as one that prepares data.

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
    if is_read_by_argocd(settings):
        yield from _on_the_set(jobset)
        if settings.jobs == "git":
            yield from _on_the_jobs(jobset)


def _on_the_set(jobset: JobSet) -> Iterator[Finding]:
    for key in _effective(jobset.annotations):
        yield Finding(
            path=annotation((), key),
            message=f"{key} has no effect on a JobSet: it is not copied to the Jobs",
            hint="Remove it: on the Jobs it would make the sync last as long as the training.",
        )


def _on_the_jobs(jobset: JobSet) -> Iterator[Finding]:
    for template in [each.template for each in jobset.replicated_jobs]:
        for key in _effective(template.annotations):
            message = (
                f"{key} makes Argo CD wait until these Jobs have finished, and self-heal does"
                " nothing until then"
            )
            yield Finding(
                path=annotation(template.path, key),
                message=message,
                hint="Leave the Jobs in the default wave and use no hooks.",
            )


def _effective(annotations: Mapping[str, str]) -> Iterator[str]:
    """Yield the keys that make Argo CD wait."""
    for key in _KEYS:
        if string(annotations, key) not in _WITHOUT_EFFECT:
            yield key
