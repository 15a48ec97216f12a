"""Settings as the content of a jobsetgen.yaml: the inverse of `reading`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from typing import Any

from jobsetgen.options.reading import laid_over, part
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS, Settings


def content_of(settings: Settings) -> dict[str, Any]:
    """Return the content of a jobsetgen.yaml that describes some settings.

    It holds what differs from the defaults, at each option's path, with the options that only a
    flag has. `namespace_required` is no option, and not in it. Laid over the content of another
    file it acts as flags do: it leaves alone what the settings leave at its default.
    """
    return dict(laid_over(starmap(part, _chosen(settings))))


def _chosen(settings: Settings) -> Iterator[tuple[Option, Any]]:
    """Yield each option that differs from its default, with what a file would hold."""
    for row in OPTIONS:
        if not row.setting:
            continue
        written = row.kind.written(row.of(settings))
        if written != row.kind.written(row.default):
            yield row, written
