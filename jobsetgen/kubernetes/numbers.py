"""The limits of numeric fields."""

from __future__ import annotations

MAX_INT32 = 2**31 - 1
"""The maximum of most numeric fields: a backoffLimit, a deadline, a user ID."""

MIN_INT32 = -(2**31)
"""The minimum of a numeric field that may be negative, such as a priority."""
