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
    old, new = without_secrets(committed or "", built or "")
    if old == new:
        before, after = _names(name, committed, built)
        yield f"--- {before}\n+++ {after}\n"
        yield "Only the comments or the formatting of a Secret differ; neither is shown.\n"
    yield from _lines(old, new, *_names(name, committed, built))


def unified_text(name: str, committed: str | None, built: str | None) -> Iterator[str]:
    """Yield the same for a file that is not a manifest, and so holds no Secret."""
    yield from _lines(committed or "", built or "", *_names(name, committed, built))


def _names(name: str, committed: str | None, built: str | None) -> tuple[str, str]:
    before = "/dev/null" if committed is None else f"a/{name}"
    after = "/dev/null" if built is None else f"b/{name}"
    return before, after


def _lines(old: str, new: str, before: str, after: str) -> Iterator[str]:
    import difflib

    for line in difflib.unified_diff(old.splitlines(True), new.splitlines(True), before, after):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
