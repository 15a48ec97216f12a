"""What is wrong with a pattern."""

from __future__ import annotations


class PatternError(ValueError):
    """What is wrong with a pattern; the text names the character where it is."""
