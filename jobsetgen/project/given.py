"""The values for templates that a Python caller gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jobsetgen.diagnostics import Diagnostic, Place, diagnostic
from jobsetgen.project.layer import as_json
from jobsetgen.schema import WRONG_TYPE
from jobsetgen.source.documents import computed

if TYPE_CHECKING:
    from jobsetgen.overlays.values import Given


def given_data(values: Mapping[str, Any]) -> tuple[Given | None, list[Diagnostic]]:
    """Return values as those that override a project's, or the error of what is not JSON data."""
    # Imported here, because few compiles have values.
    from jobsetgen.overlays.values import Given, Values

    place = Place("values")
    try:
        data = as_json(values)
    except (TypeError, ValueError, RecursionError) as error:
        return None, [diagnostic(WRONG_TYPE, place, f"the values are not JSON data: {error}")]
    return Given(values=Values(computed(data, place))), []
