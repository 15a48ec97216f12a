"""Consequences of changes to the Jobs of a set that stays."""

from __future__ import annotations

from jobsetgen.diff.contexts import (
    EVERY,
    GIT,
    GIT_BLOCK,
    GIT_RECREATE,
    TOOLS,
    WATCHER,
    WATCHER_BLOCK,
    WATCHER_ON_RESTART,
    WATCHER_RECREATE,
    contexts,
)
from jobsetgen.diff.row_sources import (
    EFFECTS,
    JOB_UPDATE,
    LIMITS,
    QUEUED_GIT_TEST,
    QUEUED_WATCHER_TEST,
    QUEUES,
    WHO_CREATES,
)
from jobsetgen.diff.rows import Row

JOBS, RUN, BLOCKED_TOO = "jobs-changed", "run-changed", "jobs-changed-with-block"
RESPELLED, EDITED = "jobs-respelled", "job-edited"
REFUSED_JOBS = "jobs-changed-and-refused"
SUSPENDED, RESUMED = "suspended", "resumed"
QUEUED_SUSPENDED, QUEUED_RESUMED = "queued-and-suspended", "queued-and-resumed"
EMPTIED, EMPTIED_BESIDE = "jobs-removed", "jobs-removed-beside-watcher"
STOPPED, DEADLINE = "parallelism-zero", "deadline-lowered"
NAMES = "jobs-renamed"
PLAN = "plan-edited"
LIMITS_OF_JOBS, JOB_METADATA = "job-limits-changed", "job-metadata-changed"

_WHEN_JOBS = "an immutable field of a Job, or the number of Jobs, changes"
STARTS_OVER = (
    "a running set restarts from its own checkpoint, if it saves one, and its restart counters"
    " are reset; a finished set runs again; a suspended set takes the new spec"
)
FINISHED_WITHOUT_TOOL = (
    "a finished set runs again only if the watcher's Job is deleted before applying, because kubectl"
    " apply cannot replace it"
)

ROWS = (
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([GIT_RECREATE], TOOLS),
        id="recreates",
        sentence=f"Recreates {{jobs}} when applied, by updatePolicy Recreate: {STARTS_OVER}",
        source=EFFECTS,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([GIT_RECREATE], ["none"]),
        id="sync-fails",
        sentence=(
            "kubectl apply fails for {jobs}: a Job's template is immutable. A running set continues"
            " with the old spec; to start it over with the new one, delete its Jobs before applying"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([GIT_BLOCK]),
        id="sync-fails",
        sentence=(
            "The sync fails for {jobs}: a Job's template is immutable, and updatePolicy Block"
            " replaces no Job. A running set continues with the old spec; to replace its Jobs, first"
            " set updatePolicy Recreate"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_RECREATE], TOOLS),
        id="recreates",
        sentence=(
            "Recreates {jobs} once the watcher has asked the API server, which may refuse the new"
            f" spec: {STARTS_OVER}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_RECREATE], ["none"]),
        id="recreates",
        sentence=(
            "Recreates {jobs} of a running set once the watcher has asked the API server, which may"
            f" refuse the new spec, and resets its restart counters; {FINISHED_WITHOUT_TOOL}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_ON_RESTART], ["none"]),
        id="at-next-restart",
        sentence=(
            "From its next restart, a running set uses the new spec for {jobs};"
            f" {FINISHED_WITHOUT_TOOL}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_ON_RESTART], TOOLS),
        id="at-next-restart",
        sentence=(
            "From its next restart, a running set uses the new spec for {jobs}; a finished set runs"
            " again"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_BLOCK]),
        id="not-taken-up",
        sentence=(
            "A set that has started ignores the new spec of {jobs}: updatePolicy Block never"
            " replaces its Jobs"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=EDITED,
        when="single Jobs of rendered manifests are edited",
        contexts=contexts([GIT_RECREATE], TOOLS),
        id="recreates",
        sentence="Replaces {jobs} alone when applied; the other Jobs keep running",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=EDITED,
        when="single Jobs of rendered manifests are edited",
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence="The API server refuses the edited {jobs}: a Job's template is immutable",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=BLOCKED_TOO,
        when=f"{_WHEN_JOBS}, and updatePolicy becomes Block",
        contexts=contexts([GIT_BLOCK], ["any"]),
        id="sync-fails",
        sentence=(
            "Argo CD and kubectl cannot change {jobs}, and a running set continues with"
            " the old spec; Flux still replaces Jobs, because it reads the live Job's annotation"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=BLOCKED_TOO,
        when=f"{_WHEN_JOBS}, and updatePolicy becomes Block",
        contexts=contexts([GIT_BLOCK], ["flux"]),
        id="recreates",
        sentence=(
            "Recreates {jobs} although updatePolicy becomes Block, because Flux reads the live"
            f" Job's annotation: {STARTS_OVER}"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=REFUSED_JOBS,
        when=f"{_WHEN_JOBS}, and the new spec is invalid",
        contexts=contexts([GIT_RECREATE], TOOLS),
        id="refused-late",
        sentence=(
            "Deletes {jobs} when applied, and then the API server refuses the new spec. Until a valid"
            " one is applied, only the watcher recreates what was deleted, from its own plan, and Flux"
            " deletes that again at every reconciliation"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=REFUSED_JOBS,
        when=f"{_WHEN_JOBS}, and the new spec is invalid",
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence="The API server refuses the new spec of {jobs}, which is invalid",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=SUSPENDED,
        when="suspend becomes true",
        contexts=EVERY,
        id="suspends",
        sentence="Suspends {jobs}: the pods are terminated, and none run until the set is resumed",
        source=EFFECTS,
    ),
    Row(
        trigger=RESUMED,
        when="suspend becomes false",
        contexts=EVERY,
        id="resumes",
        sentence="Resumes {jobs}: new pods start",
        source=EFFECTS,
    ),
    Row(
        trigger=QUEUED_SUSPENDED,
        when="suspend becomes true, and the Jobs name a queue of Kueue",
        contexts=contexts(GIT),
        id="suspends",
        sentence=(
            "Suspends {jobs} at every sync, and Kueue resumes those that it has admitted: to stop"
            " them, set spec.active: false on their Workloads"
        ),
        source=QUEUES,
        test=QUEUED_GIT_TEST,
    ),
    Row(
        trigger=QUEUED_SUSPENDED,
        when="suspend becomes true, and the Jobs name a queue of Kueue",
        contexts=contexts(WATCHER),
        id="not-taken-up",
        sentence=(
            "Does not suspend {jobs}: Kueue alone decides when they run. To stop them, set"
            " spec.active: false on their Workloads"
        ),
        source=QUEUES,
        test=QUEUED_WATCHER_TEST,
    ),
    Row(
        trigger=QUEUED_RESUMED,
        when="suspend becomes false, and the Jobs name a queue of Kueue",
        contexts=contexts(GIT),
        id="resumes",
        sentence="Resumes {jobs}, and Kueue suspends those again that it has not admitted",
        source=QUEUES,
        test=QUEUED_GIT_TEST,
    ),
    Row(
        trigger=QUEUED_RESUMED,
        when="suspend becomes false, and the Jobs name a queue of Kueue",
        contexts=contexts(WATCHER),
        id="not-taken-up",
        sentence="Does not resume {jobs}: Kueue alone decides when they run",
        source=QUEUES,
        test=QUEUED_WATCHER_TEST,
    ),
)
