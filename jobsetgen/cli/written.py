"""Write output folders, and say what became of their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobsetgen.cli.operands import shown
from jobsetgen.cli.printing import complain
from jobsetgen.cli.reports import is_quiet
from jobsetgen.cli.signals import uninterrupted
from jobsetgen.output.folder import Synced, prepared, refuse_foreign
from jobsetgen.output.places import Rendered
from jobsetgen.pipeline import Compilation
from jobsetgen.stop import StopError
from jobsetgen.words import plural

Report = Callable[[Synced], None]


def write(folder: str, compilation: Compilation, project: str | None, report: Report) -> Synced:
    """Write an output folder and report it; nothing interrupts it once its first file has changed."""
    with prepared(folder, compilation, project) as output, uninterrupted():
        synced = output.commit()
        report(synced)
    return synced


def write_all(outputs: Sequence[Rendered], report: Report) -> list[str]:
    """Write the output of each project, and return the files that changed.

    One that cannot be written keeps no other from being written. Raises StopError at the end if
    there was one, and before anything is written if a foreign file exists at the path of a
    manifest.
    """
    for each in outputs:
        refuse_foreign(each.output, each.compilation, each.project)
    changed: list[str] = []
    failures = 0
    for each in outputs:
        try:
            changed += write(each.output, each.compilation, each.project, report).changed
        except StopError as stop:
            failures += 1
            complain(stop.message)
    if failures:
        left = plural(failures, "project")
        raise StopError("machine", f"could not write the output of {left} of {len(outputs):,}")
    return changed


def report_written(synced: Synced) -> None:
    """Print the notices, and a line with the numbers of files; with --quiet, nothing."""
    if is_quiet():
        return
    _report_notices(synced)
    complain(f"{_counts(synced)} in {shown(synced.folder).rstrip('/')}/")


def report_changes(synced: Synced) -> None:
    """Print the notices, and each file that changed."""
    _report_notices(synced)
    for name in synced.changed:
        complain(f"changed: {shown(name)}")


def _report_notices(synced: Synced) -> None:
    """Print what was left out, and what was found."""
    for notice in synced.notices:
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
