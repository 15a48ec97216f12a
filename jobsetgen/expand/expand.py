"""One JobSet to the objects that stand for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from jobsetgen.expand.jobs import job_family
from jobsetgen.expand.objects import ATTEMPT_KEY, GENERATION, JobFamily, Object, fill
from jobsetgen.expand.placement import exclusivity
from jobsetgen.expand.service import headless_service
from jobsetgen.expand.volumes import claim
from jobsetgen.kubernetes.updates import immutable_fields
from jobsetgen.model.jobset import JobSet
from jobsetgen.naming import generation
from jobsetgen.options.table import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What one JobSet stands for, in the order of the output."""

    jobset: JobSet
    generation: str
    claims: tuple[Object, ...]
    service: Object | None
    families: tuple[JobFamily, ...]


def expand(
    jobset: JobSet, settings: Settings, domains: dict[str, list[str]] | None = None
) -> Expansion:
    """Return the objects of a JobSet that the rules have found nothing wrong with.

    `domains` holds the topology domains that are still free, by node label key; the Jobs that are
    pinned take theirs from the front. A JobSet with generateName gets its name here: the same spec
    always gets the same one.
    """
    if jobset.is_exclusive and jobset.namespace is None:
        # Its keys are made from a namespace, so it may be applied to no other than that one.
        jobset = replace(jobset, namespace=jobset.hash_namespace)
    families = _families(jobset, settings, domains or {})
    digest = _generation(families, settings)
    if not jobset.name:
        jobset = named(jobset, f"{jobset.generate_name}{digest[:8]}")
        pinned = {family.replicated_job: family.domains for family in families}
        families = tuple(
            job_family(jobset, each, settings, pinned[each.name]) for each in jobset.replicated_jobs
        )
    of_generation: dict[str, str] = {GENERATION: digest, ATTEMPT_KEY: f"restart-attempt.{digest}"}
    return Expansion(
        jobset=jobset,
        generation=digest,
        claims=tuple(claim(jobset, each) for each in jobset.claims),
        service=headless_service(jobset) if jobset.network.enabled else None,
        families=tuple(
            family.with_template(fill(family.template, of_generation)) for family in families
        ),
    )


def named(jobset: JobSet, name: str) -> JobSet:
    """Return the JobSet under a name, which is also its subdomain where it names no other."""
    network = replace(jobset.network, subdomain=jobset.network.subdomain or name)
    return replace(jobset, name=name, network=network)


def _families(
    jobset: JobSet, settings: Settings, free: dict[str, list[str]]
) -> tuple[JobFamily, ...]:
    families = []
    for each in jobset.replicated_jobs:
        how = exclusivity(jobset, each, settings)
        taken: tuple[str, ...] = ()
        if how.domains and how.topology is not None:
            available = free.setdefault(how.topology, [])
            taken = tuple(available[: each.replicas])
            del available[: each.replicas]
        families.append(job_family(jobset, each, settings, taken))
    return tuple(families)


def _generation(families: tuple[JobFamily, ...], settings: Settings) -> str:
    """Hash what cannot change in place in any Job of the set; slots stand for themselves, as the name does not."""
    content: list[Any] = [settings.run_id]
    for family in families:
        spec = immutable_fields(family.template["spec"])
        content.append([family.replicated_job, family.replicas, spec, family.domains])
    return generation(content)
