"""Expand one JobSet to its objects."""

from __future__ import annotations

from typing import Any, NamedTuple

from jobsetgen.expand.jobs import job_families
from jobsetgen.expand.objects import ATTEMPT_KEY, GENERATION, JobFamily, Object, fill
from jobsetgen.expand.service import headless_service
from jobsetgen.expand.volumes import claim
from jobsetgen.kubernetes.updates import immutable_fields
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import Treatment
from jobsetgen.naming import generation
from jobsetgen.options.table import Settings


class Expansion(NamedTuple):
    """The objects of one JobSet, without those of its watcher."""

    jobset: JobSet
    treatment: Treatment
    generation: str
    claims: tuple[Object, ...]
    service: Object | None
    families: tuple[JobFamily, ...]


def expand(jobset: JobSet, treatment: Treatment, settings: Settings) -> Expansion:
    """Return the objects of a JobSet that has no errors.

    A JobSet with generateName gets its name here; the same spec always gets the same name.
    """
    if jobset.is_exclusive and jobset.namespace is None:
        # Its keys are derived from the namespace, so it must be applied to that namespace.
        jobset = jobset._replace(namespace=jobset.hash_namespace)

    families = job_families(jobset, treatment, settings)
    digest = _generation(families, settings)
    if not jobset.name:
        jobset = named(jobset, f"{jobset.generate_name}{digest[:8]}")
        families = job_families(jobset, treatment, settings)

    of_generation: dict[str, str] = {GENERATION: digest, ATTEMPT_KEY: f"restart-attempt.{digest}"}
    return Expansion(
        jobset=jobset,
        treatment=treatment,
        generation=digest,
        claims=tuple(claim(jobset, each) for each in jobset.claims),
        service=headless_service(jobset) if jobset.network.enabled else None,
        families=tuple(
            family.with_template(fill(family.template, of_generation)) for family in families
        ),
    )


def named(jobset: JobSet, name: str) -> JobSet:
    """Return the JobSet with a name, which is also its subdomain if it does not set one."""
    network = jobset.network._replace(subdomain=jobset.network.subdomain or name)
    return jobset._replace(name=name, network=network)


def _generation(families: tuple[JobFamily, ...], settings: Settings) -> str:
    """Return a hash over the immutable fields of the Jobs of a set, and their number.

    Slots are hashed as they are, because the set's name must not count.
    """
    content: list[Any] = [settings.run_id]
    for family in families:
        spec = immutable_fields(family.template["spec"])
        content.append([family.replicated_job, family.replicas, spec, family.domains])
    return generation(content)
