"""JSG411: namespace required."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG411",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "jobHashKey"),
)
def namespace_required(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Inside the Argo CD plugin, no namespace is known for an exclusive set.

    Neither the application's destination nor the JobSet sets one, but exclusive placement
    identifies each Job by a hash of its namespace and name.

    Error because any namespace would be a guess. Outside the plugin, such a set goes to `default`
    with a warning (JSG410), but Argo CD applies what a plugin writes and shows no warning.

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
            "exclusive placement needs a namespace, and neither the application nor the JobSet"
            " sets one"
        )
        hint = "Set the application's destination namespace or metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)
