"""Say what became of the files of output folders."""

from __future__ import annotations

from jobsetgen.cli.operands import shown
from jobsetgen.cli.printing import complain
from jobsetgen.cli.reports import is_quiet
from jobsetgen.output.folder import Synced, Written
from jobsetgen.words import plural


def report_written(written: Written) -> None:
    """Print the notices, and a line for each folder; with --quiet, nothing."""
    if is_quiet():
        return
    report_notices(written)
    for each in written.folders:
        complain(f"{_counts(each)} in {shown(each.folder).rstrip('/')}/")


def report_notices(written: Written) -> None:
    """Print what was left out."""
    for notice in written.notices:
        complain(notice)


def _counts(synced: Synced) -> str:
    """Return how many files were written, removed and left, those numbers that are not 0."""
    counts = (
        ("wrote", len(synced.written), ""),
        ("removed", len(synced.removed), ""),
        ("left", synced.unchanged, " unchanged"),
    )
    (verb, count, suffix), *others = [each for each in counts if each[1]]
    parts = [f"{verb} {plural(count, 'file')}{suffix}"]
    return ", ".join([*parts, *(f"{verb} {count:,}{suffix}" for verb, count, suffix in others)])
