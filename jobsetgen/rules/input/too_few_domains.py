"""JSG414: too few domains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import ReplicatedJob
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import Located, input_rule

_HINT = (
    "List them under placement.domains in jobsetgen.yaml, for example from the output of jobsetgen"
    " domains."
)


@input_rule(
    "JSG414",
    "error",
    since="0.1",
    source=upstream.manual("docs/project.md", "jobsetgen.yaml"),
)
def too_few_domains(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """With the placement strategy `domains`, there are fewer topology domains than Jobs to place.

    Each Job is pinned to one of `placement.domains`, in the order of the list. All sets of the
    input share the list, and a domain may be listed only once. `jobsetgen domains` writes the list.

    Error because a Job without a domain of its own cannot be pinned, and two Jobs that are pinned
    to one domain are not placed exclusively.

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

    listed = settings.placement.domains
    free = {key: len(set(domains)) for key, domains in listed.items()}
    duplicates = {key: _duplicate(domains) for key, domains in listed.items()}
    for unit, each, topology in _pinned(units, settings):
        path = (*each.path, "replicas")
        left = free.get(topology, 0)
        if each.replicas > left:
            message = (
                f"too few domains of {topology}: replicatedJob {each.name} needs {each.replicas},"
                f" but placement.domains {_offer(topology, free)}"
            )
            yield unit, Finding(path=path, message=message, hint=_HINT)

        free[topology] = max(left - each.replicas, 0)
        # A duplicate is reported once, at the first that takes domains of its key.
        if domain := duplicates.pop(topology, ""):
            message = (
                f"duplicate domain '{domain}' of {topology} in placement.domains: two Jobs would"
                " be pinned to it"
            )
            hint = "Remove one of the two from jobsetgen.yaml."
            yield unit, Finding(path=path, message=message, hint=hint)


def _pinned(units: Sequence[Unit], settings: Settings) -> Iterator[tuple[Unit, ReplicatedJob, str]]:
    """Yield each replicatedJob that takes topology domains, with the key of their node label."""
    for unit in units:
        if unit.jobset is None:
            continue

        for each in treatment(unit.jobset, settings).jobs:
            how = each.exclusivity
            if how.domains and isinstance(how.topology, str):
                yield unit, each.replicated_job, how.topology


def _offer(topology: str, free: Mapping[str, int]) -> str:
    if topology in free:
        return f"has {free[topology]} left"
    return "lists none"


def _duplicate(domains: Sequence[str]) -> str:
    """Return the first domain that a list holds twice, or nothing."""
    seen: set[str] = set()
    for domain in domains:
        if domain in seen:
            return domain
        seen.add(domain)
    return ""
