"""Why a Job fails."""

from __future__ import annotations

REASONS = (
    "BackoffLimitExceeded",
    "DeadlineExceeded",
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
    "PodFailurePolicy",
)
"""The reasons of a Job's Failed condition."""
