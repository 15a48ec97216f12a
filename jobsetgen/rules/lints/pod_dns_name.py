"""JSG506: pod dns name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.unit import Unit
from jobsetgen.naming import pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.plain import items, objects, string
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN
from jobsetgen.words import near

# A name may follow `//` but no single `/`, after which it is a file; a variable before or after it leaves it undecided.
# Patterns are compiled when they are first used: most sets need none of them.
_NAME = (
    r"(?<![\w$.{}()\-])(?<!(?<!/)/)"
    r"(?P<prefix>[a-z0-9][-a-z0-9]*)-(?P<job>0|[1-9]\d{0,9})-(?P<pod>0|[1-9]\d{0,9})"
    r"\.(?P<subdomain>[a-z](?:[-a-z0-9]*[a-z0-9])?)(?P<rest>(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)(?![-\w${(])"
)


_FILE_ENDING = r"bin|ckpt|csv|err|gz|json|log|np[yz]|out|parquet|pb|pkl|pth?|py|safetensors|sh|tar|txt|ya?ml|zip"


class _Name(NamedTuple):
    """A name of the form `<prefix>-<job>-<pod>.<subdomain>`, and the namespace behind it, if any."""

    text: str
    prefix: str
    job: int
    pod: int
    subdomain: str
    namespace: str


@input_rule("JSG506", "warning", since="0.1", source=UNKNOWN)
def pod_dns_name(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A command, an argument or a variable names a pod that neither this JobSet nor another one of the input has.

    Pods are found under `<JobSet>-<replicatedJob>-<Job>-<pod>.<subdomain>`, counted from 0; the subdomain is the
    JobSet's name where `network.subdomain` says no other. Such names are easily left behind when something is renamed
    or made smaller, and a pod that waits for one waits for ever. Names with a variable in them, and names that resemble
    none of this set's, are left alone.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers: [{env: [{name: MASTER_ADDR, value: demo-worker-0-0.demo}]}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    containers: [{env: [{name: MASTER_ADDR, value: demo-workers-0-0.demo}]}]
    """
    by_subdomain = _by_subdomain(units)
    for unit in units:
        if unit.jobset and unit.jobset.name:
            for path, text in _texts(unit.jobset):
                for name in dict.fromkeys(_names(text)):
                    if about := _meant_for(name, unit.jobset, by_subdomain):
                        yield unit, _finding(path, name, about, about is unit.jobset)


def _by_subdomain(units: Sequence[Unit]) -> dict[str, list[JobSet]]:
    """Return the JobSets by the subdomain that their pods' names have; a generated name is not known here."""
    found: dict[str, list[JobSet]] = {}
    for unit in units:
        if unit.jobset and unit.jobset.name:
            for subdomain in dict.fromkeys(
                _subdomain(unit.jobset, each) for each in unit.jobset.replicated_jobs
            ):
                found.setdefault(subdomain, []).append(unit.jobset)
    return found


def _texts(jobset: JobSet) -> Iterator[tuple[Path, str]]:
    for each in jobset.replicated_jobs:
        for path, container in each.template.containers():
            for field in ("command", "args"):
                for index, text in enumerate(items(container, field)):
                    yield (*path, field, index), str(text)
            for index, variable in objects(container, "env"):
                yield (*path, "env", index, "value"), string(variable, "value")


def _names(text: str) -> Iterator[_Name]:
    for found in re.finditer(_NAME, text):
        rest = found["rest"].split(".")
        yield _Name(
            text=found[0],
            prefix=found["prefix"],
            job=int(found["job"]),
            pod=int(found["pod"]),
            subdomain=found["subdomain"],
            namespace=rest[1] if len(rest) > 1 else "",
        )


def _meant_for(
    name: _Name, own: JobSet, by_subdomain: Mapping[str, Sequence[JobSet]]
) -> JobSet | None:
    """Return the JobSet that lacks the pod, or None where one has it or it may be one of a set that is not here."""
    namespace = name.namespace or own.namespace
    with_subdomain = by_subdomain.get(name.subdomain, ())
    reachable = [
        each for each in with_subdomain if not namespace or each.namespace in (None, namespace)
    ]
    if any(not _miss(name, each) for each in reachable):
        return None
    if reachable:
        return next((each for each in reachable if each is own), reachable[0])
    is_own_namespace = not namespace or own.namespace in (None, namespace)
    return own if is_own_namespace and _resembles(name, own) else None


def _finding(path: Path, name: _Name, about: JobSet, is_own: bool) -> Finding:
    whose = "this JobSet" if is_own else f"the JobSet {about.name}"
    message = f"{name.text} names no pod of {whose}: {_miss(name, about)}"
    return Finding(path=path, message=message, hint=_hint(name, about))


def _miss(name: _Name, jobset: JobSet) -> str:
    """Say what keeps a name from being that of a pod of the set, or nothing where it is one."""
    each = next(
        (each for each in jobset.replicated_jobs if _prefix(jobset, each) == name.prefix), None
    )
    if each is None:
        return f"none of its Jobs is named {name.prefix}-{name.job}"
    if not each.template.is_indexed:
        return f"the pods of {each.name} are NonIndexed and have no such names"
    subdomain = _subdomain(jobset, each)
    if not subdomain:
        return "its pods have no DNS names, as enableDNSHostnames is false"
    if subdomain != name.subdomain:
        return f"its subdomain is {subdomain}"
    if name.job >= each.replicas:
        return f"{each.name} has {_counted(each.replicas, 'Job')}"
    pods = (
        each.template.completions
        if each.template.completions is not None
        else each.template.parallelism
    )
    return f"a Job of {each.name} has {_counted(pods, 'pod')}" if name.pod >= pods else ""


def _counted(count: int, noun: str) -> str:
    """Return how many there are, and from which index to which."""
    if count < 1:
        return f"no {noun}s"
    return f"1 {noun}, number 0" if count == 1 else f"{count:,} {noun}s, 0 to {count - 1}"


def _prefix(jobset: JobSet, each: ReplicatedJob) -> str:
    return f"{jobset.name}-{each.name}"


def _subdomain(jobset: JobSet, each: ReplicatedJob) -> str:
    return (
        jobset.network.subdomain
        if jobset.network.enabled
        else string(each.template.pod, "subdomain")
    )


def _resembles(name: _Name, jobset: JobSet) -> bool:
    """Whether the name was probably meant for a pod of the set, and not for a file."""
    if re.fullmatch(_FILE_ENDING, name.text.rpartition(".")[2]):
        return False
    return bool(near(name.prefix, [_prefix(jobset, each) for each in jobset.replicated_jobs]))


def _hint(name: _Name, jobset: JobSet) -> str:
    """Name the pod of the same numbers that was probably meant."""
    exact = [each for each in jobset.replicated_jobs if _prefix(jobset, each) == name.prefix]
    meant = []
    for each in exact or jobset.replicated_jobs:
        prefix, subdomain = _prefix(jobset, each), _subdomain(jobset, each)
        if not _miss(name._replace(prefix=prefix, subdomain=subdomain), jobset):
            meant.append(f"{pod_hostname(jobset.name, each.name, name.job, name.pod)}.{subdomain}")
    return near(f"{name.prefix}-{name.job}-{name.pod}.{name.subdomain}", meant)
