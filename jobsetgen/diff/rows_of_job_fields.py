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
_WHEN_NAMES = "Jobs of rendered manifests get other names"
_WHEN_STOPPED = "parallelism becomes 0"
_WHEN_DEADLINE = "activeDeadlineSeconds is added or becomes less"
_WHEN_LIMITS = "a field changes that Kubernetes changes in a running Job, such as backoffLimit"
_WHEN_METADATA = "a label or an annotation of a Job changes, but not of its pods"

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
            "Deletes {jobs} where {tool} prunes, and a minute later the watcher creates them again"
            " from the plan that it has kept: to end the training, remove the set"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=EMPTIED_BESIDE,
        when=_WHEN_EMPTIED_BESIDE,
        contexts=contexts([GIT_BLOCK], ["any", "flux"]),
        id="sync-fails",
        sentence=(
            "Flux refuses the new watcher, because updatePolicy Block replaces no Job, and deletes"
            " nothing: training goes on"
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
            "Creates {jobs} under other names. Where {tool} prunes, those of the earlier names are"
            " deleted, and a watcher whose plan still has them creates them again"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=NAMES,
        when=_WHEN_NAMES,
        contexts=contexts(GIT, ["none"]),
        id="creates",
        sentence="Creates {jobs} under other names, beside those of the earlier names, which stay",
        source=APPLY,
    ),
    Row(
        trigger=STOPPED,
        when=_WHEN_STOPPED,
        contexts=contexts(GIT),
        id="suspends",
        sentence="Ends all pods of {jobs}, as parallelism becomes 0",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=STOPPED,
        when=_WHEN_STOPPED,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence="From the next restart of the set, {jobs} have no pods, as parallelism becomes 0",
        source=CHANGES,
    ),
    Row(
        trigger=DEADLINE,
        when=_WHEN_DEADLINE,
        contexts=contexts(GIT),
        id="in-place",
        sentence=(
            "Gives {jobs} less time: a Job that has run longer than activeDeadlineSeconds fails at"
            " once, and the failure policy decides about the set"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=DEADLINE,
        when=_WHEN_DEADLINE,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence="From the next restart of the set, {jobs} have less time, by activeDeadlineSeconds",
        source=CHANGES,
    ),
    Row(
        trigger=PLAN,
        when=_WHEN_PLAN,
        contexts=contexts(GIT),
        id="at-next-restart",
        sentence="From the next restart of the set, the watcher creates other Jobs than Git has",
        source=CHANGES,
    ),
    Row(
        trigger=PLAN,
        when=_WHEN_PLAN,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence=(
            "From the next restart of the set, the watcher creates the edited Jobs, whatever"
            " updatePolicy says, because the generation stays"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=LIMITS_OF_JOBS,
        when=_WHEN_LIMITS,
        contexts=contexts(GIT),
        id="in-place",
        sentence="Changes {fields} of {jobs} in place: no pod is replaced by this",
        source=JOB_UPDATE,
    ),
    Row(
        trigger=LIMITS_OF_JOBS,
        when=_WHEN_LIMITS,
        contexts=contexts(WATCHER),
        id="at-next-restart",
        sentence="Running Jobs keep their {fields}; those of the next restart have the new values",
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
            "Running Jobs keep their labels and annotations; those of the next restart have the"
            " new ones"
        ),
        source=CHANGES,
    ),
)
