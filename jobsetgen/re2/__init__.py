"""Regular expressions in the syntax of RE2: what is one, and what it is in Python's."""

from __future__ import annotations

from jobsetgen.re2.classes import PatternError
from jobsetgen.re2.parser import translate

__all__ = ["PatternError", "translate"]
