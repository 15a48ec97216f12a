"""Convert settings to the content of a jobsetgen.yaml: the inverse of `reading`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from typing import Any

from jobsetgen.options.reading import laid_over, part
from jobsetgen.options.row import Option
from jobsetgen.options.table import OPTIONS, Settings


def content_of(settings: Settings, *, in_file: bool = False) -> dict[str, Any]:
    """Return the content of a jobsetgen.yaml that produces these settings.

    It contains only options that differ from the defaults, including flag-only options unless
    `in_file` is set, so that the content is valid against the schema. `namespace_required` and
    `input_classes` are not options and not included. Laid over another file, the content acts like
    flags: options at their default change nothing.
    """
    chosen = ((row, value) for row, value in _chosen(settings) if row.in_file or not in_file)
    return dict(laid_over(starmap(part, chosen)))


def _chosen(settings: Settings) -> Iterator[tuple[Option, Any]]:
    """Yield each option that differs from its default, with its value in a jobsetgen.yaml."""
    for row in OPTIONS:
        if not row.setting:
            continue
        written = row.kind.written(row.of(settings))
        if written != row.kind.written(row.default):
            yield row, written
