"""The limits of numeric fields."""

from __future__ import annotations

MAX_INT32 = 2**31 - 1
"""The maximum of most numeric fields: a backoffLimit, a deadline, a user ID."""
