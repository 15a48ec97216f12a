"""JSG414: too few domains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG414", "error", since="0.1", source=UNKNOWN)
def too_few_domains(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """With the placement strategy `domains`, there are fewer topology domains than Jobs to place.

    Each Job is pinned to one of `placement.domains`, in the order of the list; all sets of the input share it, and
    no domain may stand in it twice. `jobsetgen domains` writes the list.

    Bad (placement domains)::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}

    Good::

        metadata:
          namespace: training
          annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: cloud.google.com/gke-nodepool}
    """
    if settings.placement.strategy != "domains":
        return
    free = {key: len(set(domains)) for key, domains in settings.placement.domains.items()}
    twice = {
        key: domain
        for key, domains in settings.placement.domains.items()
        if (domain := _repeated(domains))
    }
    for unit, each, topology in _pinned(units, settings):
        path = (*each.path, "replicas")
        left = free.get(topology, 0)
        if each.replicas > left:
            listed = (
                f"{left} of its domains are left"
                if topology in free
                else "no domain of it is listed"
            )
            message = (
                f"replicatedJob {each.name} needs {each.replicas} domains of {topology}, but"
                f" {listed}"
            )
            hint = (
                "List them under placement.domains in jobsetgen.yaml; jobsetgen domains writes the"
                " list."
            )
            yield unit, Finding(path=path, message=message, hint=hint)
        free[topology] = max(left - each.replicas, 0)
        if domain := twice.pop(topology, ""):
            message = (
                f"placement.domains lists {domain} of {topology} twice, so two Jobs would be"
                " pinned to it"
            )
            yield (
                unit,
                Finding(
                    path=path, message=message, hint="Take one of the two out of jobsetgen.yaml."
                ),
            )


def _pinned(units: Sequence[Unit], settings: Settings) -> Iterator[tuple[Unit, ReplicatedJob, str]]:
    """Yield each replicatedJob that takes topology domains, with the node label key that they are of."""
    for unit in units:
        for each in treatment(unit.jobset, settings).jobs if unit.jobset else ():
            how = each.exclusivity
            if how.domains and isinstance(how.topology, str):
                yield unit, each.replicated_job, how.topology


def _repeated(domains: Sequence[str]) -> str:
    """Return the first domain that stands in a list twice, or nothing."""
    seen: set[str] = set()
    for domain in domains:
        if domain in seen:
            return domain
        seen.add(domain)
    return ""
