"""The state's ConfigMap: read, made to fit, and written before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from .api import Api, ApiError
from .cache import Cache
from .contract import Changes, Json, Plan, Say, State
from .events import Reporter
from .formats import (
    JOBS_KEY,
    KEPT_PLAN_KEY,
    ROOM,
    UNPACKED,
    UnreadableError,
    check,
    check_generation,
    compact,
    packed,
    room_taken,
    state_of,
    stored,
)
from .stamp import faults

_PATTERNS = UNPACKED // 2  # bytes of all that others have changed, uncompressed
_LONGEST_SEARCH = 2.0  # seconds for the pods of all that is new in the evidence


class Store:
    """Reads and writes the state for one watcher."""

    def __init__(
        self, api: Api, reporter: Reporter, cache: Cache, name: str, clock: Callable[[], float]
    ) -> None:
        """Keep the state in the ConfigMap of a name."""
        self.api = api
        self.reporter = reporter
        self.cache = cache
        self.name = name
        self.clock = clock
        self.patterns: dict[str, Changes] = {}  # those that were looked at last,
        self.plan: Plan | None = None  # and the plan that was
        self.version = ""  # the resourceVersion, as last read or written
        self.state_written_at = -10.0

    def read(self, item: Json) -> State | None:
        """Return the state in a ConfigMap; one that cannot be read is made anew from the Jobs."""
        try:
            return self._checked(state_of(item))
        except UnreadableError as error:
            text = f"{error}; the state is made anew from the attempts that the Jobs carry"
            self.reporter.warn("state", Say("Warning", "StateUnreadable", text))
            return None

    def _checked(self, state: State | None) -> State | None:
        """Return a state that Jobs can be made from; each text is looked at once."""
        if state and not self._is_known(state):
            check(faults(state["plan"], state["patterns"]), JOBS_KEY)
            check_generation(state["plan"], state["plan"].get("runId"), KEPT_PLAN_KEY)
            self.patterns = state["patterns"]
            self.plan = state["plan"]
        return state

    def _is_known(self, state: State) -> bool:
        """Whether this plan and these patterns were looked at before."""
        return state["patterns"] is self.patterns and state["plan"] is self.plan

    def write(self, item: Json, old: State | None, state: State) -> bool:
        """Write the state unless somebody has written it since it was read.

        Return whether it is written.
        """
        self._complete_evidence(old["evidence"] if old else [], state["evidence"])
        if not old or old["patterns"] != state["patterns"]:
            self._bound_patterns(state)
        content = self._fitted(state)
        try:
            answer = self.api.replace("configmaps", self.name, {**item, **content})
        except ApiError as error:
            if error.status not in (404, 409):
                raise
            return False
        self.version = answer["metadata"]["resourceVersion"]
        self.state_written_at = self.clock()
        return True

    # --- What does not fit ------------------------------------------------------------------------
    def _fitted(self, state: State) -> Json:
        """Return what is written of a state.

        Where it has no room, what the compiler could not know is given up.
        """
        content = stored(state)
        excess = room_taken(content) - ROOM
        if excess <= 0:
            return content
        excess = self._give_up_patterns(state, excess, _packed_size)
        if excess > 0 and state["leftover"]:
            self._give_up_leftover(state)
        return stored(state)

    def _bound_patterns(self, state: State) -> None:
        """Give up patterns that would be too large to be read again, however small when packed."""
        excess = sum(map(_size, state["patterns"].values())) - _PATTERNS
        self._give_up_patterns(state, excess, _size)

    def _give_up_patterns(self, state: State, excess: int, size: Callable[[Changes], int]) -> int:
        """Give up what others have changed, the largest first; return what is still too much."""
        patterns = state["patterns"]
        sizes = {name: size(each) for name, each in patterns.items() if each["patch"]}
        given_up = []
        for name in sorted(sizes, key=lambda name: sizes[name], reverse=True):
            if excess > 0:
                patterns[name] = {"patch": {}}
                given_up.append(name)
                excess -= sizes[name]
        if given_up:
            more = f" and {len(given_up) - 1} more" if given_up[1:] else ""
            text = (
                f"what others have changed in Jobs of {given_up[0]}{more} is too large to be kept"
            )
            self._say_too_large(f"{text}; restarts use the plan's Jobs")
        return excess

    def _give_up_leftover(self, state: State) -> None:
        """Give up what is noted of Jobs that earlier plans have left behind."""
        text = f"{len(state['leftover']):,} Jobs that an earlier plan has left behind"
        self._say_too_large(f"{text} are too many to be noted; delete them")
        state["leftover"] = []

    def _say_too_large(self, text: str) -> None:
        """Tell people what was given up."""
        self.reporter.report_once(Say("Warning", "StateTooLarge", text))

    # --- Evidence ---------------------------------------------------------------------------------
    def _complete_evidence(self, known: list[Json], evidence: list[Json]) -> None:
        """Add to what is new in the evidence which pod has failed, as far as that can be found."""
        end = self.clock() + _LONGEST_SEARCH
        with suppress(ApiError):  # the state must not wait for it
            for entry in evidence:
                if entry not in known and self.clock() < end:
                    entry.update(self._pod_of(entry["job"]))

    def _pod_of(self, job: str) -> Json:
        """Return the pod that made a Job fail, if it is still there."""
        uid = getattr(self.cache.jobs.get(job), "uid", "")
        for pod in self._pods(f"batch.kubernetes.io/controller-uid={uid}"):
            code = _exit_code(pod)
            if code:
                node = pod["spec"].get("nodeName", "")
                return {"pod": pod["metadata"]["name"], "node": node, "exitCode": code}
        return {}

    def _pods(self, labels: str) -> Iterator[Json]:
        """Yield the pods that labels select."""
        for page in self.api.pages("pods", {"labelSelector": labels}):
            yield from page.get("items") or ()


def _size(changes: Changes) -> int:
    """Return the characters of what others have changed."""
    return len(compact(changes))


def _packed_size(changes: Changes) -> int:
    """Return the bytes of what others have changed, as the state holds it."""
    return len(packed(compact(changes))) * 3 // 4  # packed is base64


def _exit_code(pod: Json) -> int:
    """Return the first exit code of a pod's containers that is not 0; else 0."""
    for each in (pod.get("status") or {}).get("containerStatuses") or ():
        terminated = (each.get("state") or {}).get("terminated") or {}
        if terminated.get("exitCode"):
            return int(terminated["exitCode"])
    return 0
