"""JSG334: file mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import integer, objects
from jobsetgen.rules.common.files import sources
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG334", "error", since="0.1", source=UNKNOWN)
def file_mode(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A file mode lies outside of 0 to 0777 (511 in decimal).

    YAML reads `0644` as an octal number; without the zero, 644 is another mode than one means.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 755}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {volumes: [{name: tools, configMap: {name: tools, defaultMode: 0755}}]}}}
    """
    for path, source in sources(job):
        yield from _mode(source, path, "defaultMode")
        for index, item in objects(source, "items"):
            yield from _mode(item, (*path, "items", index), "mode")


def _mode(file: Mapping[str, Any], path: Path, field: str) -> Iterator[Finding]:
    mode = integer(file, field, 0)
    if not 0 <= mode <= 0o777:
        hint = (
            f"Did you mean 0{mode}?"
            if set(str(mode)) <= set("01234567") and len(str(mode)) == 3
            else ""
        )
        message = f"the mode {mode} must be from 0 to 0777 in octal digits, which is 511"
        yield Finding(path=(*path, field), message=message, hint=hint)
