"""Why a patch cannot be applied to an object."""

from __future__ import annotations

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.overlays.patch_codes import INVALID_PATCH

MOST_VALUES = 200_000
"""The most values that an object may have after a patch."""

# Over all patches of a project: the values that are looked at to change some of them.
_MOST_WORK = 10_000_000


class PatchError(Exception):
    """A patch cannot be applied to an object; it has the diagnostic."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        """Say what is wrong, at a place in the patch."""
        super().__init__(message)
        self.diagnostic: Diagnostic = diagnostic(INVALID_PATCH, place, message, hint)

    def of_object(self, name: str) -> PatchError:
        """Return the error with the name of the object that it is about."""
        item = self.diagnostic
        return PatchError(item.place, f"{item.message} ({name})", item.hint)


class Allowance:
    """How much more work the patches of a project may cause."""

    def __init__(self, most: int = _MOST_WORK) -> None:
        """Start with all of it."""
        self.left = most

    def take(self, work: int, place: Place) -> None:
        """Take work from it. Raises PatchError at the place if there is not enough."""
        self.left -= work
        if self.left < 0:
            message = "the patches of the project change too many values"
            raise PatchError(place, message, "Use fewer patches, or targets that match less.")
