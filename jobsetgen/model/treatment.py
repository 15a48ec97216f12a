"""How a set is treated: what the settings make of it, decided once for each set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from jobsetgen.model import keys
from jobsetgen.model.duties import duties
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.options.table import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusivity:
    """How one replicatedJob gets topology domains of its own.

    `topology` is the node label key that the domains are of, or None without exclusive placement.
    `by_webhook` says that upstream's pod webhook would choose the domain; `affinity`,
    `node_selector` and `domains` say what binds the pods to it here.
    """

    topology: str | None
    by_webhook: bool
    affinity: bool
    node_selector: bool
    domains: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTreatment:
    """How the Jobs of one replicatedJob are treated.

    With `is_gated` their pods wait behind a scheduling gate, which the watcher takes off. `domains`
    holds the topology domain of each Job where they are pinned to a list of domains.
    """

    replicated_job: ReplicatedJob
    is_gated: bool
    exclusivity: Exclusivity
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How one JobSet is treated.

    `is_watched` says that it has a restart-watcher, `is_blocking` that a new attempt begins only
    when the last one is gone. `jobs` has an item for each replicatedJob, in their order.
    """

    is_watched: bool
    is_blocking: bool
    jobs: tuple[JobTreatment, ...]

    @property
    def gated(self) -> tuple[ReplicatedJob, ...]:
        """The replicatedJobs whose pods wait behind a scheduling gate."""
        return tuple(each.replicated_job for each in self.jobs if each.is_gated)


def treatment(jobset: JobSet, settings: Settings) -> Treatment:
    """Return how a set is treated, without the topology domains: others share in those."""
    is_watched = _is_watched(jobset, settings)
    has_gates = is_watched and settings.jobs == "git"
    is_blocking = _is_blocking(jobset)
    return Treatment(
        is_watched=is_watched,
        is_blocking=is_blocking,
        jobs=tuple(
            JobTreatment(
                replicated_job=each,
                is_gated=has_gates and (is_blocking or _waits(jobset, each)),
                exclusivity=_exclusivity(jobset, each, settings),
            )
            for each in jobset.replicated_jobs
        ),
    )


def treatments(jobsets: Iterable[JobSet], settings: Settings) -> Iterator[Treatment]:
    """Yield how each set of an input is treated.

    The Jobs that are pinned take the topology domains that are listed for them, from the front.
    """
    free = {key: iter(listed) for key, listed in settings.placement.domains.items()}
    for jobset in jobsets:
        found = treatment(jobset, settings)
        yield replace(found, jobs=tuple(_pinned(each, free) for each in found.jobs))


def _pinned(each: JobTreatment, free: Mapping[str, Iterator[str]]) -> JobTreatment:
    """Return the treatment of Jobs with the domains that they take of the free ones."""
    topology = each.exclusivity.topology
    if topology is None or topology not in free or not each.exclusivity.domains:
        return each
    return replace(each, domains=tuple(islice(free[topology], each.replicated_job.replicas)))


def _is_watched(jobset: JobSet, settings: Settings) -> bool:
    """Whether the set gets a watcher; with `Never` one that needs one does not compile."""
    if settings.restart_watcher == "Auto":
        return bool(duties(jobset, settings))
    return settings.restart_watcher == "Always"


def _is_blocking(jobset: JobSet) -> bool:
    policy = jobset.failure_policy
    return policy is not None and policy.restart_strategy == "BlockingRecreate"


def _waits(jobset: JobSet, each: ReplicatedJob) -> bool:
    """Whether the controller would create the Jobs of a replicatedJob later than others.

    Where Git owns the Jobs all of them are created together, so these wait; and under
    BlockingRecreate all wait, so that a Job that is put back too early does no harm.
    """
    is_later = jobset.startup_order == "InOrder" and each is not jobset.replicated_jobs[0]
    return is_later or bool(each.depends_on)


def _exclusivity(jobset: JobSet, each: ReplicatedJob, settings: Settings) -> Exclusivity:
    """Decide the placement of a replicatedJob.

    Upstream's controller looks at the annotations of the Job, its pod webhook at those of the pod;
    where a person wrote one at one level only, each acts for itself, and so do we. The setting
    `strategy` replaces upstream's affinity; a node-selector annotation stays what it is.
    """
    on_job = jobset.job_annotations(each)
    on_pod = jobset.pod_annotations(each)
    topology = on_pod.get(keys.EXCLUSIVE_TOPOLOGY)
    by_controller = keys.EXCLUSIVE_TOPOLOGY in on_job and keys.NODE_SELECTOR in on_job
    by_webhook = topology is not None and keys.NODE_SELECTOR not in on_pod
    strategy = settings.placement.strategy
    return Exclusivity(
        topology=topology,
        by_webhook=by_webhook,
        affinity=by_webhook and strategy == "affinity",
        node_selector=by_controller or (by_webhook and strategy == "node-selector"),
        domains=by_webhook and strategy == "domains",
    )
