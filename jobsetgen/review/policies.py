"""The policies of a JobSet in words: how it starts, succeeds, fails, ends and is changed."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.model.jobset import FailurePolicy, FailureRule, JobSet
from jobsetgen.model.treatment import Treatment
from jobsetgen.options.table import Settings
from jobsetgen.words import plural


def start(jobset: JobSet, treatment: Treatment) -> Iterator[str]:
    """Yield the order in which the Jobs start, and what holds their pods until then."""
    yield from _order(jobset)
    yield from _gates(jobset, treatment)


def _order(jobset: JobSet) -> Iterator[str]:
    if jobset.startup_order == "InOrder":
        yield "in order: " + ", then ".join(each.name for each in jobset.replicated_jobs)
        return

    entries = []
    for each in jobset.replicated_jobs:
        awaited = [f"{item.name} is {item.status.lower()}" for item in each.depends_on or ()]
        if awaited:
            entries.append(f"{each.name} when {' and '.join(awaited)}")
    yield from entries or ["all at once"]


def _gates(jobset: JobSet, treatment: Treatment) -> Iterator[str]:
    if not treatment.gated:
        return
    if treatment.is_blocking and jobset.startup_order != "InOrder":
        yield "a scheduling gate holds every pod until the attempt before is gone"
        return
    names = " and ".join(each.name for each in treatment.gated)
    yield f"until then a scheduling gate holds the pods of {names}"


def success(jobset: JobSet) -> str:
    """Return when the set succeeds."""
    policy = jobset.success_policy
    targets = f" of {', '.join(policy.targets)}" if policy.targets else ""
    if policy.operator == "All":
        return f"when all Jobs{targets} are complete"
    return f"when any Job{targets} is complete"


def failure(jobset: JobSet, treatment: Treatment) -> Iterator[str]:
    """Yield what each rule does about a failed Job, and last what happens where no rule fits."""
    policy = jobset.failure_policy
    if policy is None:
        yield "the first failed Job fails the set"
        return
    yield from map(_rule, policy.rules)
    lead = "otherwise a" if policy.rules else "a"
    yield f"{lead} failed Job {_default(policy, treatment)}"


def _default(policy: FailurePolicy, treatment: Treatment) -> str:
    if policy.max_restarts <= 0:
        return "fails the set"
    text = f"restarts the whole set, at most {plural(policy.max_restarts, 'time')}"
    if treatment.is_blocking:
        text += ", each attempt after the last one is gone"
    return text


_ACTIONS = {
    "FailJobSet": "the set fails",
    "RestartJobSet": "the whole set restarts",
    "RestartJobSetAndIgnoreMaxRestarts": "the whole set restarts, uncounted",
    "RestartJob": "that Job restarts alone",
    "RestartJobAndIgnoreMaxRestarts": "that Job restarts alone, uncounted",
}


def _rule(rule: FailureRule) -> str:
    conditions = []
    if rule.targets:
        conditions.append(f"in {' or '.join(rule.targets)}")
    if rule.reasons:
        conditions.append(f"with reason {' or '.join(rule.reasons)}")
    if rule.patterns:
        conditions.append(f"whose message has {' or '.join(rule.patterns)}")
    which = "".join(f" {each}" for each in conditions)
    return f"{rule.name}: on a failure{which}, {_ACTIONS.get(rule.action, rule.action)}"


def after_end(jobset: JobSet, settings: Settings) -> Iterator[str]:
    """Yield what happens to a set that has ended, where the spec says something of it."""
    seconds = jobset.ttl_seconds_after_finished
    if seconds is None:
        return
    if settings.tool_owns_jobs:
        yield f"the set stays until Git drops it (ttlSecondsAfterFinished {seconds} is left out)"
        return
    yield f"its Jobs are deleted {plural(seconds, 'second')} later"


_WATCHERS_UPDATE = {
    "Recreate": "a changed Job replaces every Job of the set,"
    " once the API server has accepted the new ones",
    "OnRestart": "a changed Job is taken up at the next restart",
    "Block": "a changed Job changes nothing in a set that runs",
}


def update(settings: Settings) -> str:
    """Return what a changed Job means for a set that runs."""
    if settings.jobs == "watcher":
        return _WATCHERS_UPDATE[settings.update_policy]
    if not settings.has_tool:
        return "a changed Job has to be deleted first"
    if settings.update_policy != "Recreate":
        return "a changed Job makes the sync fail"
    return "a changed Job replaces every Job of the set"
