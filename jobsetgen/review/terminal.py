"""Text as a terminal may show it."""

from __future__ import annotations

import re

# The last of them change the direction of writing.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def harmless(line: str) -> str:
    """Return a line without what a terminal would obey, or take for another line.

    The input may be a stranger's.
    """
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), line)
