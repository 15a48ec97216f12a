"""The consequences of changes, as a table: what a trigger does in each context, and its proof.

A trigger is what the comparison finds, such as "the Jobs of the set change". What that does to a
running set depends on who creates the Jobs, the update policy and the GitOps profile. Sentences are
conditional, because the compiler does not see the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from jobsetgen.diagnostics import Link
from jobsetgen.diff import (
    rows_of_generations,
    rows_of_job_fields,
    rows_of_jobs,
    rows_of_objects,
    rows_of_sets,
)
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.rows import Row

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "deletes-data": "a claim is deleted, and with it its volume",
        "sync-fails": "the API server or the tool refuses the change",
        "refused-late": "a running Job is deleted before the API server refuses its replacement",
        "recreates": "all Jobs of a set are replaced, and its restart counters are reset",
        "runs-again": "a set that has finished runs again",
        "at-next-restart": "running Jobs stay as they are until the next restart",
        "not-taken-up": "the change has no effect on the set",
        "suspends": "the pods of a set are terminated, and none run until it is resumed",
        "resumes": "a suspended set is resumed",
        "ownership": "the owner of an object changes: who creates, prunes or keeps it",
        "creates": "a new object is created",
        "prunes": "an object is deleted, or left behind where nothing prunes",
        "in-place": "an object is updated in place, and nothing is replaced",
        "policy-only": "the watcher follows a new policy, and no Job changes",
        "watcher-only": "the watcher is replaced, and training continues",
        "metadata-only": "labels or annotations of an object change",
        "pass-through": "an object that jobsetgen passes through changes",
        "none": "nothing changes in the cluster",
    }
)
"""Each consequence, worst first."""

IDS = tuple(MEANINGS)
"""The ids of all consequences, worst first."""

UNKNOWN = "unknown"
"""The verdict of a comparison with a side that does not compile."""

TABLE: tuple[Row, ...] = (
    *rows_of_sets.ROWS,
    *rows_of_jobs.ROWS,
    *rows_of_job_fields.ROWS,
    *rows_of_generations.ROWS,
    *rows_of_objects.ROWS,
)
"""The rows; each covers a trigger in some contexts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What a change does: an id of `IDS`, the sentence without its numbers, and its source."""

    id: str
    sentence: str
    source: Link


def consequence(trigger: str, context: Context) -> Consequence:
    """Return the consequence of a trigger in a context. Raises KeyError if it cannot occur."""
    row = _by_context()[trigger, context]
    return Consequence(id=row.id, sentence=row.sentence, source=row.source)


def worst(ids: Iterable[str]) -> str:
    """Return the worst of some consequences; `none` for nothing."""
    return min(ids, key=IDS.index, default="none")


@cache
def _by_context() -> dict[tuple[str, Context], Row]:
    return {(row.trigger, context): row for row in TABLE for context in row.contexts}
