"""What is agreed: the names on objects, the plan, the state, and the actions.

The plan is written by the compiler and only read here. The state is written by the watcher alone.
`shape` holds what was read to these types, so they are written as CPython 3.9 can evaluate them.
schemas/restart-plan-*.json and restart-state-*.json say the same of the formats, for everybody.
"""

import re
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple, Optional, TypedDict, Union

Json = dict[str, Any]

# A plan or a state of a format that is not listed here is refused without acting.
PLAN_FORMATS = (1, 2)
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
MOST_RESTARTS = 2**31 - 1  # that are counted, as in a JobSet's status
MOST_JOBS = 1_000_000  # of a plan; more would not fit into memory

# --- Seconds --------------------------------------------------------------------------------------
GRACE = 60.0  # that the Jobs of a new plan may come after the plan
PATIENCE = 5.0  # that new Jobs wait for old ones,
A_JOB = 0.06  # or this for each Job of the set, where that is more
INTERVAL = 600.0  # between two reports of Jobs that are not of the set


# --- What a number or a text must be beyond its type ----------------------------------------------
class Least(NamedTuple):
    """The least that a number may be."""

    number: int


Count = Annotated[int, Least(0)]
Bits = Annotated[str, re.compile("[0-9a-f]+")]
Marks = Annotated[str, re.compile("([0-9A-Za-z_-]{11})*")]
Expression = Annotated[str, partial(re.compile, flags=re.ASCII)]
CharacterClass = Annotated[str, re.compile("([0-9a-f]{1,6}(-[0-9a-f]{1,6})?( |$))*")]
Code = Annotated[str, re.compile("(([>|]?[0-9]{1,5}|[AzbB^$])( |$))*")]


# --- The plan -------------------------------------------------------------------------------------
class Dependency(TypedDict):
    """A replicatedJob that another one waits for."""

    name: str
    status: Literal["Ready", "Complete"]


class JobSpec(TypedDict):
    """The spec of a Job, as far as the watcher reads it."""

    template: Json


class JobTemplate(TypedDict):
    """A Job, with slots for what differs from one to the next."""

    metadata: Json
    spec: JobSpec


class ReplicatedJob(TypedDict):
    """One replicatedJob of a plan."""

    name: str
    replicas: Count
    pods: Count  # of each of its Jobs
    dependsOn: list[Dependency]
    gated: bool  # whether its pods have our gate
    activeDeadlineSeconds: Optional[int]
    firstGlobalIndex: Count
    firstGroupIndex: Count
    domains: list[str]  # one for each Job, or none
    job: JobTemplate


class Program(TypedDict):
    """A compiled pattern. Behind its last instruction, it has matched."""

    literal: str  # that every match contains; it may be empty
    classes: list[CharacterClass]  # code points, such as "30-39 5f"
    # Of a class to take a character of; >7 to go on at 7; |7 to go on at the next and at 7; a place
    # as RE2 has it: A z b B, and with the flag m ^ $.
    code: Code


class Programs(TypedDict, total=False):
    """What only a plan of format 2 has."""

    programs: list[Program]  # patterns that Python's re could search for too long


class Rule(Programs):
    """A rule of a failurePolicy. What it does not ask for is empty."""

    name: str
    action: Literal[
        "FailJobSet",
        "RestartJobSet",
        "RestartJobSetAndIgnoreMaxRestarts",
        "RestartJob",
        "RestartJobAndIgnoreMaxRestarts",
    ]
    reasons: list[str]
    patterns: list[Expression]
    targets: list[str]


class FailurePolicy(TypedDict):
    """The failurePolicy of a set."""

    maxRestarts: int  # below 0 none is allowed, as with 0
    restartStrategy: Literal["Recreate", "BlockingRecreate"]
    rules: list[Rule]


class SuccessPolicy(TypedDict):
    """The successPolicy of a set; no targets means every replicatedJob."""

    operator: Literal["All", "Any"]
    targets: list[str]


class Name(TypedDict):
    """The metadata of an object, as far as the watcher reads it."""

    name: str


class Named(TypedDict):
    """An object that is created as it is."""

    metadata: Name


class Claim(TypedDict):
    """A PersistentVolumeClaim of a set."""

    retain: bool
    object: Named


class LaterFields(TypedDict, total=False):
    """What only some plans have."""

    runId: str  # that is hashed into the generation; without it, nobody can recompute that
    carriedFields: list[str]  # that restarts keep as others have changed them, beside the usual


class Plan(LaterFields):
    """What a set asks for, as `plan.json` of its ConfigMap."""

    format: int
    jobset: str
    namespace: str
    generation: str  # a hash of everything that cannot change in place
    jobs: Literal["git", "watcher"]  # who makes them
    ending: Literal["suspend", "delete"]  # what happens to Jobs when the set is over
    updatePolicy: Literal["Recreate", "OnRestart", "Block"]
    suspend: bool
    successPolicy: SuccessPolicy
    failurePolicy: Optional[FailurePolicy]
    startupOrder: Literal["AnyOrder", "InOrder"]
    ttlSecondsAfterFinished: Optional[int]
    readsAttempt: bool  # whether pods read the attempt from the state's ConfigMap
    replicatedJobs: list[ReplicatedJob]
    service: Optional[Named]
    claims: list[Claim]


# --- The state ------------------------------------------------------------------------------------
Mark = Literal["previous", "released", "ended", "stale", "leftover"]
MARKED: tuple[Mark, ...] = ("previous", "released", "ended", "stale", "leftover")


Outcome = Literal["Completed", "Failed"]


class Terminal(TypedDict):
    """How a set has ended, and why."""

    type: Outcome
    reason: str
    message: str
    time: str


class Counts(TypedDict):
    """How many Jobs of a replicatedJob are what, as in a JobSet's status."""

    active: Count
    ready: Count
    succeeded: Count
    failed: Count
    suspended: Count


class Changes(TypedDict):
    """What live Jobs of a replicatedJob have beyond the plan, as a merge patch with slots."""

    patch: Json


class Summary(TypedDict):
    """What people read of a state, as `state.json` of its ConfigMap."""

    format: int
    generation: str
    planUid: str
    restarts: Count
    countedRestarts: Count  # those that count towards maxRestarts
    terminal: Optional[Terminal]
    counts: dict[str, Counts]  # by replicatedJob
    evidence: list[Json]  # the failures that were acted upon
    attemptShown: bool  # whether pods may read the attempt


class State(Summary):
    """What a watcher has decided so far. Where a Job is noted it is by a mark of its UID."""

    plan: Plan  # of the generation that runs
    jobRestarts: dict[str, list[int]]  # of Jobs alone: all, and those that count
    previous: list[str]  # Jobs that are to be replaced
    released: list[str]  # Jobs whose pods have no gate any more
    ended: list[str]  # Jobs that were suspended because the set is over
    stale: list[str]  # such Jobs of the run before
    leftover: list[str]  # Jobs of earlier plans, which no plan names any more
    applied: dict[str, str]  # which Jobs were ever there: bits in hex, by replicatedJob
    patterns: dict[str, Changes]  # by replicatedJob


class OfJobs(TypedDict):
    """What a state says of single Jobs, as `jobs.json.gz` of its ConfigMap; marks are joined."""

    previous: Marks
    released: Marks
    ended: Marks
    stale: Marks
    leftover: Marks
    applied: dict[str, Bits]
    jobRestarts: dict[str, tuple[Count, Count]]
    patterns: dict[str, Changes]


class Uids(TypedDict, total=False):
    """The Jobs that a state of format 1 noted. Early ones did not note all of it."""

    previous: list[str]
    released: list[str]
    ended: list[str]
    stale: list[str]


class StateOfFormat1(Summary, Uids):
    """A state of format 1, as `state.json` of its ConfigMap."""

    applied: dict[str, Bits]
    jobRestarts: dict[str, tuple[Count, Count]]
    patterns: dict[str, Changes]


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
    item: Named


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
