"""Consequences of a new generation of equal Jobs: written differently, or run again."""

from __future__ import annotations

from jobsetgen.diff.contexts import (
    GIT_BLOCK,
    GIT_RECREATE,
    TOOLS,
    WATCHER_BLOCK,
    WATCHER_ON_RESTART,
    WATCHER_RECREATE,
    contexts,
)
from jobsetgen.diff.row_sources import CHANGES, EFFECTS, JOB_UPDATE, WHO_CREATES
from jobsetgen.diff.rows import Row
from jobsetgen.diff.rows_of_jobs import FINISHED_WITHOUT_TOOL, RESPELLED, RUN, STARTS_OVER

_WHEN_RESPELLED = "a field of a Job is written differently, such as 1024Mi instead of 1Gi"
_WHEN_RUN = "only runId changes"

ROWS = (
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=contexts([WATCHER_RECREATE], ["none"]),
        id="recreates",
        sentence=(
            "Recreates {jobs} of a running set although every value means the same, and resets its"
            f" restart counters; {FINISHED_WITHOUT_TOOL}"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=contexts([WATCHER_ON_RESTART], ["none"]),
        id="at-next-restart",
        sentence=(
            "From its next restart, a running set uses the rewritten spec of {jobs}, which means the"
            f" same; {FINISHED_WITHOUT_TOOL}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=contexts([GIT_RECREATE, WATCHER_RECREATE], TOOLS),
        id="recreates",
        sentence=(
            "Recreates {jobs} although every value means the same, because the generation is a hash"
            f" of the spec as written: {STARTS_OVER}"
        ),
        source=CHANGES,
    ),
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence=(
            "The API server refuses to change {jobs} although every value means the same,"
            " because the generation is a hash of the spec as written"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=contexts([WATCHER_ON_RESTART], TOOLS),
        id="at-next-restart",
        sentence=(
            "From its next restart, a running set uses the rewritten spec of {jobs}, which means the"
            " same; a finished set runs again"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=RESPELLED,
        when=_WHEN_RESPELLED,
        contexts=contexts([WATCHER_BLOCK]),
        id="not-taken-up",
        sentence="A set that has started ignores the rewritten spec of {jobs}, which means the same",
        source=WHO_CREATES,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=contexts([WATCHER_RECREATE], ["none"]),
        id="runs-again",
        sentence=(
            "Runs {jobs} of a running set again from its own checkpoint, and resets its restart"
            f" counters; {FINISHED_WITHOUT_TOOL}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=contexts([WATCHER_ON_RESTART], ["none"]),
        id="runs-again",
        sentence=(
            f"Runs {{jobs}} of a running set again at its next restart; {FINISHED_WITHOUT_TOOL}"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=contexts([GIT_RECREATE, WATCHER_RECREATE], TOOLS),
        id="runs-again",
        sentence=(
            "Runs {jobs} again when applied: a finished set starts again, and a running"
            " one restarts from its own checkpoint with its restart counters reset"
        ),
        source=EFFECTS,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=(*contexts([GIT_RECREATE], ["none"]), *contexts([GIT_BLOCK])),
        id="sync-fails",
        sentence=(
            "The API server refuses a new run of {jobs}, because nothing replaces the Jobs of the"
            " old run; delete those first"
        ),
        source=JOB_UPDATE,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=contexts([WATCHER_ON_RESTART], TOOLS),
        id="runs-again",
        sentence=(
            "A finished set runs {jobs} again; a running one begins the new run at its next restart"
        ),
        source=WHO_CREATES,
    ),
    Row(
        trigger=RUN,
        when=_WHEN_RUN,
        contexts=contexts([WATCHER_BLOCK]),
        id="not-taken-up",
        sentence="A set that has started ignores the new run: updatePolicy Block never starts one",
        source=WHO_CREATES,
    ),
)
