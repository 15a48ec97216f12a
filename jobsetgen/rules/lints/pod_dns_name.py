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
from jobsetgen.upstream import jobset as jobset_source
from jobsetgen.words import near

# A name may follow `//` but no single `/`, after which it is a file; a variable before or after it
# leaves it undecided. Patterns are compiled when they are first used: most sets need none of them.
_NAME = (
    r"(?<![\w$.{}()\-])(?<!(?<!/)/)"
    r"(?P<prefix>[a-z0-9][-a-z0-9]*)-(?P<job>0|[1-9]\d{0,9})-(?P<pod>0|[1-9]\d{0,9})"
    r"\.(?P<subdomain>[a-z](?:[-a-z0-9]*[a-z0-9])?)"
    r"(?P<rest>(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)(?![-\w${(])"
)
_FILE_ENDING = (
    r"bin|ckpt|csv|err|gz|json|log|np[yz]|out|parquet|pb|pkl|pth?|py|safetensors|sh|tar|txt|ya?ml"
    r"|zip"
)


class _Name(NamedTuple):
    """A name of the form `<prefix>-<job>-<pod>.<subdomain>`, and the namespace after it, if any."""

    text: str
    prefix: str
    job: int
    pod: int
    subdomain: str
    namespace: str


@input_rule(
    "JSG506",
    "warning",
    since="0.1",
    source=jobset_source("api/jobset/v1alpha2/jobset_types.go", "Network"),
)
def pod_dns_name(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A command, an argument or a variable names a pod that no JobSet of the input has.

    Pods are found under `<JobSet>-<replicatedJob>-<Job>-<pod>.<subdomain>`, counted from 0; the
    subdomain is the JobSet's name unless `network.subdomain` sets another. Such names are easily
    forgotten when something is renamed or scaled down, and a pod that waits for such a name waits
    forever. Names with a variable in them, and names that do not resemble those of this set, are
    not checked.

    Warning because something outside the input may have that name.

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
    for unit, jobset in _named_sets(units):
        for path, text in _texts(jobset):
            for name in dict.fromkeys(_names(text)):
                lacking = _lacking(name, jobset, by_subdomain)
                if lacking:
                    yield unit, _finding(path, name, lacking, lacking is jobset)


def _named_sets(units: Sequence[Unit]) -> Iterator[tuple[Unit, JobSet]]:
    """Yield the JobSets whose names are known; a generated name is not."""
    for unit in units:
        if unit.jobset and unit.jobset.name:
            yield unit, unit.jobset


def _by_subdomain(units: Sequence[Unit]) -> dict[str, list[JobSet]]:
    """Return the JobSets by the subdomain that their pods' names have."""
    found: dict[str, list[JobSet]] = {}
    for _, jobset in _named_sets(units):
        subdomains = [_subdomain(jobset, each) for each in jobset.replicated_jobs]
        for subdomain in dict.fromkeys(subdomains):
            found.setdefault(subdomain, []).append(jobset)
    return found


def _texts(jobset: JobSet) -> Iterator[tuple[Path, str]]:
    """Yield each text in which a pod's name may be, with its path."""
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


def _lacking(
    name: _Name, own: JobSet, by_subdomain: Mapping[str, Sequence[JobSet]]
) -> JobSet | None:
    """Return the JobSet that lacks the named pod.

    None where a set has it, or where it may be a pod of a set that is not in the input.
    """
    namespace = name.namespace or own.namespace
    reachable = [
        each for each in by_subdomain.get(name.subdomain, ()) if _may_be_in(each, namespace)
    ]
    if any(not _miss(name, each) for each in reachable):
        return None
    if reachable:
        return own if own in reachable else reachable[0]

    is_meant_for_own = _may_be_in(own, namespace) and _resembles(name, own)
    return own if is_meant_for_own else None


def _may_be_in(jobset: JobSet, namespace: str | None) -> bool:
    """Whether a set may be in a namespace; either may not be known."""
    return not namespace or jobset.namespace in (None, namespace)


def _finding(path: Path, name: _Name, about: JobSet, is_own: bool) -> Finding:
    whose = "this JobSet" if is_own else f"the JobSet {about.name}"
    message = f"no pod of {whose} is named {name.text}: {_miss(name, about)}"
    return Finding(path=path, message=message, hint=_hint(name, about))


def _miss(name: _Name, jobset: JobSet) -> str:
    """Say what keeps a name from being that of a pod of the set, or nothing where it is one."""
    for each in jobset.replicated_jobs:
        if _prefix(jobset, each) == name.prefix:
            return _miss_in(name, jobset, each)
    return f"none of its Jobs is named {name.prefix}-{name.job}"


def _miss_in(name: _Name, jobset: JobSet, each: ReplicatedJob) -> str:
    """Say why a replicatedJob has no pod of a name that begins like its pods' names, or nothing."""
    if not each.template.is_indexed:
        return f"the pods of {each.name} are NonIndexed and have no such names"

    subdomain = _subdomain(jobset, each)
    if not subdomain:
        return "its pods have no DNS names, as enableDNSHostnames is false"
    if subdomain != name.subdomain:
        return f"its subdomain is {subdomain}"

    if name.job >= each.replicas:
        return f"{each.name} has {_counted(each.replicas, 'Job')}"

    pods = each.template.completions
    if pods is None:
        pods = each.template.parallelism
    if name.pod >= pods:
        return f"a Job of {each.name} has {_counted(pods, 'pod')}"
    return ""


def _counted(count: int, noun: str) -> str:
    """Return how many there are, and from which index to which."""
    if count < 1:
        return f"no {noun}s"
    if count == 1:
        return f"1 {noun}, number 0"
    return f"{count:,} {noun}s, 0 to {count - 1}"


def _prefix(jobset: JobSet, each: ReplicatedJob) -> str:
    return f"{jobset.name}-{each.name}"


def _subdomain(jobset: JobSet, each: ReplicatedJob) -> str:
    """Return the subdomain of a replicatedJob's pods; nothing where they have no DNS names."""
    if jobset.network.enabled:
        return jobset.network.subdomain
    return string(each.template.pod, "subdomain")


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
        subdomain = _subdomain(jobset, each)
        if not _miss_in(name._replace(subdomain=subdomain), jobset, each):
            hostname = pod_hostname(jobset.name, each.name, name.job, name.pod)
            meant.append(f"{hostname}.{subdomain}")
    return near(f"{name.prefix}-{name.job}-{name.pod}.{name.subdomain}", meant)
