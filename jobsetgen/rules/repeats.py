"""Leave out what another diagnostic has already said of the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.overlays.metadata_codes import OLD_NAME_IN_TEXT

_UNKNOWN_HOST = "JSG506"
_INDEX = re.compile(r"\[[0-9]+\]")


def without_repeats(
    found: Iterable[Diagnostic], explained: Iterable[Diagnostic]
) -> list[Diagnostic]:
    """Return diagnostics without those of unknown hosts whose text has the name from before a rename.

    JSG506 sees only the new names, and cannot know that the host had another one.
    """
    places = {each.place for each in explained if each.code == OLD_NAME_IN_TEXT.id}
    return [each for each in found if each.code != _UNKNOWN_HOST or each.place not in places]


def without_turns(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics; of those that differ only in the indexes of lists, the first at a place.

    A loop in a template writes the same text several times, and so does an alias.
    """
    kept: dict[tuple[str, Place, str], Diagnostic] = {}
    for each in found:
        kept.setdefault((each.code, each.place, _INDEX.sub("[]", each.message)), each)
    return list(kept.values())


def without_consequences(
    found: Iterable[Diagnostic], causes: Iterable[Diagnostic]
) -> list[Diagnostic]:
    """Return diagnostics without those of which another error already reports the cause."""
    lines = {(each.file, each.line) for each in causes if each.is_error}
    return [each for each in found if each.cause is None or each.cause[:2] not in lines]
