"""Unified diffs between committed output and the output of a build."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.review.secrets import without_secrets


def unified(name: str, committed: str | None, built: str | None) -> Iterator[str]:
    """Yield the lines of a unified diff, as `patch` reads it; none if both texts are equal.

    None means that the file does not exist, and becomes /dev/null. Values of Secrets are not shown.
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
