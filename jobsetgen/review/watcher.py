"""What the restart-watcher will do for a set, in words."""

from __future__ import annotations

from jobsetgen.expand.attempts import reads_attempt
from jobsetgen.model.duties import has_watcher, is_gated, tasks
from jobsetgen.model.jobset import JobSet
from jobsetgen.naming import watcher_name
from jobsetgen.options.table import Settings
from jobsetgen.words import listed


def watcher(jobset: JobSet, settings: Settings) -> list[str]:
    """Return what it is called, what it does, what it means that it does not run, and what it may do."""
    if not has_watcher(jobset, settings):
        return ["none, as there is nothing to restart, to order or to end"]
    words = [task.words for task in tasks(jobset, settings)]
    return [
        f"Job {watcher_name(jobset.name)} will {listed(words) if words else 'end as the set ends'}",
        "its outcome is the set's: it is Complete, or Failed, when the set is",
        _while_pending(jobset, settings),
        _rights(jobset, settings),
    ]


def _while_pending(jobset: JobSet, settings: Settings) -> str:
    waiting = []
    if any(is_gated(jobset, each, settings) for each in jobset.replicated_jobs):
        waiting.append("pods behind the scheduling gate")
    if any(reads_attempt(each.template) for each in jobset.replicated_jobs):
        waiting.append("containers that read the restart attempt")
    missing = "the Jobs run, and nothing of that happens"
    if settings.jobs == "watcher":
        missing = "no Job is created"
    elif waiting:
        missing = f"{' and '.join(waiting)} wait; the others run, and nothing of that happens"
    tainted = "" if settings.watcher.tolerations else " (it tolerates no taint of a node)"
    return f"while its pod is Pending{tainted}, {missing}"


def _rights(jobset: JobSet, settings: Settings) -> str:
    if settings.watcher.service_account:
        return f"it has the rights of the account {settings.watcher.service_account}"
    may = [
        "create, change and delete Jobs",
        "list pods",
        "read its plan",
        "write its state",
        "create events",
    ]
    if any(is_gated(jobset, each, settings) for each in jobset.replicated_jobs):
        may[1] = "list pods and take off their gates"
    if not settings.has_tool:
        again = [
            *(["Service"] if jobset.network.enabled else []),
            *(["claims"] if jobset.claims else []),
        ]
        may += [f"create the {' and '.join(again)} again"] if again else []
    return f"in its namespace it may {listed(may)}"
