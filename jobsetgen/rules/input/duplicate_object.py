"""JSG401: duplicate object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name, plan_name, state_name, watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.together import Identity, duplicate_message, identity_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN

_RBAC = "rbac.authorization.k8s.io"


# The index of a Job is an int32.
_INDEX_DIGITS = 10


@input_rule("JSG401", "error", since="0.1", source=UNKNOWN)
def duplicate_object(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two objects of one kind have the same namespace and name, so that one would overwrite the other.

    What JobSets expand to counts too: `a` with a replicatedJob `b-c` and `a-b` with `c` make the same Jobs; names of
    claims can run together in the same way. So do the objects of the restart-watcher of a set.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: b}
    """
    seen: dict[Identity, Unit] = {}
    families: dict[tuple[str, str], int] = {}
    claims: set[tuple[str, str]] = set()
    for unit in units:
        identity = identity_of(unit)
        if identity is not None and identity in seen:
            message = duplicate_message(identity, seen[identity], unit)
            yield unit, Finding(path=("metadata", "name"), message=message)
            continue  # its Jobs and claims are those of the set before it
        if identity is not None:
            seen[identity] = unit
        for finding in (*_jobs_twice(unit, families), *_claims_twice(unit, claims)):
            yield unit, finding
    for unit in units:
        if unit.is_job and _is_of_family(unit, families):
            message = f"a JobSet of the input makes a Job of the name {unit.name}, too"
            yield unit, Finding(path=("metadata", "name"), message=message)
    of_watchers = _of_watchers(units, settings)
    for unit in units:
        if not unit.jobset and (jobset := of_watchers.get(identity_of(unit))):
            message = (
                f"the restart-watcher of JobSet {jobset} has a {unit.kind} of the name"
                f" {unit.name}, too"
            )
            yield unit, Finding(path=("metadata", "name"), message=message)


def _of_watchers(units: Sequence[Unit], settings: Settings) -> dict[Identity | None, str]:
    """Return the JobSets of the input by what their watchers' objects are."""
    found: dict[Identity | None, str] = {}
    for unit in units:
        if unit.jobset and unit.jobset.name and treatment(unit.jobset, settings).is_watched:
            name, watcher = unit.jobset.name, watcher_name(unit.jobset.name)
            named = [
                ("", "ConfigMap", plan_name(name)),
                ("", "ConfigMap", state_name(name)),
                ("batch", "Job", watcher),
            ]
            if not settings.watcher.service_account:
                rights = ("ServiceAccount", ""), ("Role", _RBAC), ("RoleBinding", _RBAC)
                named += [(group, kind, watcher) for kind, group in rights]
            found |= {(group, kind, unit.namespace, each): name for group, kind, each in named}
    return found


def _jobs_twice(unit: Unit, families: dict[tuple[str, str], int]) -> Iterator[Finding]:
    """Yield the replicatedJobs whose Jobs are there already, and add the others with their replicas."""
    if not unit.jobset or not unit.jobset.name:
        return
    # A name that is there twice in one set is said by another rule.
    for each in {each.name: each for each in reversed(unit.jobset.replicated_jobs)}.values():
        prefix = f"{unit.jobset.name}-{each.name}"
        if each.replicas and families.get((unit.namespace, prefix)):
            message = (
                f"the Jobs {prefix}-0 and so on are here twice, from two JobSets whose names run"
                " together"
            )
            yield Finding(path=(*each.path, "name"), message=message)
        families[unit.namespace, prefix] = max(
            each.replicas, families.get((unit.namespace, prefix), 0)
        )


def _claims_twice(unit: Unit, claims: set[tuple[str, str]]) -> Iterator[Finding]:
    """Yield the claim templates whose claims are there already, and add the others."""
    if not unit.jobset or not unit.jobset.name:
        return
    for each in {each.name: each for each in reversed(unit.jobset.claims)}.values():
        name = claim_name(each.name, unit.jobset.name)
        if (unit.namespace, name) in claims:
            message = f"the claim {name} is here twice, from two JobSets whose names run together"
            yield Finding(path=(*each.path, "metadata", "name"), message=message)
        claims.add((unit.namespace, name))


def _is_of_family(unit: Unit, families: Mapping[tuple[str, str], int]) -> bool:
    prefix, _, index = unit.name.rpartition("-")
    replicas = families.get((unit.namespace, prefix), 0)
    return (
        len(index) <= _INDEX_DIGITS
        and index.isdecimal()
        and index == str(int(index))
        and int(index) < replicas
    )


def same_generated_name(
    unit: Unit, name: str, named: dict[tuple[str, str], Unit]
) -> Iterator[Diagnostic]:
    """Yield a JobSet whose name is another one's. `named` holds those before it, by namespace and name.

    This is looked at when a generateName has been completed: specs that differ in what no Job shows have one name.
    """
    first = named.setdefault((unit.namespace, name), unit)
    if first is not unit:
        message = duplicate_message(("", "JobSet", unit.namespace, name), first, unit)
        yield unit.document.diagnostic(
            duplicate_object.code, Finding(path=("metadata", "name"), message=message)
        )
