"""The treatment of a set: decisions from its spec and the settings, made once per set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from jobsetgen.model import keys
from jobsetgen.model.duties import duties
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.priorities import Priorities, priorities
from jobsetgen.options.table import Settings


class Exclusivity(NamedTuple):
    """How exclusive placement of one replicatedJob is implemented.

    `topology` is the node label key of the domains, or None without exclusive placement.
    `by_webhook` means that JobSet's pod webhook would choose the domain; `affinity`,
    `node_selector` and `domains` are the means that bind the pods to it here.
    """

    topology: str | None
    by_webhook: bool
    affinity: bool
    node_selector: bool
    domains: bool


class JobTreatment(NamedTuple):
    """The treatment of the Jobs of one replicatedJob.

    With `is_gated`, their pods have a scheduling gate, which the watcher removes. `priority` is
    that of their pods, or None if it is unknown. `domains` has the topology domain of each Job if
    they are pinned to a list of domains.
    """

    replicated_job: ReplicatedJob
    is_gated: bool
    exclusivity: Exclusivity
    priority: int | None
    domains: tuple[str, ...] = ()

    @property
    def label_value(self) -> str | None:
        """The priority as the value of a label, or None if it is unknown or negative."""
        return None if self.priority is None or self.priority < 0 else str(self.priority)

    @property
    def priority_label(self) -> str | None:
        """The value of the pods' priority label, or None if they have no such label.

        With a node selector alone, no anti-affinity reads the label; with affinity in addition, it
        does.
        """
        is_read = self.exclusivity.affinity or not self.exclusivity.node_selector
        return self.label_value if is_read else None


class Treatment(NamedTuple):
    """The treatment of one JobSet.

    `is_watched` means that it has a restart-watcher, `is_blocking` that a new attempt begins only
    when the previous one is gone. `jobs` has an item for each replicatedJob, in order.
    """

    is_watched: bool
    is_blocking: bool
    jobs: tuple[JobTreatment, ...]

    @property
    def gated(self) -> tuple[ReplicatedJob, ...]:
        """The replicatedJobs whose pods have a scheduling gate."""
        return tuple(each.replicated_job for each in self.jobs if each.is_gated)


def treatment(jobset: JobSet, settings: Settings) -> Treatment:
    """Return the treatment of a set, without topology domains, which all sets share."""
    is_watched = _is_watched(jobset, settings)
    has_gates = is_watched and settings.jobs == "git"
    is_blocking = _is_blocking(jobset)
    known = _priorities(jobset, settings)
    return Treatment(
        is_watched=is_watched,
        is_blocking=is_blocking,
        jobs=tuple(
            JobTreatment(
                replicated_job=each,
                is_gated=has_gates and (is_blocking or _waits(jobset, each)),
                exclusivity=_exclusivity(jobset, each, settings),
                priority=known.of_pod(each.template.pod),
            )
            for each in jobset.replicated_jobs
        ),
    )


def treatments(jobsets: Iterable[JobSet], settings: Settings) -> Iterator[Treatment]:
    """Yield the treatment of each set of an input.

    Pinned Jobs take the listed topology domains in order, across all sets.
    """
    free = {key: iter(listed) for key, listed in settings.placement.domains.items()}
    for jobset in jobsets:
        found = treatment(jobset, settings)
        yield found._replace(jobs=tuple(_pinned(each, free) for each in found.jobs))


def _pinned(each: JobTreatment, free: Mapping[str, Iterator[str]]) -> JobTreatment:
    """Return the treatment of Jobs with the next free domains, which are consumed."""
    topology = each.exclusivity.topology
    if topology is None or topology not in free or not each.exclusivity.domains:
        return each
    return each._replace(domains=tuple(islice(free[topology], each.replicated_job.replicas)))


def _is_watched(jobset: JobSet, settings: Settings) -> bool:
    """Whether the set gets a watcher; with `Never`, a rule rejects sets that need one."""
    if settings.restart_watcher == "Auto":
        return bool(duties(jobset, settings))
    return settings.restart_watcher == "Always"


def _is_blocking(jobset: JobSet) -> bool:
    policy = jobset.failure_policy
    return policy is not None and policy.restart_strategy == "BlockingRecreate"


def _waits(jobset: JobSet, each: ReplicatedJob) -> bool:
    """Whether the controller would create the Jobs of a replicatedJob after others.

    With `jobs: git`, all Jobs are created together, so these must wait. Under BlockingRecreate, all
    Jobs wait, so that a Job that the tool recreates too early does no harm.
    """
    is_later = jobset.startup_order == "InOrder" and each is not jobset.replicated_jobs[0]
    return is_later or bool(each.depends_on)


def _priorities(jobset: JobSet, settings: Settings) -> Priorities:
    """Return the priorities that are known for the pods of a set.

    With compat 1, only a set that would otherwise be refused has those of the input's
    PriorityClasses: they would change the labels of a set that is running, and so restart it.
    """
    of_options = priorities(settings, with_input=False)
    is_refused = any(
        of_options.of_pod(each.template.pod) is None
        and _exclusivity(jobset, each, settings).affinity
        for each in jobset.replicated_jobs
    )
    if settings.compat > 1 or is_refused:
        return priorities(settings, with_input=True)
    return of_options


def _exclusivity(jobset: JobSet, each: ReplicatedJob, settings: Settings) -> Exclusivity:
    """Return how exclusive placement of a replicatedJob is implemented.

    JobSet's controller reads the annotations of the Job, its pod webhook those of the pod. If one
    is set at one level only, they act independently, and so do we. The setting `strategy` replaces
    JobSet's affinity; a node-selector annotation keeps its meaning.
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
