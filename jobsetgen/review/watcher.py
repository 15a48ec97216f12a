"""Describe what the restart-watcher will do for a set."""

from __future__ import annotations

from jobsetgen.expand.attempts import reads_attempt
from jobsetgen.model.duties import duties
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import Treatment
from jobsetgen.naming import watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.words import listed


def watcher(jobset: JobSet, treatment: Treatment, settings: Settings) -> list[str]:
    """Return its name and duties, the effect of a Pending pod, and its permissions."""
    if not treatment.is_watched:
        return ["none: there is nothing to restart, order or end"]
    words = [duty.words for duty in duties(jobset, settings)]
    return [
        f"Job {watcher_name(jobset.name)} will {listed(words) if words else 'end as the set ends'}",
        "its outcome is the outcome of the set: Complete or Failed",
        _while_pending(jobset, treatment, settings),
        _rights(jobset, treatment, settings),
    ]


def _while_pending(jobset: JobSet, treatment: Treatment, settings: Settings) -> str:
    tainted = "" if settings.watcher.tolerations else " (it tolerates no node taints)"
    return f"while its pod is Pending{tainted}, {_missing(jobset, treatment, settings)}"


def _missing(jobset: JobSet, treatment: Treatment, settings: Settings) -> str:
    if settings.jobs == "watcher":
        return "no Job is created"
    waiting = []
    if treatment.gated:
        waiting.append("pods behind the scheduling gate")
    if any(reads_attempt(each.template) for each in jobset.replicated_jobs):
        waiting.append("containers that read the restart attempt")
    if waiting:
        return f"{' and '.join(waiting)} wait; the others run, and none of this happens"
    return "the Jobs run, and none of this happens"


def _rights(jobset: JobSet, treatment: Treatment, settings: Settings) -> str:
    if settings.watcher.service_account:
        return f"it has the permissions of the ServiceAccount {settings.watcher.service_account}"
    may = [
        "create, change and delete Jobs",
        "list pods and remove their gates" if treatment.gated else "list pods",
        "read its plan",
        "write its state",
        "create events",
    ]
    again = [] if settings.has_tool else _created_again(jobset)
    if again:
        may.append(f"recreate the {' and '.join(again)}")
    return f"in its namespace it may {listed(may)}"


def _created_again(jobset: JobSet) -> list[str]:
    """Return the objects other than Jobs that the watcher recreates without a GitOps tool."""
    needed = ["Service"] if jobset.network.enabled else []
    if jobset.claims:
        needed.append("claims")
    return needed
