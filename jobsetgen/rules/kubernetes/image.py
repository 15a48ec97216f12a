"""JSG312: image."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG312", "error", since="0.1", source=UNKNOWN)
def image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has no image, or one with a space at its beginning or end.

    The API server takes such a space in a Job, and then refuses every pod of it.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: ""}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "registry.example.com/train:1.0"}]}}}}
    """
    for path, container in job.containers():
        written = container.get("image", "")
        if written == "":
            yield Finding(
                path=(*path, "image"),
                message=f"the container {string(container, 'name')} has no image",
            )
        elif isinstance(written, str) and written != written.strip():
            yield Finding(
                path=(*path, "image"),
                message=f"the image '{written}' has a space at its beginning or end",
            )
