"""JSG410: unknown namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.words import plural

_DEFAULT = "default"


@input_rule(
    "JSG410",
    "warning",
    since="0.1",
    source=upstream.jobset("pkg/controllers/jobset_controller.go", "jobHashKey"),
)
def unknown_namespace(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """An exclusive set whose namespace is unknown goes to `default`, probably against the intent.

    Exclusive placement identifies each Job by a hash of its namespace and name. Every object of the
    set is therefore written with `namespace: default`: applying it to another namespace fails,
    instead of sharing keys with another set. kubectl would take `default`, too. But the profiles
    `argocd` and `flux` say that a tool applies the output, whose own namespace would then not
    count, and another namespace in the input suggests that this set belongs there. All such sets
    have one warning.

    Warning because `default` may be the intended namespace.

    Bad (argocd)::

        metadata:
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good (argocd)::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if settings.namespace_required or not _is_elsewhere_likely(units, settings):
        return
    astray = [
        unit
        for unit in units
        if unit.jobset and unit.jobset.namespace is None and unit.jobset.is_exclusive
    ]
    if not astray:
        return

    subject = "the set goes"
    if len(astray) > 1:
        subject = f"it goes, like {plural(len(astray) - 1, 'other set')},"
    message = (
        f"exclusive placement needs a namespace, but none is known: {subject} to the namespace"
        f" {_DEFAULT}"
    )
    hint = "Pass --namespace or set metadata.namespace."
    yield astray[0], Finding(path=("metadata", "namespace"), message=message, hint=hint)


def _is_elsewhere_likely(units: Sequence[Unit], settings: Settings) -> bool:
    """Whether a tool decides the namespace, or other objects are in another one."""
    if settings.names_tool:
        return True
    return any(unit.namespace not in ("", _DEFAULT) for unit in units)
