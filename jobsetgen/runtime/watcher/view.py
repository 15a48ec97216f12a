"""What there is: the Jobs and pods as they are seen, and the places that a plan has for them."""

from __future__ import annotations

from typing import NamedTuple

from .contract import (
    ATTEMPT,
    GENERATION,
    JOB_ATTEMPT,
    JOB_INDEX,
    JOBSET,
    MOST_RESTARTS,
    QUEUE,
    REPLICATED_JOB,
    SUSPENDED,
    Changes,
    Json,
    Named,
    Plan,
    Pod,
)
from .formats import mark_of

# The largest resourceVersion that there can be. Longer texts are no numbers of the API's, and very
# long ones raise in int().
_MOST = 2**64 - 1
_DIGITS = len(str(_MOST))


def number(text: str | None, default: int, most: int = _MOST) -> int:
    """Return the number that a text is, or a default where it is none or is larger than any."""
    if text is None or len(text) > _DIGITS or not text.isdecimal():
        return default
    value = int(text)
    return value if value <= most else default


def _is_plan(owner: Json) -> bool:
    """Whether an owner of a Job is a set's plan."""
    return bool(owner["kind"] == "ConfigMap" and owner["name"].endswith("-restart-plan"))


def is_blocking(plan: Plan) -> bool:
    """Whether new pods wait until every old one has ended."""
    policy = plan["failurePolicy"]
    return bool(policy and policy["restartStrategy"] == "BlockingRecreate")


_ENDS = ("Failed", "FailureTarget", "Complete")  # conditions, in the order in which they count


class Job:
    """What matters of a live Job. Kept small: there may be 100,000."""

    __slots__ = (
        "active",
        "complete",
        "deadline",
        "end",
        "failed",
        "failing",
        "finished",
        "generation",
        "held",
        "index",
        "is_labelled",
        "made_alone",
        "made_attempt",
        "mark",
        "message",
        "name",
        "others",
        "plans",
        "queued",
        "ready",
        "reason",
        "replicated_job",
        "suspended",
        "terminating",
        "ttl",
        "uid",
    )

    def __init__(self, item: Json) -> None:
        """Read a Job as the API has it."""
        meta = item["metadata"]
        labels = meta.get("labels") or {}
        self._read_place(meta, labels)
        self._read_making(item["spec"], labels)
        self._read_owners(meta)
        self._read_spec(item["spec"])
        self.held = SUSPENDED in (meta.get("annotations") or {})
        self.terminating = "deletionTimestamp" in meta
        self._read_status(item.get("status") or {})

    def _read_place(self, meta: Json, labels: Json) -> None:
        """Read which Job this is: by its name, as anybody may label a Job of their own."""
        self.name: str = meta["name"]
        self.uid: str = meta["uid"]
        self.mark = mark_of(self.uid)
        self.replicated_job, self.index = place_of(labels.get(JOBSET, ""), self.name)
        labelled = labels.get(REPLICATED_JOB), labels.get(JOB_INDEX)
        # Whether it says itself whose it is.
        self.is_labelled = labelled == (self.replicated_job, str(self.index))

    def _read_making(self, spec: Json, labels: Json) -> None:
        """Read of which generation and attempt a Job was made."""
        pods = spec["template"].get("metadata") or {}
        self.generation: str = (pods.get("annotations") or {}).get(GENERATION, "")
        self.made_attempt = number(labels.get(ATTEMPT), -1, MOST_RESTARTS)  # -1: by no watcher
        self.made_alone = number(labels.get(JOB_ATTEMPT), 0, MOST_RESTARTS)  # restarts alone
        self.queued = bool(labels.get(QUEUE))

    def _read_owners(self, meta: Json) -> None:
        """Read the UIDs of the plans that own a Job, and its other owners."""
        owners = meta.get("ownerReferences") or []
        self.others: list[Json] = [each for each in owners if not _is_plan(each)]
        self.plans: tuple[str, ...] = tuple(each["uid"] for each in owners if _is_plan(each))

    def _read_spec(self, spec: Json) -> None:
        """Read what may change in a Job's spec."""
        self.suspended = bool(spec.get("suspend"))
        self.deadline: int | None = spec.get("activeDeadlineSeconds")
        self.ttl: int | None = spec.get("ttlSecondsAfterFinished")

    def _read_status(self, status: Json) -> None:
        """Read how far a Job is. One that has decided to fail is failing, and fails later."""
        conditions = status.get("conditions") or ()
        true = {each["type"]: each for each in conditions if each["status"] == "True"}
        self.complete = "Complete" in true
        self.failed = "Failed" in true
        self.finished = self.complete or self.failed
        self.failing = self.failed or "FailureTarget" in true
        self.active: int = status.get("active", 0)
        self.ready: int = status.get("ready", 0) + status.get("succeeded", 0)
        ends = [true[kind] for kind in _ENDS if kind in true]
        self._read_end(ends[0] if ends else {})

    def _read_end(self, condition: Json) -> None:
        """Read when and why a Job has ended, or decided to fail."""
        # By the API server's clock, and so comparable.
        self.end: str = condition.get("lastTransitionTime") or ""
        self.reason: str = condition.get("reason") or ""
        self.message: str = condition.get("message") or ""


def live_pod(item: Json) -> Pod | None:
    """Return a pod as the API has it, None where it has ended."""
    if (item.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
        return None
    meta = item["metadata"]
    job, job_mark = _job_of(meta)
    gates = () if "deletionTimestamp" in meta else _gates(item["spec"])
    return Pod(meta["name"], meta["uid"], job, job_mark, gates)


def _gates(spec: Json) -> tuple[str, ...]:
    """Return the names of a pod's scheduling gates."""
    return tuple(each["name"] for each in spec.get("schedulingGates") or ())


def _job_of(meta: Json) -> tuple[str, str]:
    """Return name and mark of the Job that owns a pod; empty where none does."""
    for each in meta.get("ownerReferences") or ():
        if each["kind"] == "Job":
            return each["name"], mark_of(each["uid"])
    return "", ""


class Seen(NamedTuple):
    """Everything that a decision is made from, beside the state.

    `now` is in seconds, by a clock that is never set.
    """

    plan: Plan  # as Git has it now
    plan_uid: str
    jobs: dict[str, Job]
    now: float
    time: str = ""  # the wall clock, for people to read
    pods: tuple[Pod, ...] = ()  # in sets with gates
    offered_since: float = 0.0  # when the plan's generation was first seen
    running_since: float = 0.0  # when the first Job of the plan's generation was seen
    # A generation that was tried, and what the API said against it.
    trial: tuple[str, str] | None = None
    # What the live Jobs have beyond the plan, by replicatedJob.
    patterns: dict[str, Changes] | None = None
    # Plural and object of a Service or claims that are gone.
    missing: tuple[tuple[str, Named], ...] = ()
    # Marks of Jobs that have been owned by the plan for a while.
    grown: frozenset[str] = frozenset()


# --- Places ---------------------------------------------------------------------------------------
def job_name(plan: Plan, replicated_job: str, index: int) -> str:
    """Return the name of a Job."""
    return f"{plan['jobset']}-{replicated_job}-{index}"


def place_of(jobset: str, name: str) -> tuple[str, int]:
    """Return the replicatedJob and the index in a Job's name.

    ("", -1) where the name is not one of the set's.
    """
    stem, _, digits = name.rpartition("-")
    prefix = f"{jobset}-"
    if not stem.startswith(prefix) or not digits.isdecimal() or digits != str(int(digits)):
        return "", -1
    return stem[len(prefix) :], int(digits)


class Places:
    """The Jobs that plans have, by replicatedJob and index."""

    def __init__(self, *plans: Plan) -> None:
        """Take the larger number where plans differ in their replicas."""
        self.plans = plans
        self.replicas: dict[str, int] = {}
        for plan in plans:
            for each in plan["replicatedJobs"]:
                known = self.replicas.get(each["name"], 0)
                self.replicas[each["name"]] = max(each["replicas"], known)

    def has(self, job: Job) -> bool:
        """Whether a Job has exactly the name of one of these."""
        return 0 <= job.index < self.replicas.get(job.replicated_job, 0)

    def has_name(self, name: str) -> bool:
        """Whether one of these has exactly this name."""
        replicated_job, index = place_of(self.plans[0]["jobset"], name)
        return 0 <= index < self.replicas.get(replicated_job, 0)
