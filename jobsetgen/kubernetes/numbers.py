"""Numbers: the bounds of the types that fields have."""

from __future__ import annotations

MAX_INT32 = 2**31 - 1
"""The largest number in most fields: a backoffLimit, a deadline, a user's ID."""
