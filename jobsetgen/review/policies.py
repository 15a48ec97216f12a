"""Describe the policies of a JobSet: startup, success, failure, end and update.

`quote` is applied to each name and each text of the input; all other words are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from jobsetgen.model.jobset import FailurePolicy, FailureRule, JobSet
from jobsetgen.model.treatment import Treatment
from jobsetgen.options.table import Settings
from jobsetgen.words import plural

Quote = Callable[[str], str]
"""Returns text of the input in the form of a medium, such as a code span; `str` leaves it as is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A replicatedJob that starts when all Jobs of an earlier one are `status`.

    The status is ready or complete. A Job that has ended also counts as ready.
    """

    replicated_job: str
    awaited: str
    status: str


def order(jobset: JobSet) -> Iterator[Wait]:
    """Yield what each replicatedJob waits for."""
    if jobset.startup_order == "InOrder":
        for before, each in pairwise(jobset.replicated_jobs):
            yield Wait(replicated_job=each.name, awaited=before.name, status="ready")
        return
    for each in jobset.replicated_jobs:
        for item in each.depends_on or ():
            status = item.status.lower()
            yield Wait(replicated_job=each.name, awaited=item.name, status=status)


def start(jobset: JobSet, treatment: Treatment | None, quote: Quote = str) -> Iterator[str]:
    """Yield the startup order of the Jobs, and the gates that enforce it.

    Without a treatment, JobSet's controller enforces it, which creates Jobs later.
    """
    yield from _order(jobset, quote)
    if treatment is not None:
        yield from _gates(jobset, treatment, quote)


def _order(jobset: JobSet, quote: Quote) -> Iterator[str]:
    if jobset.startup_order == "InOrder":
        yield "in order: " + ", then ".join(quote(each.name) for each in jobset.replicated_jobs)
        return

    awaited: dict[str, list[str]] = {}
    for wait in order(jobset):
        event = f"{quote(wait.awaited)} is {wait.status}"
        awaited.setdefault(wait.replicated_job, []).append(event)
    entries = [f"{quote(name)} when {' and '.join(events)}" for name, events in awaited.items()]
    yield from entries or ["all at once"]


def _gates(jobset: JobSet, treatment: Treatment, quote: Quote) -> Iterator[str]:
    if not treatment.gated:
        return
    if treatment.is_blocking and jobset.startup_order != "InOrder":
        yield "a scheduling gate holds every pod until the previous attempt is gone"
        return
    names = " and ".join(quote(each.name) for each in treatment.gated)
    yield f"until then a scheduling gate holds the pods of {names}"


def success(jobset: JobSet, quote: Quote = str) -> str:
    """Return when the set succeeds."""
    policy = jobset.success_policy
    targets = f" of {', '.join(map(quote, policy.targets))}" if policy.targets else ""
    if policy.operator == "All":
        return f"when all Jobs{targets} are complete"
    return f"when any Job{targets} is complete"


def failure(policy: FailurePolicy | None, quote: Quote = str) -> Iterator[str]:
    """Yield the effect of each failure rule, and finally the default."""
    if policy is None:
        yield "the first failed Job fails the set"
        return
    yield from (_rule(rule, quote) for rule in policy.rules)
    lead = "otherwise a" if policy.rules else "a"
    yield f"{lead} failed Job {_default(policy)}"


def _default(policy: FailurePolicy) -> str:
    if policy.max_restarts <= 0:
        return "fails the set"
    text = f"restarts the whole set, at most {plural(policy.max_restarts, 'time')}"
    if policy.restart_strategy == "BlockingRecreate":
        text += ", each time when the previous attempt is gone"
    return text


_ACTIONS = {
    "FailJobSet": "the set fails",
    "RestartJobSet": "the whole set restarts",
    "RestartJobSetAndIgnoreMaxRestarts": "the whole set restarts, uncounted",
    "RestartJob": "that Job restarts alone",
    "RestartJobAndIgnoreMaxRestarts": "that Job restarts alone, uncounted",
}


def _rule(rule: FailureRule, quote: Quote) -> str:
    conditions = []
    if rule.targets:
        conditions.append(f"in {' or '.join(map(quote, rule.targets))}")
    if rule.reasons:
        conditions.append(f"with reason {' or '.join(map(quote, rule.reasons))}")
    if rule.patterns:
        conditions.append(f"whose message matches {' or '.join(map(quote, rule.patterns))}")
    which = "".join(f" {each}" for each in conditions)
    action = _ACTIONS.get(rule.action) or quote(rule.action)
    return f"{quote(rule.name)}: on a failure{which}, {action}"


def after_end(jobset: JobSet, settings: Settings) -> Iterator[str]:
    """Yield what happens to a finished set, if the spec sets a TTL."""
    seconds = jobset.ttl_seconds_after_finished
    if seconds is None:
        return
    if settings.target == "jobset":
        yield f"the JobSet is deleted {plural(seconds, 'second')} later, with its Jobs"
        return
    if settings.tool_owns_jobs:
        omitted = f"ttlSecondsAfterFinished {seconds} is omitted"
        yield f"the set remains until it is removed from Git ({omitted})"
        return
    yield f"its Jobs are deleted {plural(seconds, 'second')} later"


_WATCHERS_UPDATE = {
    "Recreate": "a changed Job replaces every Job of the set,"
    " once the API server has accepted the new ones",
    "OnRestart": "a changed Job takes effect at the next restart",
    "Block": "a changed Job does not affect a running set",
}


def update(settings: Settings) -> str:
    """Return the effect of a changed Job on a running set."""
    if settings.target == "jobset":
        return "the API server refuses a JobSet with a changed Job; delete the JobSet first"
    if settings.jobs == "watcher":
        return _WATCHERS_UPDATE[settings.update_policy]
    if not settings.has_tool:
        return "a changed Job must be deleted before it is applied"
    if settings.update_policy != "Recreate":
        return "a changed Job makes the sync fail"
    return "a changed Job replaces every Job of the set"
