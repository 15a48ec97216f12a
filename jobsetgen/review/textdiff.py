"""Unified diffs of committed output against what a build would write."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.review.secrets import without_secrets


def unified(name: str, committed: str | None, built: str | None) -> Iterator[str]:
    """Yield the lines of a unified diff, as `patch` reads it; none where the two are the same.

    None stands for a file that is not there, and becomes /dev/null. What is in Secrets is not shown.
    """
    if committed == built:
        return
    import difflib

    old, new = without_secrets(committed or "", built or "")
    before = "/dev/null" if committed is None else f"a/{name}"
    after = "/dev/null" if built is None else f"b/{name}"
    if old == new:
        yield f"--- {before}\n+++ {after}\n"
        yield "Only comments or the formatting of a Secret differ, which are not shown.\n"
    for line in difflib.unified_diff(old.splitlines(True), new.splitlines(True), before, after):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
