"""The Job's podFailurePolicy and successPolicy."""

from __future__ import annotations

MAX_RULES = 20
