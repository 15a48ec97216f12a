"""Color text for terminals by its verdict."""

from __future__ import annotations

from collections.abc import Callable

from jobsetgen.review.paint import BOLD, CYAN, GREEN, RED, YELLOW, painted

Paint = Callable[[str, str], str]
"""Takes a style (a verdict, or the first character of a line of a diff) and text."""

_LOSSES = ("deletes-data", "sync-fails", "refused-late")
_STOPS = ("recreates", "runs-again", "suspends", "ownership", "prunes")
_LATER = ("at-next-restart", "not-taken-up", "resumes", "creates")
_SAFE = ("in-place", "policy-only", "watcher-only", "metadata-only", "pass-through", "none")
_STYLES = {
    **dict.fromkeys(_LOSSES, f"{BOLD};{RED}"),
    **dict.fromkeys(_STOPS, f"{BOLD};{YELLOW}"),
    **dict.fromkeys(_LATER, f"{BOLD};{CYAN}"),
    **dict.fromkeys(_SAFE, f"{BOLD};{GREEN}"),
    "-": RED,
    "+": GREEN,
    "@": CYAN,
}


def colored(style: str, text: str) -> str:
    """Return text in the color of a style; in no color if the style has none."""
    return painted(_STYLES.get(style, ""), text)


def plain(style: str, text: str) -> str:
    """Return text as it is."""
    return text
