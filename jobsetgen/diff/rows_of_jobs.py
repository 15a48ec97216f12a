"""Consequences of changes to the Jobs of a set that stays."""

from __future__ import annotations

from jobsetgen.diff.contexts import (
    EVERY,
    GIT_BLOCK,
    GIT_RECREATE,
    TOOLS,
    WATCHER_BLOCK,
    WATCHER_ON_RESTART,
    WATCHER_RECREATE,
    contexts,
)
from jobsetgen.diff.row_sources import (
    EFFECTS,
    JOB_UPDATE,
    LIMITS,
    WHO_CREATES,
)
from jobsetgen.diff.rows import Row

JOBS, RUN, BLOCKED_TOO = "jobs-changed", "run-changed", "jobs-changed-with-block"
RESPELLED, EDITED = "jobs-respelled", "job-edited"
REFUSED_JOBS = "jobs-changed-and-refused"
SUSPENDED, RESUMED = "suspended", "resumed"
EMPTIED, EMPTIED_BESIDE = "jobs-removed", "jobs-removed-beside-watcher"
STOPPED, DEADLINE = "parallelism-zero", "deadline-lowered"
NAMES = "jobs-renamed"
PLAN = "plan-edited"
LIMITS_OF_JOBS, JOB_METADATA = "job-limits-changed", "job-metadata-changed"

_WHEN_JOBS = "an immutable field of a Job, or the number of Jobs, changes"
STARTS_OVER = (
    "a running set starts over from its own checkpoint, if it saves one, and its restart counters"
    " go to 0; a finished set runs again; a suspended one takes the new spec"
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
            "kubectl apply refuses to change {jobs}, and a running set goes on as it is;"
            " delete its Jobs before applying, and it starts over"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([GIT_BLOCK]),
        id="sync-fails",
        sentence=(
            "The sync fails: a Job's template cannot change, and updatePolicy Block replaces no"
            " Job; {jobs} of a running set go on with the old spec. To replace them, set updatePolicy"
            " Recreate before"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=JOBS,
        when=_WHEN_JOBS,
        contexts=contexts([WATCHER_RECREATE], TOOLS),
        id="recreates",
        sentence=(
            "Recreates {jobs} once the watcher has asked the API server, which may refuse them:"
            f" {STARTS_OVER}"
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
            f" refuse them, and its restart counters go to 0; {FINISHED_WITHOUT_TOOL}"
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
        sentence="Replaces {jobs} alone when applied: pods of the other Jobs go on",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=EDITED,
        when="single Jobs of rendered manifests are edited",
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence="The API server refuses the edited {jobs}: a Job's template cannot change",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=BLOCKED_TOO,
        when=f"{_WHEN_JOBS}, and updatePolicy becomes Block",
        contexts=contexts([GIT_BLOCK], ["any"]),
        id="sync-fails",
        sentence=(
            "Argo CD and kubectl refuse to change {jobs}, and a running set goes on with"
            " the old spec; Flux still replaces them, because it reads the live Job's annotation"
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
        when=f"{_WHEN_JOBS}, and the new one is invalid",
        contexts=contexts([GIT_RECREATE], TOOLS),
        id="refused-late",
        sentence=(
            "Deletes {jobs} when applied, and then the API server refuses the new spec: until a valid"
            " one is applied, only the watcher creates again what was deleted, from its own plan, and"
            " Flux deletes that at every try"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=REFUSED_JOBS,
        when=f"{_WHEN_JOBS}, and the new one is invalid",
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence="The API server refuses to change {jobs} to what is invalid",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=SUSPENDED,
        when="suspend becomes true",
        contexts=EVERY,
        id="suspends",
        sentence="Suspends {jobs}: their pods end until the set is resumed",
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
)
