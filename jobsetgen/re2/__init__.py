"""Regular expressions in the syntax of RE2: what is one, and what it is in Python's.

Few sets have a pattern, so its parser is imported on first use.
"""

from __future__ import annotations

from jobsetgen.re2.error import PatternError

__all__ = ["PatternError", "runs_away", "translate"]


def translate(pattern: str) -> str:
    """Return a pattern of RE2 as one of Python. Raises PatternError for what is none."""
    from jobsetgen.re2 import parser

    return parser.translate(pattern)


def runs_away(pattern: str) -> bool:
    """Whether Python could search for a pattern of RE2 practically for ever."""
    from jobsetgen.re2 import parser

    return parser.runs_away(pattern)
