"""Regular expressions in the syntax of RE2: what is one, and what it is in Python's."""

from __future__ import annotations

from jobsetgen.re2.parser import PatternError, parse

__all__ = ["PatternError", "parse", "translate"]


def translate(pattern: str) -> str:
    """Placeholder."""
    parse(pattern)
    return pattern
