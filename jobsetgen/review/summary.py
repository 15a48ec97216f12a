"""Summarize a JobSet: sizes, images, placement, names and policies, each computed once.

Everything that describes a JobSet to people is printed from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.emit import scalar
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.jobs import coordinator_endpoint
from jobsetgen.kubernetes.accelerators import accelerators
from jobsetgen.kubernetes.pods import POD_LEVEL_SINCE, pod_requests
from jobsetgen.kubernetes.quantities import written
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.treatment import Exclusivity, Treatment
from jobsetgen.naming import claim_name, job_name, watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.plain import mapping, objects, string
from jobsetgen.review import policies
from jobsetgen.review.queues import Queue, queue
from jobsetgen.review.storage import Volume, volumes
from jobsetgen.review.watcher import watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one container sets under `resources`, or a pod: then `container` is empty.

    Quantities are as written in the spec.
    """

    container: str
    requests: Mapping[str, str]
    limits: Mapping[str, str]
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The Jobs of one replicatedJob.

    `pods` is the number of pods that run at the same time in each Job; `accelerators` are those of
    one pod, by resource. `completions` is None if it does not exceed `pods`. `names` are those of
    the first and the last Job; empty without replicas. `resources` are those of the pod and of the
    containers that set any, `requests` the total of one pod; `node_labels` are those that its pods
    select nodes by. `queue` is None without one.
    """

    name: str
    jobs: int
    pods: int
    accelerators: Mapping[str, int]
    completions: int | None
    is_indexed: bool
    images: tuple[str, ...]
    names: tuple[str, ...]
    resources: tuple[Resources, ...]
    requests: Mapping[str, str]
    node_labels: Mapping[str, str]
    volumes: tuple[Volume, ...]
    queue: Queue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The exclusive placement of a replicatedJob: its topology key, and the means.

    `domains` has the topology domain of each Job if they are pinned to a list of domains.
    """

    replicated_job: str
    topology: str
    means: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of the set, and whether it outlives the set."""

    name: str
    is_kept: bool


_BY_CONTROLLER = (
    "none: the output is the JobSet (target jobset); JobSet's controller creates these Jobs",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of a JobSet for reviewers.

    `mode` is who creates the Jobs, git or the watcher. `accelerators` are the totals of all pods.
    `hosts` are the DNS names of the pods, with the range of each index in brackets; `subdomain` is
    None without stable names. `order` is what each replicatedJob waits for, `is_in_order` whether it
    is by the startup order InOrder. `watcher_job` is the name of the watcher's Job, None without a
    watcher. The fields after it are phrases in words, and the generation, which is empty if the
    output is the JobSet itself.
    """

    name: str
    namespace: str
    mode: str
    is_suspended: bool
    jobs: int
    pods: int
    accelerators: Mapping[str, int]
    is_sliced: bool
    groups: tuple[Group, ...]
    places: tuple[Place, ...]
    subdomain: str | None
    hosts: tuple[str, ...]
    coordinator: str | None
    claims: tuple[Claim, ...]
    order: tuple[policies.Wait, ...]
    is_in_order: bool
    watcher_job: str | None
    start: tuple[str, ...]
    success: str
    failure: tuple[str, ...]
    after_end: tuple[str, ...]
    watcher: tuple[str, ...]
    update: str
    generation: str

    @property
    def images(self) -> tuple[str, ...]:
        """The images of all containers, each once, in the order of the spec."""
        return tuple(dict.fromkeys(image for group in self.groups for image in group.images))


def summarize(expansion: Expansion, settings: Settings, quote: policies.Quote = str) -> Summary:
    """Return the summary of one JobSet with the settings it was expanded with.

    `quote` is applied to each name and each text of the input inside the phrases `start`, `success`
    and `failure`, so that a printer for Markdown can tell them from our words.
    """
    jobset = expansion.jobset
    treatment = expansion.treatment
    is_plain = settings.target == "plain"
    has_watcher = is_plain and treatment.is_watched
    return Summary(
        name=jobset.name,
        namespace=jobset.namespace or "",
        mode=settings.jobs,
        is_suspended=jobset.suspend,
        jobs=jobset.jobs,
        pods=sum(each.pods for each in jobset.replicated_jobs),
        accelerators=_accelerators(jobset),
        is_sliced=all(jobset.topology(each) for each in jobset.replicated_jobs if each.replicas),
        groups=tuple(_group(jobset, each, settings) for each in jobset.replicated_jobs),
        places=tuple(_places(treatment)),
        subdomain=jobset.network.subdomain if jobset.network.enabled else None,
        hosts=tuple(_hosts(jobset)),
        coordinator=coordinator_endpoint(jobset) if jobset.coordinator else None,
        claims=tuple(_claims(jobset)),
        order=tuple(policies.order(jobset)),
        is_in_order=jobset.startup_order == "InOrder",
        watcher_job=watcher_name(jobset.name) if has_watcher else None,
        start=tuple(policies.start(jobset, treatment if is_plain else None, quote)),
        success=policies.success(jobset, quote),
        failure=tuple(policies.failure(jobset.failure_policy, quote)),
        after_end=tuple(policies.after_end(jobset, settings)),
        watcher=tuple(watcher(jobset, treatment, settings)) if is_plain else _BY_CONTROLLER,
        update=policies.update(settings),
        generation=expansion.generation if is_plain else "",
    )


def _accelerators(jobset: JobSet) -> dict[str, int]:
    totals: dict[str, int] = {}
    for each in jobset.replicated_jobs:
        for resource, count in accelerators(each.template.pod).items():
            totals[resource] = totals.get(resource, 0) + count * each.pods
    return dict(sorted(totals.items()))


def _group(jobset: JobSet, each: ReplicatedJob, settings: Settings) -> Group:
    template = each.template
    completions = template.completions
    if completions is not None and completions <= template.parallelism:
        completions = None
    return Group(
        name=each.name,
        jobs=each.replicas,
        pods=template.pods,
        accelerators=accelerators(template.pod),
        completions=completions,
        is_indexed=template.is_indexed,
        images=tuple(_images(each)),
        names=tuple(_job_names(jobset, each)),
        resources=tuple(_resources(each)),
        requests=_pod_requests(template.pod, settings),
        node_labels=mapping(template.pod, "nodeSelector"),
        volumes=tuple(volumes(jobset, template)),
        queue=queue(template),
    )


def _images(each: ReplicatedJob) -> Iterator[str]:
    for field in ("initContainers", "containers"):
        for _, container in objects(each.template.pod, field):
            yield string(container, "image")


def _resources(each: ReplicatedJob) -> Iterator[Resources]:
    named = [("", each.template.pod)]
    named += [(string(item, "name"), item) for _, item in each.template.containers()]
    for name, holder in named:
        resources = mapping(holder, "resources")
        if resources:
            yield Resources(
                container=name,
                requests=_quantities(resources, "requests"),
                limits=_quantities(resources, "limits"),
                claims=tuple(string(item, "name") for _, item in objects(resources, "claims")),
            )


def _pod_requests(pod: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    """Return the total requests of a pod, as the scheduler computes them."""
    amounts = pod_requests(pod, pod_level=settings.since(POD_LEVEL_SINCE))
    return {resource: written(resource, amounts[resource]) for resource in sorted(amounts)}


def _quantities(resources: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return amounts by resource, each as the output has it but for quotes."""
    amounts = mapping(resources, field).items()
    return {name: value if isinstance(value, str) else scalar(value) for name, value in amounts}


def _job_names(jobset: JobSet, each: ReplicatedJob) -> Iterator[str]:
    if each.replicas > 0:
        yield job_name(jobset.name, each.name, 0)
    if each.replicas > 1:
        yield job_name(jobset.name, each.name, each.replicas - 1)


def _places(treatment: Treatment) -> Iterator[Place]:
    for each in treatment.jobs:
        how = each.exclusivity
        if how.topology is not None:
            yield Place(
                replicated_job=each.replicated_job.name,
                topology=str(how.topology),
                means=tuple(_means(how)),
                domains=each.domains,
            )


def _means(how: Exclusivity) -> Iterator[str]:
    if how.affinity:
        yield "pod affinity"
    if how.node_selector:
        yield "node selector"
    if how.domains:
        yield "a list of domains"


def _hosts(jobset: JobSet) -> Iterator[str]:
    if not jobset.network.enabled:
        return
    for each in jobset.replicated_jobs:
        if each.template.is_indexed and each.replicas:
            jobs = _range(each.replicas)
            pods = _range(each.template.completions or each.template.pods)
            yield f"{jobset.name}-{each.name}-{jobs}-{pods}.{jobset.network.subdomain}"


def _range(count: int) -> str:
    return "0" if count == 1 else f"[0-{count - 1}]"


def _claims(jobset: JobSet) -> Iterator[Claim]:
    for each in jobset.claims:
        yield Claim(name=claim_name(each.name, jobset.name), is_kept=each.retain)
