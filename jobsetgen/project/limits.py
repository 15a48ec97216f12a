"""What all projects of a compile may use together, so that no project can exhaust the machine."""

from __future__ import annotations

from collections.abc import Iterable

MOST_LEVELS = 50
"""The number of projects that may be bases of each other, one below the other."""

MOST_PROJECTS = 1_000
"""The number of projects that one compile may read; one that is listed twice counts twice."""

MOST_BYTES = 200_000
"""The bytes of all project files, schemas and patches of one compile, a project file once.

They are written by hand. A megabyte of short values takes six seconds to read. The file of a project
without bases and changes does not count: it may be as long as any other file.
"""

MOST_OBJECTS = 10_000
"""The objects that all projects of one compile may change; those of a base count again."""

MOST_VALUES = 200_000
"""The values in these objects, and the labels and annotations that they get."""


class Usage:
    """What was used so far. Once a limit is exceeded, the rest of the bases is not read."""

    def __init__(self) -> None:
        self.is_exceeded = False
        self._projects = 0
        self._bytes = 0
        self._objects = 0
        self._values = 0

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

    def add_objects(self, sizes: Iterable[int]) -> str:
        """Count objects that a project changes, by their numbers of values.

        Returns what is exceeded, or an empty string.
        """
        for size in sizes:
            self._objects += 1
            self._values += size
        is_too_much = self._objects > MOST_OBJECTS or self._values > MOST_VALUES
        message = (
            f"the projects of one compile change more than {MOST_OBJECTS:,} objects"
            f" or {MOST_VALUES:,} values"
        )
        return self._exceeded(is_too_much, message)

    def _exceeded(self, is_too_much: bool, message: str) -> str:
        """Return a message for the first limit that is exceeded."""
        if not is_too_much or self.is_exceeded:
            return ""
        self.is_exceeded = True
        return message
