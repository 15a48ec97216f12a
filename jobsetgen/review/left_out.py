"""What a report says of the diagnostics that it does not show."""

from __future__ import annotations

from collections import Counter

from jobsetgen.diagnostics import MOST_SHOWN, SEVERITIES, Shown
from jobsetgen.words import listed, plural


def left_out(report: Shown) -> list[str]:
    """Return the line that counts the diagnostics that are not shown, if there are any."""
    if not report.left_out:
        return []
    counts = Counter(item.severity for item in report.left_out)
    severities = [plural(counts[each], each) for each in SEVERITIES if counts[each]]
    return [f"{listed(severities)} more; only the first {MOST_SHOWN:,} diagnostics are shown"]
