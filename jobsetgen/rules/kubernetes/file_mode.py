"""JSG334: file mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, objects
from jobsetgen.rules.common.files import file_sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG334",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateConfigMapVolumeSource"),
)
def file_mode(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A file mode is outside 0 to 0777 (511 in decimal).

    YAML reads `0644` as an octal number; 644 without the leading zero is a different mode.

    Error because every API server refuses such a mode.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 755}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 0755}}]}
    """
    for path, source in file_sources(job):
        yield from _mode(source, path, "defaultMode")
        for index, item in objects(source, "items"):
            yield from _mode(item, (*path, "items", index), "mode")


def _mode(file: Mapping[str, Any], path: Path, field: str) -> Iterator[Finding]:
    mode = integer(file, field, 0)
    if 0 <= mode <= 0o777:
        return

    digits = str(mode)
    looks_octal = len(digits) == 3 and set(digits) <= set("01234567")
    message = f"{field} is {mode}, but must be from 0 to 0777 (511 in decimal)"
    hint = f"Did you mean 0{digits}?" if looks_octal else ""
    yield Finding(path=(*path, field), message=message, hint=hint)
