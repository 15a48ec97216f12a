"""Whose a Job is. Labels alone do not tell: whoever may create Jobs can write them."""

from __future__ import annotations

from collections.abc import Iterable

from .contract import Plan, Pod, Say, State
from .view import Job, Places


def is_of_the_set(job: Job, places: Places, plan_uids: set[str], noted: set[str]) -> bool:
    """Whether a Job with the set's label is a Job of the set.

    It is when a watcher has noted its UID, when a plan owns it, or, where Git owns the Jobs and
    they have no owner, when it has exactly the name of one in a plan. `places` are those of the
    plan that runs and the one that is offered, `noted` the marks in the state.
    """
    if job.mark in noted or plan_uids.intersection(job.plans):
        return True
    return places.has(job) and any(plan["jobs"] == "git" for plan in places.plans)


def is_pod_of_the_set(pod: Pod, places: Places, noted: set[str]) -> bool:
    """Whether a pod is of a Job of the set.

    That may be gone already: a tool's Force deletes in the background.
    """
    return pod.job_mark in noted or places.has_name(pod.job)


def is_outdated(job: Job, state: State, places: Places, plan_uid: str) -> bool:
    """Whether, with `jobs: watcher`, a Job is not of the attempt or the plan that runs."""
    if plan_uid not in job.plans or job.generation != state["generation"]:
        return True
    if not places.has(job):
        return True
    alone = state["jobRestarts"].get(job.name, [0])[0]
    return (job.made_attempt, job.made_alone) != (state["restarts"], alone)


def left_in_format_1(state: State, jobs: Iterable[Job], places: Places) -> list[str]:
    """Return the marks of what earlier plans have left, as watchers of format 1 knew it.

    They knew it by its labels. Asked once, when the first watcher of format 2 takes over.
    """
    return [job.mark for job in jobs if _is_left_in_format_1(job, state, places)]


def _is_left_in_format_1(job: Job, state: State, places: Places) -> bool:
    """Whether a Job is labelled as one of another generation, and no plan has its name."""
    if not job.is_labelled or places.has(job):
        return False
    return job.generation not in ("", state["generation"])


def report_of(strangers: list[Job], plan: Plan) -> Say:
    """Return what is said of Jobs that have the label of the set and are none of its Jobs."""
    count = f"{len(strangers):,} Jobs" if len(strangers) > 1 else "1 Job"
    text = f"{count} with the label of this set but not part of it"
    text += f", such as {strangers[0].name}; left alone"
    places = Places(plan)
    taken = [job.name for job in strangers if places.has(job)]
    if taken:
        text += f". {taken[0]} has the name of a Job of this set"
        text += ", which cannot be created beside it"
    elif any(job.is_labelled for job in strangers):
        text += ". Delete what an earlier version of the set has left behind"
    return Say("Warning", "UnknownJob", text)
