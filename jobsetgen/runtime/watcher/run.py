"""One pass after another: look, decide, write down, act."""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable

from .act import Actor
from .api import Api, ApiError
from .cache import Cache
from .contract import A_JOB, GRACE, JOBSET, PATIENCE, Json, Plan, Say, State
from .decide import decide
from .events import Reporter
from .formats import (
    PLAN_KEY,
    FormatError,
    MismatchError,
    UnknownFormatError,
    check,
    check_generation,
    parsed_plan,
)
from .log import LONGEST_TEXT, log
from .observe import Observer
from .stamp import faults
from .store import Store
from .view import Seen, is_blocking
from .watch import Watch

_SECONDS_BETWEEN_PASSES = 10.0  # where there is no news
_SECONDS_BETWEEN_COUNTS = 10.0  # that are written where nothing else is new
_LONGEST_REST = 10.0  # seconds after trouble
_TOLD_OF = 5  # passes that fail one after another


class Watcher:
    """The watcher of one set."""

    def __init__(
        self,
        api: Api,
        names: dict[str, str],
        uid: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch the set of a plan; `names` are those of the plan, the state and its own Job."""
        self.api = api
        self.names = names
        self.uid = uid  # of its own Job
        self.clock = clock
        self.reporter = Reporter(api, names["job"], uid, clock)
        self.cache = Cache(api)
        self.observer = Observer(api, self.reporter, clock)
        self.store = Store(api, self.reporter, self.cache, names["state"], clock)
        self.actor = Actor(api, self.reporter, self.cache, (names["job"], uid), clock)
        self.plan: Plan | None = None  # as it was read last
        self.plan_read_at = 0.0  # when that was
        self.pause = 0.0  # seconds that the next pass may wait for news

    def step(self) -> int | None:
        """Make one pass; return an exit status when there is nothing left to do."""
        try:
            status = self._pass()
            self.reporter.relieve("pass", Say("Normal", "Recovered", "passes no longer fail"))
            return status
        except FormatError as error:
            self._warn_of_format(error)
            return None
        finally:
            self._tell_of_answers()

    def _warn_of_format(self, error: FormatError) -> None:
        """Tell people why nothing is done."""
        reason = _reason_of(error)
        text = f"{error}; nothing is done"
        if reason == "GenerationMismatch":
            text += ". Apply the plan as jobsetgen wrote it"
        self.reporter.warn("format", Say("Warning", reason, text))

    def _tell_of_answers(self) -> None:
        """Tell people what the API refuses, and what it refuses no longer."""
        refused, accepted = self.api.answers.taken()
        for each in refused:
            self.reporter.warn(each.request.kind, each.event)
        for kind in accepted:
            text = f"{kind}: no longer refused"
            self.reporter.relieve(kind, Say("Normal", "RequestAccepted", text))
        self.reporter.deliver()

    def _pass(self) -> int | None:
        """Look, decide, write down and act."""
        self.pause = _SECONDS_BETWEEN_PASSES
        self.plan_read_at = self.clock()
        plan_item = self.api.find("configmaps", self.names["plan"])
        state_item = self.api.find("configmaps", self.names["state"])
        if plan_item is None or state_item is None or not _has_plan(plan_item):
            log("info", "the plan or the state is not there; nothing is done")
            return None
        self.actor.forget_refusal(self.plan_read_at)
        plan = self._read_plan(plan_item)
        state = self.store.read(state_item)
        _hold_to_run_id(plan, state)
        self.reporter.relieve("format", Say("Normal", "Readable", "plan and state can be read"))
        self._look(plan, state, state_item["metadata"]["resourceVersion"])
        plan_uid = plan_item["metadata"]["uid"]
        seen = self.observer.observe(state, plan, plan_uid, self.cache.snapshot(), self.actor.trial)
        return self._decide(state_item, state, seen)

    def _read_plan(self, item: Json) -> Plan:
        """Return the plan, and prepare for it where it is another one."""
        plan = parsed_plan(item["data"][PLAN_KEY])
        if plan is not self.plan:
            check(faults(plan, {}), PLAN_KEY)
            check_generation(plan, plan.get("runId"), PLAN_KEY)
            self.plan = plan
            self.actor.prepare(plan)
        return plan

    def _look(self, plan: Plan, state: State | None, version: str) -> None:
        """Make the lists, unless watches have brought all news since the state was written."""
        plans = [plan, state["plan"] if state else plan]
        cache = self.cache
        if any(_is_gated(each) for each in plans):
            cache.needed.add("pods")
        if not cache.needs_all_pods and any(map(is_blocking, plans)):
            cache.needs_all_pods = True
            self.store.version = ""
        if cache.is_lacking() or version != self.store.version:
            # What was seen is too old to decide from, and so is half a list.
            self.store.version = ""
            cache.refresh(plan["jobset"])
            self.store.version = version

    def _decide(self, state_item: Json, state: State | None, seen: Seen) -> int | None:
        """Decide; act only on what is written."""
        decided, actions = decide(state, seen)
        log("debug", "a pass has decided", jobs=len(self.cache.jobs), actions=len(actions))
        if not _is_same(state, decided):
            self.pause = 0.0
        if _has_restarted(state, decided):
            patience = max(PATIENCE, A_JOB * len(self.cache.jobs))
            self.actor.patient_until = self.plan_read_at + min(patience, GRACE)
        is_due = self.clock() - self.store.state_written_at >= _SECONDS_BETWEEN_COUNTS
        news = is_due and decided != state  # counts alone can wait
        # Labels alone may tell which Jobs go. Whoever was frozen before its lists may hold a state
        # that is older than the labels: the write fails then, and nothing is deleted.
        must_write = not self.pause or news or self.actor.will_delete(actions)
        if must_write and not self.store.write(state_item, state, decided):
            return None
        if _has_begun(state, decided):
            self.reporter.forget()
        done = self.actor.act(seen, decided, actions, self.plan_read_at)
        self.pause = min(self.pause, done.within)
        return done.status


def _reason_of(error: FormatError) -> str:
    """Return the reason of the event about a plan that cannot be acted upon."""
    if isinstance(error, UnknownFormatError):
        return "UnknownFormat"
    if isinstance(error, MismatchError):
        return "GenerationMismatch"
    return "PlanUnreadable"


def _hold_to_run_id(plan: Plan, state: State | None) -> None:
    """Hold a plan without its run id to that of the same generation, if a state keeps that.

    Without this, whoever changes a plan had only to leave the run id out. A plan of an older
    release has none and passes.
    """
    if not state or "runId" in plan or plan["generation"] != state["generation"]:
        return
    check_generation(plan, state["plan"].get("runId"), PLAN_KEY)


def _has_plan(item: Json) -> bool:
    """Whether a ConfigMap holds a plan."""
    return PLAN_KEY in (item.get("data") or {})


def _is_gated(plan: Plan) -> bool:
    """Whether pods of a plan have our gate."""
    return any(each["gated"] for each in plan["replicatedJobs"])


def _is_same(old: State | None, new: State) -> bool:
    """Whether nothing but counts is new in a state."""
    return old is not None and {**old, "counts": {}} == {**new, "counts": {}}


def _has_begun(old: State | None, new: State) -> bool:
    """Whether a state begins a run."""
    if not old:
        return True
    return (new["generation"], new["planUid"]) != (old["generation"], old["planUid"])


def _has_restarted(old: State | None, new: State) -> bool:
    """Whether a state begins a restart or a run."""
    if not old:
        return True
    return (new["generation"], new["restarts"]) != (old["generation"], old["restarts"])


# --- The loop -------------------------------------------------------------------------------------
def run(watcher: Watcher, stopping: threading.Event, wake: threading.Event) -> int:
    """Make passes until there is nothing left to do; return the exit status.

    No trouble ends it, since another process would most likely meet the same.
    """
    failed = 0  # passes one after another
    while not stopping.is_set():
        wake.clear()
        try:
            _follow(watcher, wake)
            status = watcher.step()
            if status is not None:
                return status
            failed = 0
        except Exception as error:
            failed += 1
            _report_failure(watcher, error, failed)
        stopping.wait(min(0.1 * 2 ** min(failed, 9), _LONGEST_REST))  # so that news adds up
        wake.wait(watcher.pause)
    return 1


def _report_failure(watcher: Watcher, error: Exception, failed: int) -> None:
    """Tell people of passes that fail; of a refusal they are told already."""
    log("warning", "a pass has failed and is repeated", error=repr(error))
    if not isinstance(error, ApiError):
        calls = "".join(traceback.format_tb(error.__traceback__))
        log("error", "this is a bug", traceback=calls[-LONGEST_TEXT:])
        text = f"a pass fails and is repeated: {error!r} in {_place_of(error)}"
        _warn(watcher, Say("Warning", "InternalError", text))
    elif failed >= _TOLD_OF and not error.is_refusal:
        _warn(watcher, Say("Warning", "PassFailed", f"passes fail and are repeated: {error}"))


def _place_of(error: Exception) -> str:
    """Return where an error was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.name} ({os.path.basename(frame.filename)}:{frame.lineno})"


def _warn(watcher: Watcher, event: Say) -> None:
    """Tell people that passes fail; an error while telling them is only logged."""
    try:
        watcher.reporter.warn("pass", event)
        watcher.reporter.deliver()
    except Exception as error:
        log("error", event.message, reason=event.reason, error=repr(error))


def _follow(watcher: Watcher, wake: threading.Event) -> None:
    """Begin to follow what nobody follows yet."""
    plan = watcher.names["plan"]
    cache = watcher.cache
    for plural in sorted(cache.needed - cache.follows):
        if plural == "configmaps":
            watch = Watch(cache, plural, {"fieldSelector": f"metadata.name={plan}"}, wake, plan)
        else:
            labels = f"{JOBSET}={plan[: -len('-restart-plan')]}"
            watch = Watch(cache, plural, {"labelSelector": labels}, wake)
        threading.Thread(target=watch.follow, daemon=True).start()
        cache.follows.add(plural)
