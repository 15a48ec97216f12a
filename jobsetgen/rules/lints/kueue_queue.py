"""JSG503: kueue queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.occurrences import not_ignored
from jobsetgen.rules.common.queues import has_queue, names_queue
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import page
from jobsetgen.words import listed, plural

# How many shapes of pods one group may have, by Kueue's version.
_MOST_SHAPES = {"up to 0.17": 8, "0.18": 10, "0.19": 18}


class _Queued(NamedTuple):
    """Where the label is, and how many Workloads it makes there."""

    path: Path
    workloads: int


@input_rule(
    "JSG503",
    "warning",
    since="0.1",
    source=page("Kueue, Run A JobSet", "https://kueue.sigs.k8s.io/docs/tasks/run/jobsets/"),
)
def kueue_queue(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A `kueue.x-k8s.io/queue-name` label does less for plain Jobs than for a JobSet.

    Kueue admits a JobSet as one Workload, all or nothing. Here, a label on the JobSet has no effect,
    one on the Job templates makes each Job a Workload, and one on the pod templates each pod. Some
    may then start and hold their nodes while the others wait. Pods can be queued as one group, but
    of at most 18 shapes (Kueue 0.19), and under exclusive placement every Job has its own.

    A queued JobSet is often suspended in Git, and Kueue resumes it. Here, with a label on the JobSet
    or on the pod templates, nobody resumes the Jobs until `suspend` is removed from Git. With one on
    the Job templates, Kueue alone decides which Jobs run; where Git owns them, the next sync
    suspends them again. So remove `suspend`. To stop queued Jobs, set `spec.active: false` on their
    Workloads; the watcher never resumes a queued Job.

    Warning because it is fine to admit the Jobs of a set one by one if they do not wait for each
    other.

    Bad::

        metadata:
          labels: {kueue.x-k8s.io/queue-name: research}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                labels: {kueue.x-k8s.io/queue-name: research}
    """
    yield from _on_the_sets(units)
    for unit in units:
        if unit.jobset:
            yield from ((unit, each) for each in _on_templates(unit.jobset, settings))


def _on_the_sets(units: Sequence[Unit]) -> Iterator[Located]:
    """Report labels on JobSets once for sets that are suspended, and once for the others.

    The place is the first that no comment suppresses.
    """
    found: dict[bool, list[Located]] = {}
    for unit in units:
        if unit.jobset:
            reported = found.setdefault(unit.jobset.suspend, [])
            reported += [(unit, each) for each in _not_ignored_on(unit, unit.jobset)]
    for is_suspended, reported in found.items():
        if not reported:
            continue
        (unit, first), *others = reported
        if others:
            whom = plural(len(others), "other suspended set" if is_suspended else "other set")
            verb = "has" if len(others) == 1 else "have"
            first = first._replace(message=f"{first.message}; {whom} {verb} such a label")
        yield unit, first


def _not_ignored_on(unit: Unit, jobset: JobSet) -> Iterator[Finding]:
    """Yield the finding about a set's own label, unless a comment suppresses it."""
    for finding in _on_the_set(jobset):
        if any(not_ignored(unit, "JSG503", [finding.path])):
            yield finding


def _on_templates(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    if jobs := list(_queued_jobs(jobset)):
        yield from _jobs_one_by_one(jobset, jobs, settings)
    elif pods := list(_queued_pods(jobset)):
        yield from _pods_one_by_one(jobset, pods)
    yield from _pod_groups(jobset)


def _on_the_set(jobset: JobSet) -> Iterator[Finding]:
    jobs = sum(each.replicas for each in jobset.replicated_jobs if not names_queue(each))
    if not has_queue(jobset.labels) or not jobs:
        return

    label = "Label the Job template" if jobset.jobs == 1 else "Label the Job templates"
    instead = " and remove spec.suspend" if jobset.suspend else " instead"
    advice = (
        "each Job is then a Workload of its own, and Kueue may admit some and leave the others"
        " waiting."
    )
    if jobset.jobs == 1:
        advice = "one Job is one Workload, as one JobSet is."
    elif refusal := _refusal_of_one_group(jobset):
        advice = f"{advice} {refusal}"
    yield Finding(
        path=("metadata", "labels", keys.KUEUE_QUEUE),
        message=f"the queue-name label stays on the JobSet: {_without_queue(jobset, jobs)}",
        hint=f"{label}{instead}: {advice}",
    )


def _without_queue(jobset: JobSet, jobs: int) -> str:
    """Say what follows for Jobs that do not get the label of the JobSet."""
    whom, them = f"its {jobs:,} Jobs do", "them"
    if jobs == 1:
        whom, them = "its Job does" if jobset.jobs == 1 else "one of its Jobs does", "it"
    if not jobset.suspend:
        return f"{whom} not get it and would start without Kueue"
    return f"{whom} not get it, and nobody resumes {them} while spec.suspend is true in Git"


def _queued_jobs(jobset: JobSet) -> Iterator[_Queued]:
    for each in jobset.replicated_jobs:
        if has_queue(each.template.labels):
            path = (*each.template.path, "metadata", "labels", keys.KUEUE_QUEUE)
            yield _Queued(path, each.replicas)


def _queued_pods(jobset: JobSet) -> Iterator[_Queued]:
    for each in jobset.replicated_jobs:
        labels = each.template.pod_labels
        if has_queue(labels) and keys.KUEUE_POD_GROUP not in labels:
            yield _Queued(_pod_label(each, keys.KUEUE_QUEUE), each.pods)


def _jobs_one_by_one(
    jobset: JobSet, queued: list[_Queued], settings: Settings
) -> Iterator[Finding]:
    """Report that Kueue admits Jobs one by one, and that it resumes those of a suspended set."""
    jobs = sum(each.workloads for each in queued)
    if jobset.suspend and jobs:
        whom, them, workloads = f"each of these {jobs:,} Jobs on its own", "them", "their Workloads"
        if jobs == 1:
            whom, them, workloads = "this Job", "it", "its Workload"
        message = f"Kueue resumes {whom} when it admits it, although spec.suspend is true"
        if settings.jobs == "git":
            message = f"{message}, and the next sync suspends it again"
        advice = f"Remove spec.suspend: Kueue suspends {them} until then."
        others = sum(each.replicas for each in jobset.replicated_jobs if not names_queue(each))
        # Of a label on the JobSet, its own message says so.
        if others and not has_queue(jobset.labels):
            message = f"{message}; nobody resumes {_without_any(others)}"
            advice = (
                "Label the other Job templates as well and remove spec.suspend: Kueue suspends the"
                " Jobs of a queue until it admits them."
            )
        hint = f"{advice} To stop {them}, set spec.active: false on {workloads}."
        yield Finding(path=queued[0].path, message=message, hint=hint)
    elif jobs > 1:
        yield _one_by_one(jobset, queued[0].path, f"{jobs:,} Jobs")


def _without_any(jobs: int) -> str:
    """Return a phrase for the Jobs beside those of a queue."""
    if jobs == 1:
        return "the other Job, which has no queue"
    return f"the other {jobs:,} Jobs, which have no queue"


def _pods_one_by_one(jobset: JobSet, queued: list[_Queued]) -> Iterator[Finding]:
    """Report that Kueue admits pods one by one, and that it does not resume their Jobs."""
    pods = sum(each.workloads for each in queued)
    if jobset.suspend and pods:
        message = (
            "Kueue queues these pods once they exist: their Jobs make none, and nobody resumes the"
            " Jobs, while spec.suspend is true in Git"
        )
        hint = "Remove spec.suspend: Kueue holds the pods until it admits them."
        yield Finding(path=queued[0].path, message=message, hint=hint)
    elif pods > 1:
        yield _one_by_one(jobset, queued[0].path, f"{pods:,} pods")


def _one_by_one(jobset: JobSet, path: Path, workloads: str) -> Finding:
    message = (
        f"Kueue treats each of these {workloads} as a Workload of its own: it may admit"
        " some, which then hold their nodes and wait for the others"
    )
    return Finding(path=path, message=message, hint=_refusal_of_one_group(jobset))


def _pod_groups(jobset: JobSet) -> Iterator[Finding]:
    grouped = [
        each for each in jobset.replicated_jobs if keys.KUEUE_POD_GROUP in each.template.pod_labels
    ]
    refusal = _refusal_of_one_group(jobset)
    if grouped and refusal:
        message = f"{refusal[0].lower()}{refusal[1:].rstrip('.')}"
        yield Finding(path=_pod_label(grouped[0], keys.KUEUE_POD_GROUP), message=message)


def _pod_label(each: ReplicatedJob, key: str) -> Path:
    return (*each.template.spec_path, "template", "metadata", "labels", key)


def _refusal_of_one_group(jobset: JobSet) -> str:
    """Say that the pods could never be admitted together, or nothing where they could."""
    shapes = sum(_shapes(jobset, each) for each in jobset.replicated_jobs)
    if not jobset.is_exclusive or shapes <= min(_MOST_SHAPES.values()):
        return ""

    outcome = "never be admitted"
    if shapes <= max(_MOST_SHAPES.values()):
        outcome = "be admitted only by a newer Kueue"
    limits = [f"{most} ({version})" for version, most in _MOST_SHAPES.items()]
    return (
        f"As one pod group the set could {outcome}: exclusive placement gives it {shapes:,} shapes"
        f" of pods, and Kueue allows at most {listed(limits, 'or')}."
    )


def _shapes(jobset: JobSet, each: ReplicatedJob) -> int:
    """Return how many different shapes the pods of a replicatedJob have."""
    if jobset.topology(each):
        return each.replicas
    return min(each.replicas, 1)
