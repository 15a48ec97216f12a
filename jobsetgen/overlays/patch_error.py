"""Why a patch cannot be applied to an object."""

from __future__ import annotations

from dataclasses import replace

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.patch_codes import INVALID_PATCH

MOST_VALUES = 200_000
"""The most values that an object may have after a patch."""

# Over all patches of a compile: the values that are looked at to change some of them.
_MOST_WORK = 2_000_000

_MOST_ADDED = 200_000
"""The most values by which all patches of a compile may enlarge the objects."""


_HINT = "Use fewer patches, or targets that match less."


class PatchError(Exception):
    """A patch cannot be applied to an object; it has the diagnostic."""

    def __init__(
        self, place: Place, message: str, hint: str = "", cause: Place | None = None
    ) -> None:
        """Say what is wrong, at a place in the patch; `cause` is one where it may be said, too."""
        super().__init__(message)
        found = diagnostic(INVALID_PATCH, place, message, hint)
        self.diagnostic: Diagnostic = replace(found, cause=cause)

    def of_object(self, name: str) -> PatchError:
        """Return the error with the name of the object that it is about."""
        item = self.diagnostic
        return PatchError(item.place, f"{item.message} ({name})", item.hint, item.cause)


class Allowance:
    """How much more work the patches of a compile may cause, and how much they may add.

    Once it is used up, one error says so, and no more patches are applied.
    """

    def __init__(self, most: int = _MOST_WORK, added: int = _MOST_ADDED) -> None:
        """Start with all of it."""
        self._work = most
        self._added = added

    @property
    def is_used_up(self) -> bool:
        """Whether a limit was exceeded."""
        return self._work < 0 or self._added < 0

    def take(self, work: int, place: Place) -> None:
        """Take work from it. Raises PatchError at the place if there is not enough."""
        self._work -= work
        if self._work < 0:
            message = "the patches of the project change too many values"
            raise PatchError(place, message, _HINT)

    def add(self, values: int, place: Place) -> None:
        """Take values that a patch adds. Raises PatchError at the place for too many."""
        self._added -= max(values, 0)
        if self._added < 0:
            message = f"the patches of the project add more than {_MOST_ADDED:,} values"
            raise PatchError(place, message, _HINT)
