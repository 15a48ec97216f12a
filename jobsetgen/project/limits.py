"""What all projects of a compile may use together, so that no project can exhaust the machine."""

from __future__ import annotations

MOST_LEVELS = 50
"""The number of projects that may be bases of each other, one below the other."""

MOST_PROJECTS = 1_000
"""The number of projects that one compile may read; one that is listed twice counts twice."""

MOST_BYTES = 200_000
"""The bytes of all project files, schemas and patches of one compile, a project file once.

They are written by hand. A megabyte of short values takes six seconds to read.
"""

MOST_OBJECTS = 10_000
"""The objects that all projects of one compile may change; each project on the way counts."""


class Usage:
    """What was used so far. Once a limit is exceeded, the rest of the bases is not read."""

    def __init__(self) -> None:
        self.is_exceeded = False
        self._projects = 0
        self._bytes = 0
        self._objects = 0

    def add_project(self) -> str:
        """Count a project, and return what is exceeded, or an empty string."""
        self._projects += 1
        is_too_much = self._projects > MOST_PROJECTS
        return self._exceeded(is_too_much, f"more than {MOST_PROJECTS:,} projects in one compile")

    def add_bytes(self, count: int) -> str:
        """Count the bytes of a file, and return what is exceeded, or an empty string."""
        self._bytes += count
        message = (
            f"the project files, schemas and patches of one compile have more than {MOST_BYTES:,}"
            " bytes"
        )
        return self._exceeded(self._bytes > MOST_BYTES, message)

    def add_objects(self, count: int) -> str:
        """Count objects that a project changes; return what is exceeded, or an empty string."""
        self._objects += count
        message = f"the projects of one compile change more than {MOST_OBJECTS:,} objects"
        return self._exceeded(self._objects > MOST_OBJECTS, message)

    def _exceeded(self, is_too_much: bool, message: str) -> str:
        self.is_exceeded = self.is_exceeded or is_too_much
        return message if is_too_much else ""
