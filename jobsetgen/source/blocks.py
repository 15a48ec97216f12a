"""Find where the text of a block scalar begins in its file."""

from __future__ import annotations

import re

from ruamel.yaml.events import ScalarEvent

from jobsetgen.diagnostics import Place

_BREAK = re.compile("\r\n?|\n")
_SPACES = re.compile(" *")


def literal_begin(event: ScalarEvent, place: Place) -> Place | None:
    """Return where the text of a literal block scalar begins; None for any other scalar.

    `place` is that of the scalar. Each line of the text is a line of the file.
    """
    if event.style != "|":
        return None
    text = event.value
    content = re.search(r"[^ \n]", text)
    if content is None:
        return None
    own = content.start() - (text.rfind("\n", 0, content.start()) + 1)

    # The line as written has the indentation of the block before its own.
    buffer, begin = event.start_mark.buffer, event.start_mark.pointer
    for _ in range(text.count("\n", 0, content.start()) + 1):
        line_break = _BREAK.search(buffer, begin)
        if line_break is None:
            return None
        begin = line_break.end()
    written = _SPACES.match(buffer, begin)
    indentation = len(written[0]) - own if written else 0
    return Place(place.file, place.line + 1, max(indentation, 0) + 1)
