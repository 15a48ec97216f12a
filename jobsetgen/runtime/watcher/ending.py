"""The end of a set: stop what still runs, and leave when nothing can run again."""

from __future__ import annotations

from datetime import datetime

from .contract import ENDED, Create, Delete, Json, Leave, Patch
from .decision import Decision
from .startup import suspend
from .view import Job, job_name

_LONGEST = 2**31 - 1  # seconds that the API takes for a time to live


def end(decision: Decision) -> None:
    """Release what the set still holds, and leave when nothing is left that could run again."""
    terminal = decision.state["terminal"]
    stop = _end_by_suspending if decision.plan["ending"] == "suspend" else _end_by_deleting
    done = stop(decision)
    if done and decision.awaits:
        offered = decision.seen.plan["generation"]
        message = f"the set is over; generation {offered} is offered, and its Jobs are awaited"
        decision.say("Normal", "AwaitsGeneration", message)
    elif done and terminal:
        decision.actions.append(Leave(terminal["type"] == "Completed"))


# --- Where a deleted Job would be put back from Git and run again ---------------------------------
def _end_by_suspending(decision: Decision) -> bool:
    """Suspend every Job, and make a missing one suspended; return whether nothing is left to do."""
    done = not decision.previous
    for each in decision.plan["replicatedJobs"]:
        for index in range(each["replicas"]):
            job = decision.seen.jobs.get(job_name(decision.plan, each["name"], index))
            if job is None:
                done = False
                _make_suspended(decision, each["name"], index)
            elif job.mark not in decision.previous:
                done = _is_at_rest(decision, job) and done
    return done


def _make_suspended(decision: Decision, replicated_job: str, index: int) -> None:
    """Make a Job that is missing, suspended, before the tool makes it run."""
    if decision.may_create:
        decision.actions.append(Create(replicated_job, index, ENDED))


def _is_at_rest(decision: Decision, job: Job) -> bool:
    """Return whether a Job can run no more; else see to it."""
    # One that is failing may wait for a lost node for ever.
    if job.finished or job.terminating or job.failing:
        return not job.terminating
    if job.queued:  # Kueue would resume a suspended one
        return _is_at_its_deadline(decision, job)
    decision.ended.add(job.mark)
    if not job.suspended:
        suspend(decision, job, ENDED)
    return job.suspended and not decision.plan["suspend"]  # what Git has suspended it may resume


def _is_at_its_deadline(decision: Decision, job: Job) -> bool:
    """Return whether a queued Job would end as soon as it ran; else see to it."""
    if job.deadline != 1:
        body: Json = {"spec": {"activeDeadlineSeconds": 1}}
        decision.actions.append(Patch(job.name, job.uid, body))
    return job.suspended and job.deadline == 1


# --- Where a deleted Job stays deleted ------------------------------------------------------------
def _end_by_deleting(decision: Decision) -> bool:
    """Delete what still runs; return whether nothing is left to do."""
    running = [job for job in decision.current if not _ends_by_itself(job)]
    decision.actions += [Delete(job.name, job.uid) for job in running]
    waits = _hand_over_ttl(decision)
    return not running and not decision.previous and not waits


def _ends_by_itself(job: Job) -> bool:
    """Whether a Job needs nobody to stop it."""
    return job.finished or job.failing or job.terminating


def _hand_over_ttl(decision: Decision) -> bool:
    """Hand a time to live to the Job controller: from the end of the set on.

    Return whether some Job has yet to get it.
    """
    ttl = decision.plan["ttlSecondsAfterFinished"]
    if ttl is None:
        return False
    ends = {job.name: _seconds(job.end) for job in decision.current if job.finished and job.end}
    last = max(ends.values(), default=0)
    for job in decision.current:
        if job.name in ends and job.ttl is None:
            seconds = min(ttl + last - ends[job.name], _LONGEST)
            body: Json = {"spec": {"ttlSecondsAfterFinished": seconds}}
            decision.actions.append(Patch(job.name, job.uid, body))
    return any(not job.finished or job.ttl is None for job in decision.current)


def _seconds(time: str) -> int:
    """Return a time of the API server in seconds."""
    return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z").timestamp())
