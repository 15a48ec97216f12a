"""Annotations that follow from the GitOps profile, the update policy and who creates the Jobs.

Where one of these changes, that is the change; the annotations say it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.findings import Finding
from jobsetgen.model import keys

_KEYS = frozenset(
    [
        keys.ARGOCD_SYNC_OPTIONS,
        keys.ARGOCD_IGNORE_HEALTH,
        keys.FLUX_FORCE,
        keys.FLUX_PRUNE,
        keys.FLUX_SUBSTITUTE,
    ]
)


def without_profile(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings without those annotations, and those that are left with no field not at all."""
    for finding in findings:
        kept = tuple(change for change in finding.fields if not _follows(change))
        if kept or not finding.fields:
            yield replace(finding, fields=kept)


def _follows(change: FieldChange) -> bool:
    if change.path[-1] in _KEYS:
        return True
    if change.path != ("metadata", "annotations"):
        return False
    written = change.new if change.operation == "add" else change.old
    return isinstance(written, Mapping) and _KEYS.issuperset(written)
