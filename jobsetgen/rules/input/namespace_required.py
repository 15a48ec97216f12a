"""JSG411: namespace required."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG411", "error", since="0.1", source=UNKNOWN)
def namespace_required(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Inside the Argo CD plugin, no namespace is known for an exclusive set.

    The application's destination has none, and neither has the JobSet; what would be right cannot be guessed.

    Bad (environment ARGOCD_APP_NAMESPACE)::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if jobset.namespace is None and jobset.is_exclusive and settings.namespace_required:
        message = (
            "exclusive placement needs the namespace, and neither the application nor the JobSet"
            " names one"
        )
        hint = "Set the application's destination namespace, or write metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)
