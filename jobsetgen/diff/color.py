"""Color text for terminals by its verdict."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]
"""Takes a style (a verdict, or the first character of a line of a diff) and text."""

_RED, _GREEN, _YELLOW, _CYAN, _BOLD = "31", "32", "33", "36", "1"
_LOSSES = ("deletes-data", "sync-fails", "refused-late")
_STOPS = ("recreates", "runs-again", "suspends", "ownership", "prunes")
_LATER = ("at-next-restart", "not-taken-up", "resumes", "creates")
_SAFE = ("in-place", "policy-only", "watcher-only", "metadata-only", "pass-through", "none")
_STYLES = {
    **dict.fromkeys(_LOSSES, f"{_BOLD};{_RED}"),
    **dict.fromkeys(_STOPS, f"{_BOLD};{_YELLOW}"),
    **dict.fromkeys(_LATER, f"{_BOLD};{_CYAN}"),
    **dict.fromkeys(_SAFE, f"{_BOLD};{_GREEN}"),
    "-": _RED,
    "+": _GREEN,
    "@": _CYAN,
}


def colored(style: str, text: str) -> str:
    """Return text in the color of a style; in no color if the style has none."""
    codes = _STYLES.get(style)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text


def plain(style: str, text: str) -> str:
    """Return text as it is."""
    return text
