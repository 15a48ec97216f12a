"""The decision: pure. One pass of the controller's loop, in its order."""

from __future__ import annotations

from .contract import GATE, IN_FLIGHT, Action, Delete, Json, Patch, Release, Restore, State
from .decision import Decision
from .ending import end
from .failure import act_on_failures, finish
from .generations import run_of
from .startup import start
from .view import Job, Seen

_HANDED_OVER_AT_ONCE = 10 * IN_FLIGHT


def decide(state: State | None, seen: Seen) -> tuple[State, list[Action]]:
    """Return the next state, and what to do once it is written.

    The actions may be done in any order, more than once, or not at all.
    """
    decision = Decision(run_of(state, seen), seen)
    _replace_what_is_of_no_attempt(decision)
    decision.count()
    _keep_for_restarts(decision)
    _go_on(decision)
    _delete_previous(decision)
    _release_pods(decision)
    _hand_over_to_git(decision)
    return decision.written(), decision.actions


def _go_on(decision: Decision) -> None:
    """Do what comes next: the set is over, has failed, has succeeded, or is to be started."""
    failing = [job for job in decision.current if job.failing]
    if decision.state["terminal"]:
        end(decision)
    elif _has_failed(decision, failing):
        act_on_failures(decision, failing)
    elif decision.has_succeeded():
        message = "every Job that the success policy asks for is complete"
        finish(decision, "Completed", "AllJobsCompleted", message)
    else:
        _restore_missing(decision)
        start(decision)


def _has_failed(decision: Decision, failing: list[Job]) -> bool:
    """Whether Jobs have failed, or are failing and some of their pods may still be ending.

    As long as none has failed, success goes first.
    """
    if any(job.failed for job in failing):
        return True
    return bool(failing) and not decision.has_succeeded()


# --- What belongs to no attempt of this run -------------------------------------------------------
def _replace_what_is_of_no_attempt(decision: Decision) -> None:
    """Note what is to be replaced or deleted beside the Jobs of this attempt."""
    _note_late_ones_of_earlier_plans(decision)
    if decision.plan["jobs"] == "git":
        _replace_restarted_in_place(decision)
        _replace_other_generations(decision)
        _replace_leftover(decision)
    else:
        # Made for another plan, or for an earlier attempt by a watcher that was frozen over a
        # restart.
        outdated = {job.mark for job in decision.seen.jobs.values() if decision.is_outdated(job)}
        decision.previous |= outdated


def _note_late_ones_of_earlier_plans(decision: Decision) -> None:
    """Note what was made for an earlier plan by a watcher that was frozen meanwhile."""
    for job in decision.seen.jobs.values():
        if decision.seen.plan_uid in job.plans and not decision.places.has(job):
            decision.leftover.add(job.mark)


def _replace_restarted_in_place(decision: Decision) -> None:
    """Replace Jobs of the run before that have taken this generation while they were suspended."""
    generation = decision.state["generation"]
    for job in decision.seen.jobs.values():
        if job.mark in decision.stale and job.generation == generation:
            decision.previous.add(job.mark)


def _replace_other_generations(decision: Decision) -> None:
    """Replace Jobs of other generations that the tool has left standing beside the new ones.

    The tool replaces them itself, and gets some time for that.
    """
    generation = decision.state["generation"]
    live = decision.seen.jobs.values()
    if decision.is_settled and any(job.generation == generation for job in live):
        decision.previous |= {job.mark for job in live if job.generation != generation}


def _replace_leftover(decision: Decision) -> None:
    """Delete what earlier plans left behind, when the tool has had its time or the set is over."""
    is_over = decision.state["terminal"] and decision.offers_this_generation()
    if decision.is_settled or is_over:
        decision.previous |= decision.leftover


# --- What a restart will need ---------------------------------------------------------------------
def _keep_for_restarts(decision: Decision) -> None:
    """Keep what live Jobs have beyond the plan, and which Jobs were ever there."""
    decision.state["patterns"].update(decision.seen.patterns or {})
    replaced = (job for job in decision.seen.jobs.values() if job.mark in decision.previous)
    for job in [*decision.current, *replaced]:
        if decision.places.has(job):
            decision.applied[job.replicated_job] |= 1 << job.index
    if decision.plan["jobs"] == "git":
        decision.state["applied"] = {name: f"{bits:x}" for name, bits in decision.applied.items()}


# --- What is done in every pass -------------------------------------------------------------------
def _restore_missing(decision: Decision) -> None:
    """Put back a Service or claims that are gone."""
    if decision.may_create:
        decision.actions += [Restore(plural, item) for plural, item in decision.seen.missing]


def _delete_previous(decision: Decision) -> None:
    """Delete the Jobs that are to be replaced."""
    for job in decision.seen.jobs.values():
        if job.mark in decision.previous and not job.terminating:
            decision.actions.append(Delete(job.name, job.uid))


def _release_pods(decision: Decision) -> None:
    """Take our gate off the pods of released Jobs."""
    for pod in decision.seen.pods:
        if GATE in pod.gates and pod.job_mark in decision.released:
            decision.actions.append(Release(pod))


def _hand_over_to_git(decision: Decision) -> None:
    """Remove the plan from the owners of Jobs that a watcher created, where Git owns the Jobs.

    From now on they are the tool's alone: it prunes no owned Job, and a plan may go while its Jobs
    stay.
    """
    if not decision.plan["jobs"] == decision.seen.plan["jobs"] == "git":
        return
    grown = decision.live if decision.state["terminal"] else decision.seen.grown
    free = grown - decision.previous
    owned = [job for job in decision.seen.jobs.values() if job.plans and job.mark in free]
    staying = [job for job in owned if not job.terminating]
    for job in staying[:_HANDED_OVER_AT_ONCE]:
        body: Json = {"metadata": {"ownerReferences": job.others or None}}
        decision.actions.append(Patch(job.name, job.uid, body))
