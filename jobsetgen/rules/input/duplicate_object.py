"""JSG401: duplicate object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name, plan_name, state_name, watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.identities import Identity, identity_of, name_as_written
from jobsetgen.rules.rule import Located, input_rule

_RBAC = "rbac.authorization.k8s.io"
# The index of a Job is an int32.
_INDEX_DIGITS = 10

_Name = tuple[str, str]  # a namespace, and a name in it


@input_rule(
    "JSG401",
    "error",
    since="0.1",
    source=upstream.page(
        "Kubernetes, Object names and IDs",
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    ),
)
def duplicate_object(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two objects of the same kind have the same namespace and name.

    Objects that JobSets expand to count as well: `a` with a replicatedJob `b-c` and `a-b` with `c`
    create the same Jobs, and the names of claims can coincide in the same way. The objects of a
    set's restart-watcher count, too.

    Error because a cluster holds only one object with a given kind, namespace and name: the one
    that is applied last silently overwrites the other.

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
    families: dict[_Name, int] = {}
    yield from _duplicates(units, families)
    yield from _jobs_of_families(units, families)
    yield from _objects_of_watchers(units, settings)


def _duplicates(units: Sequence[Unit], families: dict[_Name, int]) -> Iterator[Located]:
    """Yield the second of each two units, and of each two Jobs and claims that JobSets make.

    `families` is filled with how many Jobs there are, by namespace and common part of their names.
    """
    seen: dict[Identity, Unit] = {}
    claims: set[_Name] = set()
    for unit in units:
        identity = identity_of(unit)
        if identity is not None and identity in seen:
            message = _duplicate_message(identity, seen[identity], unit)
            yield unit, Finding(path=("metadata", "name"), message=message)
            continue  # its Jobs and claims are those of the set before it

        if identity is not None:
            seen[identity] = unit
        for finding in (*_duplicate_jobs(unit, families), *_duplicate_claims(unit, claims)):
            yield unit, finding


def _duplicate_jobs(unit: Unit, families: dict[_Name, int]) -> Iterator[Finding]:
    """Yield the replicatedJobs whose Jobs exist already, and add the others with their replicas."""
    if not unit.jobset or not unit.jobset.name:
        return

    # JSG212 reports a name that one set has twice.
    first_of_each = {each.name: each for each in reversed(unit.jobset.replicated_jobs)}
    for each in first_of_each.values():
        prefix = f"{unit.jobset.name}-{each.name}"
        before = families.get((unit.namespace, prefix), 0)
        if each.replicas and before:
            message = f"duplicate Jobs '{prefix}-0' and so on: another JobSet creates the same Jobs"
            yield Finding(path=(*each.path, "name"), message=message)

        families[unit.namespace, prefix] = max(each.replicas, before)


def _duplicate_claims(unit: Unit, claims: set[_Name]) -> Iterator[Finding]:
    """Yield the claim templates whose claims exist already, and add the others."""
    if not unit.jobset or not unit.jobset.name:
        return

    # JSG240 reports a name that one set has twice.
    first_of_each = {each.name: each for each in reversed(unit.jobset.claims)}
    for each in first_of_each.values():
        name = claim_name(each.name, unit.jobset.name)
        if (unit.namespace, name) in claims:
            message = f"duplicate claim '{name}': another JobSet creates the same claim"
            yield Finding(path=(*each.path, "metadata", "name"), message=message)

        claims.add((unit.namespace, name))


def _jobs_of_families(units: Sequence[Unit], families: Mapping[_Name, int]) -> Iterator[Located]:
    """Yield the Jobs of the input that a JobSet makes as well."""
    for unit in units:
        if unit.is_job and _is_of_family(unit, families):
            message = f"duplicate Job '{unit.name}': a JobSet creates the same Job"
            yield unit, Finding(path=("metadata", "name"), message=message)


def _is_of_family(unit: Unit, families: Mapping[_Name, int]) -> bool:
    prefix, _, index = unit.name.rpartition("-")
    if len(index) > _INDEX_DIGITS or not index.isdecimal():
        return False

    is_canonical = index == str(int(index))
    return is_canonical and int(index) < families.get((unit.namespace, prefix), 0)


def _objects_of_watchers(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Yield the objects of the input that a set's restart-watcher has as well."""
    jobsets = _by_watchers_objects(units, settings)
    for unit in units:
        jobset = jobsets.get(identity_of(unit))
        if jobset and not unit.jobset:
            message = (
                f"duplicate {unit.kind} '{unit.name}': the restart-watcher of JobSet {jobset} uses"
                f" a {unit.kind} with the same name"
            )
            yield unit, Finding(path=("metadata", "name"), message=message)


def _by_watchers_objects(units: Sequence[Unit], settings: Settings) -> dict[Identity | None, str]:
    """Return the names of watched JobSets by the objects that their watchers have."""
    found: dict[Identity | None, str] = {}
    for unit in units:
        jobset = unit.jobset
        if jobset and jobset.name and treatment(jobset, settings).is_watched:
            for group, kind, name in _watchers_objects(jobset.name, settings):
                found[group, kind, unit.namespace, name] = jobset.name
    return found


def _watchers_objects(jobset: str, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield the group, kind and name of each object of a set's restart-watcher."""
    yield "", "ConfigMap", plan_name(jobset)
    yield "", "ConfigMap", state_name(jobset)

    watcher = watcher_name(jobset)
    yield "batch", "Job", watcher
    if not settings.watcher.service_account:
        yield "", "ServiceAccount", watcher
        yield _RBAC, "Role", watcher
        yield _RBAC, "RoleBinding", watcher


def _duplicate_message(identity: Identity, first: Unit, second: Unit) -> str:
    _, kind, namespace, _ = identity
    what = f"{kind} '{name_as_written(second)}'"
    if namespace:
        what += f" in namespace {namespace}"

    place = first.document.place(("metadata", "name"))
    if place.file == second.document.place(("metadata", "name")).file:
        return f"duplicate {what} (first defined on line {place.line})"
    return f"duplicate {what} (first defined in {place.file}, line {place.line})"


def same_generated_name(
    unit: Unit, name: str, named: dict[tuple[str, str], Unit]
) -> Iterator[Diagnostic]:
    """Yield a JobSet whose name is another one's.

    `named` holds those before it, by namespace and name. This is checked when a generateName has
    been completed: specs that differ in what no Job shows have one name.
    """
    first = named.setdefault((unit.namespace, name), unit)
    if first is unit:
        return

    message = _duplicate_message(("", "JobSet", unit.namespace, name), first, unit)
    finding = Finding(path=("metadata", "name"), message=message)
    yield unit.document.diagnostic(duplicate_object.code, finding)
