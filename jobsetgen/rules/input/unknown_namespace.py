"""JSG410: unknown namespace."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG410", "warning", since="0.1", source=UNKNOWN)
def unknown_namespace(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """An exclusive set for which no namespace is known goes to the namespace `default`.

    The keys that keep other Jobs off its topology domains are made from the namespace. So every object of the set then
    says `namespace: default`: applied to another namespace it fails, instead of sharing keys with another set.

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
            "exclusive placement needs the namespace, and none is known: the set goes to the"
            " namespace default"
        )
        hint = "Say --namespace, or write metadata.namespace."
        yield Finding(path=("metadata", "namespace"), message=message, hint=hint)
