"""The error of an invalid pattern."""

from __future__ import annotations


class PatternError(ValueError):
    """An invalid pattern; the message includes the position of the error."""
