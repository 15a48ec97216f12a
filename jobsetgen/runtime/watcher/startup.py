"""Starting: the replicatedJobs in their order, what is missing, and who is suspended or gated."""

from __future__ import annotations

from .contract import ATTEMPT, JOB_ATTEMPT, SUSPENDED, Create, Json, Patch, ReplicatedJob
from .decision import Decision
from .view import Job, is_blocking, job_name


def start(decision: Decision) -> None:
    """Go through the replicatedJobs in order and start what may start."""
    decision.is_blocked = _awaits_old_pods(decision)
    plan = decision.plan
    in_order = plan["startupOrder"] == "InOrder" and not plan["suspend"]
    turn = True
    for each in plan["replicatedJobs"]:
        met = turn and all(map(decision.is_met, each["dependsOn"]))
        _create_missing(decision, each, met)
        for job in decision.grouped[each["name"]]:
            _steer(decision, job, each, met)
        if in_order and not decision.is_started(each["name"]):
            turn = False
    _say_whose_queued_jobs_are(decision)


def _awaits_old_pods(decision: Decision) -> bool:
    """Whether, under BlockingRecreate, something old is left that new pods must not meet."""
    if not is_blocking(decision.plan):
        return False
    if decision.previous:
        return True
    # A tool has deleted their Jobs and not them, or is about to.
    current = {job.mark for job in decision.current}
    left = {pod.job_mark for pod in decision.seen.pods} - current - {""}
    if left:
        message = f"attempt {decision.state['restarts']} waits for older pods"
        decision.say("Normal", "AwaitsPods", message)
    return bool(left)


# --- Jobs that are missing ------------------------------------------------------------------------
def _create_missing(decision: Decision, each: ReplicatedJob, met: bool) -> None:
    """Create the Jobs of a replicatedJob that are not there, where its turn has come."""
    if not decision.may_create or decision.is_blocked:
        return
    if not met and not each["gated"]:
        return
    missing = _missing(decision, each)
    if decision.plan["jobs"] == "git":
        missing = _ever_applied(decision, each, missing)
    mark = SUSPENDED if decision.plan["suspend"] else ""
    decision.actions += [Create(each["name"], index, mark) for index in missing]


def _missing(decision: Decision, each: ReplicatedJob) -> list[int]:
    """Return the indexes of the Jobs that are not there."""
    names = (job_name(decision.plan, each["name"], index) for index in range(each["replicas"]))
    return [index for index, name in enumerate(names) if name not in decision.seen.jobs]


def _ever_applied(decision: Decision, each: ReplicatedJob, missing: list[int]) -> list[int]:
    """Return those that were there before.

    What nobody has ever applied is the GitOps tool's to create.
    """
    bits = f"{decision.applied[each['name']]:b}"[::-1]
    known = [index for index in missing if bits[index : index + 1] == "1"]
    unknown = len(missing) - len(known)
    if unknown and decision.is_settled:
        decision.say("Warning", "NotApplied", f"{unknown} Jobs of {each['name']} never came")
    return known


# --- Jobs that are there --------------------------------------------------------------------------
def _steer(decision: Decision, job: Job, each: ReplicatedJob, met: bool) -> None:
    """See to one Job: its labels, whether it may run, and its deadline."""
    if job.suspended:
        decision.released.discard(job.mark)
    if job.finished or job.terminating:
        return
    _show_attempts(decision, job)
    _start_or_stop(decision, job, each, met)
    _give_deadline(decision, job, each)


def _start_or_stop(decision: Decision, job: Job, each: ReplicatedJob, met: bool) -> None:
    """Suspend, resume or release a Job, as the set and the start order have it."""
    if decision.plan["suspend"]:
        _suspend_with_the_set(decision, job)
    elif job.suspended:
        _resume(decision, job, may_start=met or each["gated"])
    elif met and each["gated"]:
        _release(decision, job)


def _show_attempts(decision: Decision, job: Job) -> None:
    """Put the attempts on a Job that the GitOps tool has put back: so they outlive a lost state."""
    labels = {}
    restarts = decision.state["restarts"]
    if max(job.made_attempt, 0) != restarts:
        labels[ATTEMPT] = str(restarts)
    alone = decision.state["jobRestarts"].get(job.name, [0])[0]
    if job.made_alone != alone:
        labels[JOB_ATTEMPT] = str(alone)
    if labels:
        decision.actions.append(Patch(job.name, job.uid, {"metadata": {"labels": labels}}))


def _suspend_with_the_set(decision: Decision, job: Job) -> None:
    """Suspend a Job of a suspended set, where that is neither the tool's to do nor Kueue's."""
    if decision.plan["jobs"] == "watcher" and not job.suspended and not job.queued:
        suspend(decision, job, SUSPENDED)


def _say_whose_queued_jobs_are(decision: Decision) -> None:
    """Say of a suspended set that Kueue runs its Jobs: it would resume any that we suspend."""
    running = [job for job in decision.current if job.queued and not job.suspended]
    if decision.plan["suspend"] and any(not (job.finished or job.terminating) for job in running):
        message = (
            "the set is suspended, but Kueue runs its Jobs, which are in a queue; to stop them,"
            " set spec.active: false on their Workloads"
        )
        decision.say("Warning", "KueueDecides", message)


def suspend(decision: Decision, job: Job, mark: str) -> None:
    """Suspend a Job, and say on it why."""
    annotations = {mark: decision.state["generation"]}
    body: Json = {"metadata": {"annotations": annotations}, "spec": {"suspend": True}}
    decision.actions.append(Patch(job.name, job.uid, body))


def _release(decision: Decision, job: Job) -> None:
    """Note that a Job's pods lose their gates, those that will replace them, too."""
    if not decision.is_blocked:
        decision.released.add(job.mark)


def _resume(decision: Decision, job: Job, *, may_start: bool) -> None:
    """Resume a Job that a watcher has suspended; one in a queue is Kueue's to resume."""
    is_ours = decision.plan["jobs"] == "watcher" or job.held
    if may_start and is_ours and not job.queued:
        body: Json = {"metadata": {"annotations": {SUSPENDED: None}}, "spec": {"suspend": False}}
        decision.actions.append(Patch(job.name, job.uid, body))


def _give_deadline(decision: Decision, job: Job, each: ReplicatedJob) -> None:
    """Give a gated Job its deadline when it is released, since the time would run before that."""
    deadline = each["activeDeadlineSeconds"]
    if deadline is None or not each["gated"]:
        return
    wanted = deadline if job.mark in decision.released else None
    if job.deadline != wanted:
        body: Json = {"spec": {"activeDeadlineSeconds": wanted}}
        decision.actions.append(Patch(job.name, job.uid, body))
