"""Which run the Jobs are of: it goes on, is taken up after a loss, or gives way to a new one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import NamedTuple, cast

from .contract import GRACE, STATE_FORMATS, Action, Plan, Say, State, Try
from .ownership import is_outdated
from .view import Job, Places, Seen


class Run(NamedTuple):
    """The state of a run, and what taking it up asks for."""

    state: State
    actions: tuple[Action, ...] = ()
    may_create: bool = True
    awaits: bool = False  # whether a generation is offered that will need a watcher


def run_of(old: State | None, seen: Seen) -> Run:
    """Return the run that these Jobs are of. In a new one every counter is at zero."""
    if not old:
        return _lost_or_first(seen)
    state = _with_what_labels_tell(_copied(old), seen)
    offered = seen.plan
    if state["planUid"] != seen.plan_uid:
        return _new_run(state, seen, everything=offered["jobs"] == "watcher")
    if offered["generation"] == state["generation"]:
        return Run({**state, "plan": offered})
    if offered["jobs"] == "git":
        return _offered_by_git(state, seen)
    return _offered_to_watcher(state, seen)


def _copied(state: State) -> State:
    """Return a state that can be changed; its plan never is."""
    own = {key: value for key, value in state.items() if key != "plan"}
    return cast(State, {**state, **copy.deepcopy(own)})


def _with_what_labels_tell(state: State, seen: Seen) -> State:
    """Return a state with what only labels have told noted, too.

    The offered plan may be one that does not read it from them.
    """
    if state["plan"]["jobs"] == "git" or not _is_another_plan(state, seen):
        return state
    places = Places(state["plan"])
    uid = state["planUid"]
    told = {job.mark for job in seen.jobs.values() if is_outdated(job, state, places, uid)}
    return {**state, "previous": sorted(told.union(state["previous"]))}


def _is_another_plan(state: State, seen: Seen) -> bool:
    """Whether the offered plan asks for other Jobs than the one that runs, or is another object.

    It is also another one where it asks for others to make them.
    """
    offered = seen.plan
    running = state["plan"]
    if offered["generation"] != running["generation"] or offered["jobs"] != running["jobs"]:
        return True
    return seen.plan_uid != state["planUid"]


# --- A generation is offered ----------------------------------------------------------------------
def _offered_by_git(state: State, seen: Seen) -> Run:
    """Take up the offered generation when its Jobs appear; else the old run goes on."""
    offered = seen.plan
    places = Places(offered)
    there = {job.generation for job in seen.jobs.values() if places.has(job)}
    # Under Block the tool creates only the Jobs that the new plan adds.
    is_refused = offered["updatePolicy"] == "Block" and state["generation"] in there
    if offered["generation"] in there and not is_refused:
        return _new_run(state, seen, everything=False)
    # The plan is here and its Jobs are not: they may follow, or the API has refused them.
    may_create = seen.now - seen.offered_since >= GRACE
    return Run(state, may_create=may_create, awaits=True)


def _offered_to_watcher(state: State, seen: Seen) -> Run:
    """Take up the offered generation as its update policy says."""
    policy = seen.plan["updatePolicy"]
    if policy == "Recreate":
        return _recreated(state, seen)
    if policy == "OnRestart" and state["terminal"]:  # it disturbs nothing that runs
        return _new_run(state, seen, everything=True)
    return Run(state)


def _recreated(state: State, seen: Seen) -> Run:
    """Begin a new run with the offered generation once the API has nothing against it."""
    offered = seen.plan["generation"]
    if seen.trial is None or seen.trial[0] != offered:
        return Run(state, (Try(offered),), awaits=True)
    complaint = seen.trial[1]
    if complaint:
        refusal = Say("Warning", "UpdateRefused", f"the old run goes on: {complaint}")
        return Run(state, (refusal,), awaits=True)  # the reason may pass
    return _new_run(state, seen, everything=True)


def take_up(state: State, offered: Plan) -> None:
    """Go on with the offered plan at a restart.

    What others have changed in Jobs of another generation was not for its Jobs.
    """
    if offered["generation"] != state["generation"]:
        state["patterns"] = {}
    state["plan"] = offered
    state["generation"] = offered["generation"]


# --- New states -----------------------------------------------------------------------------------
def _fresh(seen: Seen) -> State:
    """Return a state with every counter at zero."""
    return {
        "format": STATE_FORMATS[-1],
        "generation": seen.plan["generation"],
        "planUid": seen.plan_uid,
        "plan": seen.plan,
        "restarts": 0,
        "countedRestarts": 0,
        "jobRestarts": {},
        "terminal": None,
        "counts": {},
        "evidence": [],
        "previous": [],
        "released": [],
        "ended": [],
        "stale": [],
        "leftover": [],
        "attemptShown": False,
        "applied": {},
        "patterns": {},
    }


def _lost_or_first(seen: Seen) -> Run:
    """Begin, or go on where a state was lost.

    It goes on at the highest attempt that the Jobs carry, all of it counted.
    """
    state = _fresh(seen)
    mine = list(_jobs_of_the_plan(seen))
    highest = max([0, *(job.made_attempt for job in mine)])
    state["restarts"] = highest
    state["countedRestarts"] = highest
    state["jobRestarts"] = {job.name: [job.made_alone] * 2 for job in mine if job.made_alone}
    # A Job without an attempt may be one that was put back after the restart, so only an older one
    # is previous.
    state["previous"] = [job.mark for job in mine if 0 <= job.made_attempt < highest]
    if all(job.made_attempt < 0 for job in mine):  # no watcher was here before
        return Run(state)
    text = f"there is no state; the run goes on at restart {highest}, all of them counted"
    return Run(state, (Say("Warning", "StateLost", text),))


def _jobs_of_the_plan(seen: Seen) -> Iterator[Job]:
    """Yield the Jobs of the offered plan and its generation."""
    places = Places(seen.plan)
    for job in seen.jobs.values():
        if places.has(job) and job.generation == seen.plan["generation"]:
            yield job


def _new_run(old: State, seen: Seen, *, everything: bool) -> Run:
    """Begin a run with the offered plan.

    It replaces every Job, or only those that the old run was about to replace.
    """
    state = _fresh(seen)
    if old["generation"] == state["generation"]:
        # Of a plan that was deleted, maybe with Jobs that it owned.
        state["applied"] = old["applied"]
    live = {job.mark for job in seen.jobs.values()}
    state["previous"] = sorted(live if everything else live & set(old["previous"]))
    state["leftover"] = sorted(_unnamed(seen))
    # A suspended Job takes a new generation in place, and would go on from where it stopped.
    state["stale"] = sorted(live & {*old["ended"], *old["stale"]})
    message = f"{state['generation']} begins, with every counter at zero"
    return Run(state, (Say("Normal", "NewRun", message),))


def _unnamed(seen: Seen) -> set[str]:
    """Return the marks of Jobs that the offered plan has no name for.

    By their names alone these could not be told from somebody else's any more. A Job may be gone
    before its pods.
    """
    places = Places(seen.plan)
    unnamed = {job.mark for job in seen.jobs.values() if not places.has(job)}
    unnamed |= {pod.job_mark for pod in seen.pods if not places.has_name(pod.job)}
    return unnamed
