"""What must fit together across the whole input: names, subdomains, and the number of Jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jobsetgen.diagnostics import Diagnostic, Finding
from jobsetgen.model.treatment import treatment
from jobsetgen.model.unit import Unit
from jobsetgen.naming import claim_name, plan_name, state_name, watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, string
from jobsetgen.rules import stand_ins
from jobsetgen.rules.rule import Located, input_rule

Identity = tuple[str, str, str, str]

_RBAC = "rbac.authorization.k8s.io"
# The index of a Job is an int32.
_INDEX_DIGITS = 10


@input_rule("JSG401", "duplicate-object")
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
        identity = _identity(unit)
        if identity is not None and identity in seen:
            message = _twice(identity, seen[identity], unit)
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
        if not unit.jobset and (jobset := of_watchers.get(_identity(unit))):
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


def same_generated_name(
    unit: Unit, name: str, named: dict[tuple[str, str], Unit]
) -> Iterator[Diagnostic]:
    """Yield a JobSet whose name is another one's. `named` holds those before it, by namespace and name.

    This is looked at when a generateName has been completed: specs that differ in what no Job shows have one name.
    """
    first = named.setdefault((unit.namespace, name), unit)
    if first is not unit:
        message = _twice(("", "JobSet", unit.namespace, name), first, unit)
        yield unit.document.diagnostic(
            duplicate_object.code, Finding(path=("metadata", "name"), message=message)
        )


def _identity(unit: Unit) -> Identity | None:
    """Return what a unit is, or the JobSet that it was; None without a name."""
    if unit.jobset:
        # Without a name of its own, a set is what its spec is: that is what its name is made from.
        name = unit.jobset.name or f"{unit.jobset.generate_name}{unit.data.get('spec')}"
        return (_group(unit), "JobSet", unit.namespace, name)
    if unit.name:
        return (_group(unit), unit.kind, unit.namespace, unit.name)
    return None


def _group(unit: Unit) -> str:
    return unit.api_version.rpartition("/")[0]


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


def _twice(identity: Identity, first: Unit, second: Unit) -> str:
    _, kind, namespace, _ = identity
    name = _name_as_written(second)
    where = f" in namespace {namespace}" if namespace else ""
    place = first.document.place(("metadata", "name"))
    is_near = place.file == second.document.place(("metadata", "name")).file
    there = f"on line {place.line}" if is_near else f"in {place.file}, line {place.line}"
    return f"{kind} {name}{where} is here twice; the first is {there}"


def _name_as_written(unit: Unit) -> str:
    return unit.name or string(mapping(unit.data, "metadata"), "generateName")


@input_rule("JSG402", "shared-subdomain")
def shared_subdomain(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """Two JobSets have the same subdomain in one namespace, and so would share a headless Service.

    The Service of the one selects only its own pods, so the names of the other's would not resolve.

    Bad::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: training}}

    Good::

        spec: {network: {subdomain: training}}
        ---
        metadata: {name: other}
        spec: {network: {subdomain: other}}
    """
    seen: dict[tuple[str, str], Unit] = {}
    for unit in units:
        jobset = unit.jobset
        if jobset is None or not jobset.network.enabled or not jobset.network.subdomain:
            continue
        first = seen.setdefault((unit.namespace, jobset.network.subdomain), unit)
        if _identity(first) != _identity(unit):
            names = f"{_name_as_written(first)} and {_name_as_written(unit)}"
            message = f"JobSets {names} share the subdomain {jobset.network.subdomain}"
            yield unit, Finding(path=("spec", "network", "subdomain"), message=message)


@input_rule("JSG405", "too-many-jobs")
def too_many_jobs(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """The input expands to more Jobs than --max-jobs (or `maxJobs` in jobsetgen.yaml) allows.

    The limit keeps a typing mistake in `replicas` from flooding a cluster.

    Bad::

        spec:
          replicatedJobs:
          - {replicas: 50001}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 5}
    """
    total = 0
    for unit in units:
        for each in unit.jobset.replicated_jobs if unit.jobset else ():
            before, total = total, total + each.replicas
            if before <= settings.max_jobs < total:
                message = (
                    f"up to here the input makes {total:,} Jobs; at most {settings.max_jobs:,} are"
                    " allowed"
                )
                hint = (
                    "If that is meant, raise the limit by --max-jobs or maxJobs in jobsetgen.yaml."
                )
                yield unit, Finding(path=(*each.path, "replicas"), message=message, hint=hint)


RULES = (duplicate_object, shared_subdomain, *stand_ins.RULES, too_many_jobs)
