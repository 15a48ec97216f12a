"""Color and weight of text on a terminal."""

from __future__ import annotations

BOLD, DIM = "1", "2"
RED, GREEN, YELLOW, BLUE, CYAN = "31", "32", "33", "34", "36"


def painted(style: str, text: str) -> str:
    """Return text in a style: codes of SGR, separated by semicolons. No style leaves it as it is.

    The text must be harmless: the terminal obeys the codes around it, and any inside.
    """
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text
