"""One row of the table of consequences."""

from __future__ import annotations

from dataclasses import dataclass

from jobsetgen.diagnostics import Link
from jobsetgen.diff.contexts import Context
from jobsetgen.diff.row_sources import ROWS_TEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a trigger does in some contexts.

    `trigger` names what the comparison finds, and `when` says it in words. `sentence` has fields in
    braces: {jobs} is "all 4 Jobs (34 pods)", {name} the object, {tool} who applies it, {old} and
    {new} the values. `source` is what it rests on, and `test` proves it beside the real components.
    """

    trigger: str
    when: str
    contexts: tuple[Context, ...]
    id: str
    sentence: str
    source: Link
    test: str = ROWS_TEST
