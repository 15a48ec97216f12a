"""Words that diagnostics share."""

from __future__ import annotations

from typing import Any

from jobsetgen.diagnostics import Path


def dotted(path: Path) -> str:
    """Return a path as people write it: spec.replicatedJobs[0].name."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).lstrip(".")


# What JobSet called a thing in drafts and in v1alpha1, and what it is called now.
_OLD_NAMES = {"RecreateJob": "RestartJob", "jobs": "replicatedJobs"}


def near(word: str, known: Any) -> str:
    """Return a sentence that names the known word which was probably meant, or nothing."""
    import difflib

    candidates = sorted(map(str, known))
    if _OLD_NAMES.get(word) in candidates:
        return f"Did you mean '{_OLD_NAMES[word]}'?"
    folded = {each.lower(): each for each in reversed(candidates)}
    match = difflib.get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return f"Did you mean '{folded[match[0]]}'?" if match else ""
