"""The images of an object, each with the places that use it."""

from __future__ import annotations

from jobsetgen.diagnostics import Path
from jobsetgen.model.unit import Unit
from jobsetgen.plain import string


def places_by_image(unit: Unit) -> dict[str, list[Path]]:
    """Return the images of an object's containers, each with the paths of its fields."""
    found: dict[str, list[Path]] = {}
    for job in unit.job_templates():
        for path, container in job.containers():
            found.setdefault(string(container, "image"), []).append((*path, "image"))
    return found
