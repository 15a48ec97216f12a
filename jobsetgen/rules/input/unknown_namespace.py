"""JSG410: unknown namespace."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG410",
    "warning",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "jobHashKey"),
)
def unknown_namespace(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An exclusive set whose namespace is unknown goes to the namespace `default`.

    Exclusive placement identifies each Job by a hash of its namespace and name. Every object of the
    set is therefore written with `namespace: default`: applying it to another namespace fails,
    instead of sharing keys with another set.

    Warning because `default` may be the intended namespace.

    Bad::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if jobset.namespace is None and jobset.is_exclusive and not settings.namespace_required:
        message = (
            "exclusive placement needs a namespace, but none is known: the set goes to the"
            " namespace default"
        )
        hint = "Pass --namespace or set metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)
