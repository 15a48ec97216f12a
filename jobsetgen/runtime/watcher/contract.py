"""What is agreed: the names on objects, the plan, the state, and the actions.

The plan is written by the compiler and only read here. The state is written by the watcher alone.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypedDict, Union

Json = dict[str, Any]

# A plan or a state of a format that is not listed here is refused without acting.
PLAN_FORMATS = (1,)
STATE_FORMATS = (1, 2)  # the last one is written

# --- Labels, annotations and gates ----------------------------------------------------------------
GATE = "jobsetgen.io/startup"
GENERATION = "jobsetgen.io/generation"
ENDED = "jobsetgen.io/ended"  # on Jobs that were suspended because the set is over
SUSPENDED = "jobsetgen.io/suspended"  # on Jobs that were made while the set was suspended
JOBSET = "jobset.sigs.k8s.io/jobset-name"
REPLICATED_JOB = "jobset.sigs.k8s.io/replicatedjob-name"
JOB_INDEX = "jobset.sigs.k8s.io/job-index"
ATTEMPT = "jobset.sigs.k8s.io/restart-attempt"
JOB_ATTEMPT = "jobset.sigs.k8s.io/job-restart-attempt"
KUEUE = "kueue.x-k8s.io/"
QUEUE = "kueue.x-k8s.io/queue-name"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
MANAGER = "jobsetgen-restart-watcher"

IN_FLIGHT = 50  # requests at once

# --- Seconds --------------------------------------------------------------------------------------
GRACE = 60.0  # a new generation may be late by so many
PATIENCE = 5.0  # new Jobs wait so long for old ones,
A_JOB = 0.06  # or so long for each Job of the set, where that is more
INTERVAL = 600.0  # between two reports of the same kind


# --- The plan -------------------------------------------------------------------------------------
class Dependency(TypedDict):
    """A replicatedJob that another one waits for."""

    name: str
    status: str  # Ready or Complete


class ReplicatedJob(TypedDict):
    """One replicatedJob of a plan."""

    name: str
    replicas: int
    pods: int  # of each of its Jobs
    dependsOn: list[Dependency]
    gated: bool  # whether its pods have our gate
    activeDeadlineSeconds: int | None
    firstGlobalIndex: int
    firstGroupIndex: int
    domains: list[str]
    job: Json  # the template of its Jobs, with slots for what differs between them


class Rule(TypedDict):
    """A rule of a failurePolicy. What it does not ask for is empty."""

    name: str
    action: str
    reasons: list[str]
    patterns: list[str]
    targets: list[str]


class FailurePolicy(TypedDict):
    """The failurePolicy of a set."""

    maxRestarts: int
    restartStrategy: str
    rules: list[Rule]


class SuccessPolicy(TypedDict):
    """The successPolicy of a set; no targets means every replicatedJob."""

    operator: str
    targets: list[str]


class Claim(TypedDict):
    """A PersistentVolumeClaim of a set."""

    retain: bool
    object: Json


class Plan(TypedDict):
    """What a set asks for, as `plan.json` of its ConfigMap."""

    format: int
    jobset: str
    namespace: str
    generation: str  # a hash of everything that cannot change in place
    jobs: str  # who makes them: git or watcher
    ending: str  # what happens to Jobs when the set is over: suspend or delete
    updatePolicy: str
    suspend: bool
    successPolicy: SuccessPolicy
    failurePolicy: FailurePolicy | None
    startupOrder: str
    ttlSecondsAfterFinished: int | None
    readsAttempt: bool  # whether pods read the attempt from the state's ConfigMap
    replicatedJobs: list[ReplicatedJob]
    service: Json | None
    claims: list[Claim]


# --- The state ------------------------------------------------------------------------------------
Mark = Literal["previous", "released", "ended", "stale", "leftover"]
MARKED: tuple[Mark, ...] = ("previous", "released", "ended", "stale", "leftover")


class Terminal(TypedDict):
    """How a set has ended, and why."""

    type: str  # Completed or Failed
    reason: str
    message: str
    time: str


class State(TypedDict):
    """What a watcher has decided so far. Where a Job is noted it is by a mark of its UID."""

    format: int
    generation: str
    planUid: str
    plan: Plan  # of the generation that runs
    restarts: int
    countedRestarts: int  # those that count towards maxRestarts
    jobRestarts: dict[str, list[int]]  # of Jobs alone: all, and those that count
    terminal: Terminal | None
    counts: dict[str, dict[str, int]]  # by replicatedJob
    evidence: list[Json]  # the failures that were acted upon
    previous: list[str]  # Jobs that are to be replaced
    released: list[str]  # Jobs whose pods have no gate any more
    ended: list[str]  # Jobs that were suspended because the set is over
    stale: list[str]  # such Jobs of the run before
    leftover: list[str]  # Jobs of earlier plans, which no plan names any more
    attemptShown: bool  # whether pods may read the attempt
    applied: dict[str, str]  # which Jobs were ever there: bits in hex, by replicatedJob
    patterns: dict[str, Json]  # what live Jobs have beyond the plan, by replicatedJob


# --- The actions ----------------------------------------------------------------------------------
class Delete(NamedTuple):
    """Delete a Job, and its pods first."""

    name: str
    uid: str


class Patch(NamedTuple):
    """Merge something into a Job."""

    name: str
    uid: str
    body: Json


class Create(NamedTuple):
    """Create a Job of the plan."""

    replicated_job: str
    job_index: int
    mark: str  # the annotation that says why it is suspended; empty where it is not


class Restore(NamedTuple):
    """Create a Service or a claim that is gone."""

    plural: str
    item: Json


class Pod(NamedTuple):
    """What matters of a live pod: whose it is, and what holds it back."""

    name: str
    uid: str
    job: str
    job_mark: str
    gates: tuple[str, ...]


class Release(NamedTuple):
    """Take our gate off a pod."""

    pod: Pod


class Say(NamedTuple):
    """Tell people, by an Event and in the log."""

    kind: str  # Normal or Warning
    reason: str
    message: str


class Try(NamedTuple):
    """Ask the API whether it would take the Jobs of a generation."""

    generation: str


class Leave(NamedTuple):
    """End this watcher's own Job, as the set has ended."""

    completed: bool


Action = Union[Delete, Patch, Create, Restore, Release, Say, Try, Leave]
