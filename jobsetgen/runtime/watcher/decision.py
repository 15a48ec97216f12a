"""One decision in the making: what is noted, what is seen, and what is to be done about it."""

from __future__ import annotations

from .contract import GRACE, STATE_FORMATS, Action, Counts, Dependency, Mark, Say, State
from .generations import Run
from .ownership import is_outdated
from .view import Job, Places, Seen


class Decision:
    """What the parts of one pass work on; nothing outlives it but its result."""

    def __init__(self, run: Run, seen: Seen) -> None:
        """Begin with the state of a run."""
        self.seen = seen
        self.state = run.state
        self.state["format"] = STATE_FORMATS[-1]
        self.plan = self.state["plan"]
        self.actions: list[Action] = list(run.actions)
        self.may_create = run.may_create
        self.awaits = run.awaits
        self.is_blocked = False  # whether new pods wait for old ones
        self.by_name = {each["name"]: each for each in self.plan["replicatedJobs"]}
        self.places = Places(self.plan)
        self.is_settled = self._is_settled()
        self._read_marks()
        self._read_applied()
        self.grouped: dict[str, list[Job]] = {}
        self.current: list[Job] = []
        self.counts: dict[str, Counts] = {}

    def _is_settled(self) -> bool:
        """Whether the tool has had its time to bring every Job of this generation."""
        if not self.offers_this_generation():
            return False
        return self.seen.now - self.seen.running_since >= GRACE

    def _read_marks(self) -> None:
        """Read the notes about Jobs. A note holds until the Job and its pods are gone."""
        self.live = {job.mark for job in self.seen.jobs.values()}
        there = self.live | {pod.job_mark for pod in self.seen.pods}
        self.previous = self._noted("previous", there)
        self.released = self._noted("released", there)
        self.ended = self._noted("ended", there)
        self.stale = self._noted("stale", there)
        self.leftover = self._noted("leftover", there)

    def _noted(self, kind: Mark, there: set[str]) -> set[str]:
        """Return what is noted of what is there."""
        return set(self.state[kind]) & there

    def _read_applied(self) -> None:
        """Read which Jobs were ever there, as bits."""
        bits = self.state["applied"]
        self.applied: dict[str, int] = {}
        for name, each in self.by_name.items():
            places = (1 << each["replicas"]) - 1  # a state that was changed may have any bits
            self.applied[name] = int(bits.get(name, "0"), 16) & places

    # What the parts ask and say

    def say(self, kind: str, reason: str, message: str) -> None:
        """Tell people something."""
        self.actions.append(Say(kind, reason, message))

    def is_outdated(self, job: Job) -> bool:
        """Whether, with `jobs: watcher`, a Job is not of the attempt or the plan that runs."""
        return is_outdated(job, self.state, self.places, self.seen.plan_uid)

    def offers_this_generation(self) -> bool:
        """Whether the plan that Git has is of the generation that runs."""
        return self.seen.plan["generation"] == self.state["generation"]

    # Counting

    def count(self) -> None:
        """Group the Jobs of this attempt by replicatedJob, and count them."""
        self.grouped = {name: [] for name in self.by_name}
        for job in self.seen.jobs.values():
            if self._is_current(job):
                self.grouped[job.replicated_job].append(job)
        self.current = [job for jobs in self.grouped.values() for job in jobs]
        self.counts = {name: self._counts_of(name) for name in self.by_name}

    def _is_current(self, job: Job) -> bool:
        """Whether a Job is of this attempt, whatever its labels say of attempts."""
        if job.mark in self.previous or job.generation != self.state["generation"]:
            return False
        return self.places.has(job)

    def _counts_of(self, replicated_job: str) -> Counts:
        """Return the counts of a replicatedJob, as in a JobSet's status."""
        pods = self.by_name[replicated_job]["pods"]
        jobs = self.grouped[replicated_job]
        running = [job for job in jobs if not job.finished]
        return {
            "active": sum(job.active > 0 for job in running),
            "ready": sum(job.ready >= pods for job in running),
            "succeeded": sum(job.complete for job in jobs),
            "failed": sum(job.failed for job in jobs),
            "suspended": sum(job.suspended for job in running),
        }

    def is_started(self, replicated_job: str) -> bool:
        """Whether every Job of a replicatedJob is ready or has ended."""
        counts = self.counts[replicated_job]
        started = counts["failed"] + counts["ready"] + counts["succeeded"]
        return started == self.by_name[replicated_job]["replicas"]

    def is_met(self, dependency: Dependency) -> bool:
        """Whether what a replicatedJob waits for is so."""
        name = dependency["name"]
        if dependency["status"] == "Ready":
            return self.is_started(name)
        return self.counts[name]["succeeded"] == self.by_name[name]["replicas"]

    def has_succeeded(self) -> bool:
        """Whether the success policy is met."""
        policy = self.plan["successPolicy"]
        targets = policy["targets"] or list(self.by_name)
        succeeded = sum(self.counts[name]["succeeded"] for name in targets)
        enough = 1
        if policy["operator"] != "Any":
            enough = sum(self.by_name[name]["replicas"] for name in targets)
        return succeeded >= enough and any(job.complete for job in self.current)

    # The result

    def written(self) -> State:
        """Return the state with everything that this pass has found."""
        self.state["attemptShown"] = self.state["attemptShown"] or not self.previous
        self.state["counts"] = self.counts
        self._write_marks()
        return self.state

    def _write_marks(self) -> None:
        """Note each Job in one list at most.

        A Job that is to be replaced is in no other list.
        """
        told = {job.mark for job in self.seen.jobs.values() if self._labels_tell(job)}
        self.state["previous"] = sorted(self.previous - told)
        noted = set(self.previous)
        others: dict[Mark, set[str]] = {
            "released": self.released,
            "ended": self.ended,
            "stale": self.stale,
            "leftover": self.leftover,
        }
        for kind, marks in others.items():
            self.state[kind] = sorted(marks - noted)
            noted |= marks

    def _labels_tell(self, job: Job) -> bool:
        """Whether the labels of a Job say that it is to be replaced, so its UID need not be kept.

        With `jobs: watcher` a watcher has made every Job that the plan owns, and written its
        attempts on it. With `jobs: git` a tool may have put a Job back, and a Job with another UID
        is current whatever its labels.
        """
        is_ours = self.plan["jobs"] == "watcher" and self.seen.plan_uid in job.plans
        return is_ours and self.is_outdated(job)
