"""Regular expressions in the syntax of RE2: what is one, and what it is in Python's."""

from __future__ import annotations

from jobsetgen.re2.classes import PatternError
from jobsetgen.re2.parser import runs_away, translate

__all__ = ["PatternError", "runs_away", "translate"]
