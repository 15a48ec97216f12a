"""Unified diffs between committed output and the output of a build."""

from __future__ import annotations

from collections.abc import Iterator


def unified(name: str, committed: str | None, built: str | None) -> Iterator[str]:
    """Yield the lines of a unified diff, as `patch` reads it; none if both texts are equal.

    None means that the file does not exist, and becomes /dev/null.
    """
    if committed == built:
        return
    import difflib

    old, new = committed or "", built or ""
    before = "/dev/null" if committed is None else f"a/{name}"
    after = "/dev/null" if built is None else f"b/{name}"
    for line in difflib.unified_diff(old.splitlines(True), new.splitlines(True), before, after):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
