"""Acting: what was decided and is written down. Every delete and patch names the UID it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, NamedTuple, TypeVar, Union, cast

from .api import Api, ApiError
from .backoff import Backoff
from .cache import Cache
from .contract import (
    GATE,
    GRACE,
    IN_FLIGHT,
    Action,
    Create,
    Delete,
    Json,
    Leave,
    Patch,
    Plan,
    Release,
    Restore,
    Say,
    State,
    Try,
)
from .events import Reporter
from .formats import compact
from .log import log_some
from .stamp import fill, job_object, slots
from .trials import Trials
from .view import Seen, job_name

_FLIGHT_BYTES = 4 * 1024 * 1024  # that all requests at once may hold
_FRESH = 10.0  # seconds after which a plan that was read is too old to create from

_Change = Union[Delete, Patch, Release]
_Making = Union[Create, Restore]
_Each = TypeVar("_Each")


class Acted(NamedTuple):
    """What came of a pass's actions."""

    status: int | None  # to exit with, if there is nothing left to do
    within: float = float("inf")  # seconds after which the next pass must come


def requests_at_once(plan: Plan) -> int:
    """Return how many requests there is room for.

    Each holds a Job as data, as text and as bytes, and the answer.
    """
    sizes = [len(compact(each["job"]).encode()) for each in plan["replicatedJobs"]]
    largest = max(sizes, default=0)
    return min(max(_FLIGHT_BYTES // (4 * largest + 1), 2), IN_FLIGHT)


def _of_kind(actions: Sequence[Action], kind: type[_Each]) -> list[_Each]:
    """Return the actions of a kind, in their order."""
    return [action for action in actions if isinstance(action, kind)]


class Actor:
    """Acts for one watcher."""

    def __init__(
        self,
        api: Api,
        reporter: Reporter,
        cache: Cache,
        own: tuple[str, str],
        clock: Callable[[], float],
    ) -> None:
        """Act for the watcher whose own Job has this name and UID."""
        self.api = api
        self.reporter = reporter
        self.cache = cache
        self.job, self.uid = own
        self.clock = clock
        self.make_pool: Any = ThreadPoolExecutor
        self.pool: Any = None
        self.at_once = 1
        self.plan_read_at = 0.0  # when the plan was read that is acted upon
        self.patient_until = 0.0  # until when new Jobs wait for old ones
        # A generation that was tried, and what the API said against it.
        self.trial: tuple[str, str] | None = None
        self.tried_at = 0.0
        # Names of Jobs that could not be created in the last pass, because they exist.
        self.taken_names: set[str] = set()
        self.backoff = Backoff(clock)
        self.trials = Trials(api, clock)

    def prepare(self, plan: Plan) -> None:
        """Prepare for the Jobs of a plan."""
        self.at_once = requests_at_once(plan)
        self.pool = self.make_pool(self.at_once)

    def forget_refusal(self, at: float) -> None:
        """Forget a refused trial after a while: the reason may have passed."""
        if self.trial and self.trial[1] and at - self.tried_at >= GRACE:
            self.trial = None

    def will_delete(self, actions: list[Action]) -> bool:
        """Whether some of these actions delete a Job now; one that was refused may have to wait."""
        return any(not self.backoff.is_held(_key(each)) for each in _of_kind(actions, Delete))

    def act(self, seen: Seen, state: State, actions: list[Action], plan_read_at: float) -> Acted:
        """Do what was decided from a plan that was read at this time."""
        self.plan_read_at = plan_read_at
        self.reporter.report_new(_of_kind(actions, Say))
        changes: list[_Change] = [*_of_kind(actions, Delete), *_of_kind(actions, Patch)]
        changes += _of_kind(actions, Release)
        self._each(changes, self._change)
        within = min(self._make(seen, state, actions), self.backoff.due_within())
        for trial in _of_kind(actions, Try):  # one without an answer holds up nothing before it
            self._try(seen.plan, trial)
        for leaving in _of_kind(actions, Leave):
            self.reporter.deliver()  # before this process may be ended
            return Acted(self._leave(leaving), within)
        return Acted(None, within)

    def _each(self, actions: Sequence[_Each], do: Callable[[_Each], None]) -> None:
        """Do something with each of some actions, several at once."""
        for call in wait([self.pool.submit(do, action) for action in actions]).done:
            call.result()

    def _try(self, plan: Plan, action: Try) -> None:
        """Ask the API whether it would take the Jobs of a plan."""
        jobs = [fill(each["job"], slots(plan, each, 0)) for each in plan["replicatedJobs"]]
        self.tried_at = self.plan_read_at
        complaints = [self.trials.dry_run(job)[1] for job in jobs]
        self.trial = (action.generation, "; ".join(filter(None, complaints)))

    def _leave(self, action: Leave) -> int | None:
        """Return the status to exit with, or fail this watcher's own Job."""
        if action.completed:
            return 0
        self._change(Patch(self.job, self.uid, {"spec": {"activeDeadlineSeconds": 1}}))
        return None

    # --- Changes ----------------------------------------------------------------------------------
    def _change(self, action: _Change) -> None:
        """Delete or patch something. A change that fails for this one object stops no other."""
        if self.backoff.is_held(_key(action)):
            return
        try:
            if isinstance(action, Delete):
                self._delete(action)
            elif isinstance(action, Patch):
                self.api.patch("jobs", action.name, action.uid, action.body)
            else:
                self._release(action)
        except ApiError as error:
            self._take(error, action)

    def _delete(self, action: Delete) -> None:
        """Delete a Job."""
        self.api.delete_job(action.name, action.uid)
        job = self.cache.jobs.get(action.name)
        if job and job.uid == action.uid:
            job.terminating = True  # before the watch says so, or it would be deleted again

    def _release(self, action: Release) -> None:
        """Take our gate off a pod, and leave it those of others."""
        pod = action.pod
        gates = [{"name": gate} for gate in pod.gates if gate != GATE]
        self.api.patch("pods", pod.name, pod.uid, {"spec": {"schedulingGates": gates or None}})

    # --- New objects ------------------------------------------------------------------------------
    def _make(self, seen: Seen, state: State, actions: list[Action]) -> float:
        """Create what is missing; return the seconds after which the next pass must come."""
        makings: list[_Making] = [*_of_kind(actions, Restore), *_of_kind(actions, Create)]
        within = float("inf")
        if makings and self._is_patient(seen, state, actions):
            within = self.patient_until - self.plan_read_at
            makings = [each for each in makings if isinstance(each, Restore)]
        makings = [each for each in makings if not self.backoff.is_held(_key(each))]
        # Names that somebody holds must not keep the others waiting.
        makings.sort(key=lambda each: self._is_taken(each, state["plan"]))
        self.taken_names.clear()
        if makings and self._is_wanted():
            # As many as are done while the plan that was read is fresh; the next pass goes on.
            some = makings[: 10 * self.at_once]
            self._each(some, lambda each: self._create(each, seen.plan_uid, state))
        return within

    def _is_patient(self, seen: Seen, state: State, actions: list[Action]) -> bool:
        """Whether new Jobs wait a moment for old ones, whose pods end more slowly beside new pods.

        A tool that puts Jobs back would not wait for them, and be faster.
        """
        if self.plan_read_at >= self.patient_until or state["plan"]["ending"] != "delete":
            return False
        if _of_kind(actions, Delete):
            return True
        return any(job.terminating for job in seen.jobs.values())

    def _is_taken(self, action: _Making, plan: Plan) -> bool:
        """Whether the API has refused a Job's name in the last pass, since it is there."""
        if isinstance(action, Restore):
            return False
        return job_name(plan, action.replicated_job, action.job_index) in self.taken_names

    def _is_wanted(self) -> bool:
        """Whether this watcher's own Job is still there and stays."""
        own = self.api.find("jobs", self.job)
        if not own or own["metadata"]["uid"] != self.uid:
            return False
        return "deletionTimestamp" not in own["metadata"]

    def _create(self, action: _Making, plan_uid: str, state: State) -> None:
        """Create a Job, or put back a Service or a claim."""
        if self.clock() - self.plan_read_at > _FRESH:
            raise ApiError(0, "it is too long ago that the plan was read")
        plural = "jobs"
        if isinstance(action, Create):
            item = job_object(state["plan"], state, action, plan_uid)
        else:
            plural, item = action.plural, cast(Json, action.item)
        name = item["metadata"]["name"]
        try:
            self.api.create(plural, item)
        except ApiError as error:
            self._take(error, action)
            if error.status == 409:  # somebody was faster; the next pass takes it for what it is
                self.taken_names.add(name)

    # --- What fails -------------------------------------------------------------------------------
    def _take(self, error: ApiError, action: _Change | _Making) -> None:
        """Take an error that is about one object, so that other actions go on; raise others."""
        if not _is_of_one_object(error):
            raise error
        text = "an action has failed and is decided anew"
        log_some(text, action=_key(action), error=str(error))
        if error.is_refusal:
            self.backoff.hold(_key(action))
        else:
            self.backoff.release(_key(action))


def _key(action: _Change | _Making) -> tuple[str, ...]:
    """Return what tells an action from others, also in later passes."""
    kind = type(action).__name__
    if isinstance(action, Create):
        return kind, action.replicated_job, str(action.job_index)
    if isinstance(action, Restore):
        return kind, action.plural, action.item["metadata"]["name"]
    if isinstance(action, Release):
        return kind, action.pod.name, action.pod.uid
    return kind, action.name, action.uid


def _is_of_one_object(error: ApiError) -> bool:
    """Whether an error is about one object, so that the other actions can go on."""
    return error.is_refusal or error.status in (404, 409, 422)
