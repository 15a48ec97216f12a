"""Looking: what a decision is made from, and what only the API can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .api import Api
from .contract import (
    GRACE,
    INTERVAL,
    MARKED,
    Changes,
    Json,
    Named,
    Plan,
    Pod,
    ReplicatedJob,
    Say,
    State,
)
from .events import Reporter
from .formats import mark_of
from .log import now
from .ownership import is_of_the_set, is_pod_of_the_set, left_in_format_1, report_of
from .pattern import pattern_of
from .stamp import fill, slots
from .trials import Trials
from .view import Job, Places, Seen, job_name

_FIELDS_TOLD = 5
_GENERATIONS_KEPT = 100  # moments, so that they do not grow with each plan

Clock = Callable[[], float]
Trial = tuple[str, str]
Live = tuple[dict[str, Job], tuple[Pod, ...]]


class Observer:
    """Looks at a set for one watcher, and remembers since when things have been so."""

    def __init__(self, api: Api, reporter: Reporter, clock: Clock) -> None:
        """Remember nothing yet."""
        self.api = api
        self.reporter = reporter
        self.clock = clock
        self.trials = Trials(api, clock)
        self.first_seen: dict[str, float] = {}
        # When a Job, by its mark, was first seen to be owned by the plan.
        self.owned_since: dict[str, float] = {}
        self.strangers_reported_at = float("-inf")

    def observe(
        self,
        state: State | None,
        plan: Plan,
        plan_uid: str,
        live: Live,
        trial: Trial | None,
    ) -> Seen:
        """Return what is seen of a set.

        `plan` is the one that Git has, `live` what has the set's label, `trial` what came of trying
        a generation.
        """
        at = self.clock()
        time = now()
        mine, pods = self._of_the_set(state, plan, plan_uid, live)
        offered_since, running_since = self._since(plan["generation"], mine, at)
        patterns = dict(self._patterns(state, plan, mine)) if plan["jobs"] == "git" else {}
        return Seen(
            plan=plan,
            plan_uid=plan_uid,
            jobs=mine,
            now=at,
            time=time,
            pods=pods,
            offered_since=offered_since,
            running_since=running_since,
            trial=trial,
            patterns=patterns,
            missing=tuple(self._missing(plan)),
            grown=self._grown(at),
        )

    # --- Whose Jobs and pods ----------------------------------------------------------------------
    def _of_the_set(
        self, state: State | None, plan: Plan, plan_uid: str, live: Live
    ) -> tuple[dict[str, Job], tuple[Pod, ...]]:
        """Return the Jobs and pods of the set, and report others that have its label."""
        jobs, pods = live
        places = Places(plan, state["plan"] if state else plan)
        plan_uids = {plan_uid, state["planUid"] if state else plan_uid}
        noted = _noted(state, jobs.values(), places)
        mine: dict[str, Job] = {}
        strangers: list[Job] = []
        for name, job in jobs.items():
            if is_of_the_set(job, places, plan_uids, noted):
                mine[name] = job
            else:
                strangers.append(job)
        self._report(strangers, plan)
        self._note_owned(mine.values(), places)
        strange = {job.mark for job in strangers}
        known = [pod for pod in pods if pod.job_mark not in strange]
        return mine, tuple(pod for pod in known if is_pod_of_the_set(pod, places, noted))

    def _report(self, strangers: list[Job], plan: Plan) -> None:
        """Tell people of strangers now and then."""
        if not strangers or self.clock() < self.strangers_reported_at + INTERVAL:
            return
        self.strangers_reported_at = self.clock()
        strangers.sort(key=lambda job: job.name)
        self.reporter.report(report_of(strangers, plan))

    # --- Since when -------------------------------------------------------------------------------
    def _since(self, generation: str, mine: dict[str, Job], at: float) -> tuple[float, float]:
        """Return when a generation was first offered, and when the first of its Jobs was seen."""
        offered = self._first_seen("plan", generation, at)
        if all(job.generation != generation for job in mine.values()):
            return offered, at
        return offered, self._first_seen("jobs", generation, at)

    def _first_seen(self, what: str, generation: str, at: float) -> float:
        """Return when something was first seen of a generation; the last ones are kept."""
        key = f"{what} {mark_of(generation)}"
        since = self.first_seen.pop(key, at)
        self.first_seen[key] = since  # as the last one
        if len(self.first_seen) > _GENERATIONS_KEPT:
            del self.first_seen[next(iter(self.first_seen))]
        return since

    def _note_owned(self, jobs: Iterable[Job], places: Places) -> None:
        """Note since when a plan has owned Jobs that are Git's."""
        is_git = any(plan["jobs"] == "git" for plan in places.plans)
        owned = [job.mark for job in jobs if job.plans and is_git]
        self.owned_since = {mark: self.owned_since.get(mark, self.clock()) for mark in owned}

    def _grown(self, at: float) -> frozenset[str]:
        """Return the marks of Jobs that have been owned by the plan for a while."""
        owned = self.owned_since.items()
        return frozenset(mark for mark, since in owned if at - since >= GRACE / 2)

    # --- What others have made of the Jobs --------------------------------------------------------
    def _patterns(
        self, state: State | None, plan: Plan, jobs: dict[str, Job]
    ) -> Iterator[tuple[str, Changes]]:
        """Yield what the Jobs of Git have beyond the plan.

        That is looked at once in a run: later plans decide for themselves.
        """
        known: dict[str, Changes] = {}
        if state and state["generation"] == plan["generation"]:
            known = state["patterns"]
        for each in plan["replicatedJobs"]:
            live = None if each["name"] in known else self._sample(plan, each, jobs)
            if live:
                yield each["name"], {"patch": self._pattern(plan, each, live)}

    def _sample(self, plan: Plan, each: ReplicatedJob, jobs: dict[str, Job]) -> Json | None:
        """Return a live Job of a replicatedJob as the GitOps tool made it for this plan."""
        names = (job_name(plan, each["name"], index) for index in range(each["replicas"]))
        named = [jobs[name] for name in names if name in jobs]
        made = [job for job in named if _is_made_by_a_tool(job, plan)]
        if not made:
            return None
        job = next((job for job in made if not job.terminating), made[0])
        item = self.api.find("jobs", job.name)
        return item if item and item["metadata"]["uid"] == job.uid else None

    def _pattern(self, plan: Plan, each: ReplicatedJob, live: Json) -> Json:
        """Return what a live Job has beyond the plan, and say so where that is in its spec."""
        planned = fill(each["job"], slots(plan, each, Job(live).index))
        stored, _ = self.trials.dry_run(planned)
        if self.trials.is_given_up():
            self.reporter.report_once(_not_compared(each, self.trials.trouble))
        # Where the API will not say how it would store the plan's Job, only metadata is compared.
        expected = stored or {"metadata": planned["metadata"], "spec": live["spec"]}
        patch, left_out = pattern_of(plan, each, live, expected)
        if "spec" in patch:
            fields = ", ".join(sorted(patch["spec"]))
            text = f"Jobs of {each['name']} differ from the plan in {fields}"
            self.reporter.report_once(Say("Normal", "Differs", f"{text}; restarts keep to that"))
        if left_out:
            self.reporter.report_once(_not_carried(each, left_out))
        return patch

    # --- What is gone -----------------------------------------------------------------------------
    def _missing(self, plan: Plan) -> Iterator[tuple[str, Named]]:
        """Yield a Service and claims of the plan that are gone, each with its plural."""
        wanted = [("persistentvolumeclaims", each["object"]) for each in plan["claims"]]
        if plan["service"]:
            wanted.insert(0, ("services", plan["service"]))
        for plural, item in wanted:
            if self.api.find(plural, item["metadata"]["name"]) is None:
                yield plural, item


def _not_carried(each: ReplicatedJob, left_out: list[str]) -> Say:
    """Return what is said of fields in which restarts do not keep to what others have changed."""
    fields = ", ".join(dict.fromkeys(left_out[:_FIELDS_TOLD]))
    more = len(left_out) - _FIELDS_TOLD
    if more > 0:
        fields += f" and {more:,} more"
    text = f"Jobs of {each['name']} differ from the plan in {fields}; restarts use the plan's"
    return Say("Warning", "NotCarried", f"{text}. watcher.carriedFields can allow them")


def _not_compared(each: ReplicatedJob, trouble: str) -> Say:
    """Return what is said where the API never says how it would store the plan's Job."""
    text = f"Jobs of {each['name']} cannot be compared with the plan in their spec: {trouble}"
    return Say("Warning", "NotCompared", f"{text}; restarts use the plan's")


def _noted(state: State | None, jobs: Iterable[Job], places: Places) -> set[str]:
    """Return the marks of all that a state notes; one of format 1 is told what it left first."""
    if not state:
        return set()
    if state["format"] == 1:
        state["leftover"] = left_in_format_1(state, jobs, places)
    return {mark for kind in MARKED for mark in state[kind]}


def _is_made_by_a_tool(job: Job, plan: Plan) -> bool:
    """Whether a Job of this plan was made by no watcher."""
    return job.made_attempt < 0 and job.generation == plan["generation"]
