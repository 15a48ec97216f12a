"""Environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import objects


def variables(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, variable in objects(container, "env"):
            yield (*path, "env", index), variable


def bundles(job: JobTemplate) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for path, container in job.containers():
        for index, bundle in objects(container, "envFrom"):
            yield (*path, "envFrom", index), bundle
