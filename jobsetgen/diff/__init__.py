"""Compare two states of the same sets: what changes, and what it does to running training."""
