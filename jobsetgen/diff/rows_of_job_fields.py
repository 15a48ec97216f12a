"""Consequences of changes to single fields of Jobs, and of the loss of a set's last Job."""

from __future__ import annotations

from jobsetgen.diff.contexts import (
    GIT,
    GIT_BLOCK,
    GIT_RECREATE,
    MODES,
    TOOLS,
    WATCHER,
    WATCHER_BLOCK,
    WATCHER_ON_RESTART,
    WATCHER_RECREATE,
    contexts,
)
from jobsetgen.diff.row_sources import (
    APPLY,
    CHANGES,
    EFFECTS,
    JOB_UPDATE,
    LIMITS,
    WHO_CREATES,
)
from jobsetgen.diff.rows import Row
from jobsetgen.diff.rows_of_jobs import (
    DEADLINE,
    EMPTIED,
    EMPTIED_BESIDE,
    JOB_METADATA,
    LIMITS_OF_JOBS,
    NAMES,
    PLAN,
    STOPPED,
)

_WHEN_EMPTIED = "a set loses its last Job, and with it its watcher"
_WHEN_EMPTIED_BESIDE = "a set loses its last Job, and its watcher stays (restartWatcher Always)"
_WHEN_PLAN = "the Jobs in the watcher's plan are edited by hand"
_WHEN_NAMES = "Jobs of rendered manifests get new names"
_WHEN_STOPPED = "parallelism becomes 0"
_WHEN_DEADLINE = "activeDeadlineSeconds is added or lowered"
_WHEN_LIMITS = "a field that is mutable in a running Job, such as backoffLimit, changes"
_WHEN_METADATA = "a label or an annotation of a Job, but not of its pods, changes"

ROWS = (
    Row(
        trigger=EMPTIED,
        when=_WHEN_EMPTIED,
        contexts=contexts(MODES, TOOLS),
        id="prunes",
        sentence="Ends the training of the set: deletes {jobs} where {tool} prunes, and creates none",
        source=EFFECTS,
    ),
    Row(
        trigger=EMPTIED,
        when=_WHEN_EMPTIED,
        contexts=contexts(MODES, ["none"]),
        id="prunes",
        sentence="Leaves {jobs} in the cluster: kubectl apply deletes nothing",
        source=APPLY,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=(*contexts([GIT_RECREATE], TOOLS), *contexts([GIT_BLOCK], ["argocd"])),
        id="recreates",
        sentence=(
            "Deletes {jobs} where {tool} prunes, but a minute later the watcher recreates every Job"
            " from the plan that it has kept; to end the training, remove the set"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts([GIT_BLOCK], ["any", "flux"]),
        id="sync-fails",
        sentence=(
            "Flux cannot replace the watcher, because updatePolicy Block replaces no Job, and"
            " deletes nothing; training continues"
        ),
        source=LIMITS,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts(GIT, ["none"]),
        id="prunes",
        sentence="Leaves {jobs} in the cluster: kubectl apply deletes nothing",
        source=APPLY,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts([WATCHER_RECREATE]),
        id="prunes",
        sentence="Ends the training of the set: the watcher deletes {jobs}, and creates none",
        source=WHO_CREATES,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts([WATCHER_ON_RESTART]),
        id="at-next-restart",
        sentence="Ends the training of the set at its next restart: deletes {jobs}, and creates none",
        source=WHO_CREATES,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts([WATCHER_BLOCK]),
        id="not-taken-up",
        sentence="A set that has started keeps {jobs}: updatePolicy Block never replaces its Jobs",
        source=WHO_CREATES,
    ),
    Row(
        trigger=NAMES,
        when=_WHEN_NAMES,
        contexts=contexts(GIT, TOOLS),
        id="recreates",
        sentence=(
            "Creates {jobs} under new names. Where {tool} prunes, the Jobs with the old names are"
            " deleted, but a watcher whose plan still lists them recreates them"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=NAMES,
        when=_WHEN_NAMES,
        contexts=contexts(GIT, ["none"]),
        id="creates",
        sentence="Creates {jobs} under new names; the Jobs with the old names stay",
        source=APPLY,
    ),
    Row(
        trigger=STOPPED,
        when=_WHEN_STOPPED,
        contexts=contexts(GIT),
        id="suspends",
        sentence="Terminates all pods of {jobs}, because parallelism becomes 0",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=STOPPED,
        when=_WHEN_STOPPED,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence="From its next restart, the set has no pods of {jobs}, because parallelism is 0",
        source=CHANGES,
    ),
    Row(
        trigger=DEADLINE,
        when=_WHEN_DEADLINE,
        contexts=contexts(GIT),
        id="in-place",
        sentence=(
            "Sets a shorter activeDeadlineSeconds for {jobs}: a Job that has already run longer"
            " fails at once, and the failure policy decides what happens to the set"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=DEADLINE,
        when=_WHEN_DEADLINE,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence=(
            "Sets a shorter activeDeadlineSeconds for {jobs} from the next restart of the set on"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=PLAN,
        when=_WHEN_PLAN,
        contexts=contexts(GIT),
        id="at-next-restart",
        sentence=(
            "From the next restart of the set, the watcher creates Jobs that differ from those in Git"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=PLAN,
        when=_WHEN_PLAN,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence=(
            "From the next restart of the set, the watcher creates the edited Jobs under every"
            " updatePolicy, because the generation does not change"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=LIMITS_OF_JOBS,
        when=_WHEN_LIMITS,
        contexts=contexts(GIT),
        id="in-place",
        sentence="Changes {fields} of {jobs} in place; this replaces no pod",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=LIMITS_OF_JOBS,
        when=_WHEN_LIMITS,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence="Running Jobs keep their {fields}; the next restart brings the new values",
        source=CHANGES,
    ),
    Row(
        trigger=JOB_METADATA,
        when=_WHEN_METADATA,
        contexts=contexts(GIT),
        id="metadata-only",
        sentence="Changes labels or annotations of {jobs}; no pod is replaced",
        source=EFFECTS,
    ),
    Row(
        trigger=JOB_METADATA,
        when=_WHEN_METADATA,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence=(
            "Running Jobs keep their labels and annotations; the next restart brings the new ones"
        ),
        source=CHANGES,
    ),
)
