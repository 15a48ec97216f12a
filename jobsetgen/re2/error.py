"""The errors of an invalid pattern, and of one that is too large."""

from __future__ import annotations

MOST_CHARACTERS = 700_000
"""The maximum length of translations; a plan could not hold longer ones."""


class PatternError(ValueError):
    """An invalid pattern; the message includes the position of the error."""


class TooLargeError(PatternError):
    """A valid pattern whose program would be too large for the plan."""
