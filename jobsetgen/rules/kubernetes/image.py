"""JSG312: image."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG312",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateContainerOnlyForPod"),
)
def image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container has no image, or the image has leading or trailing whitespace.

    Error because every API server refuses a Job without an image. It accepts a Job whose image has
    the whitespace, but refuses each of its pods.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: ""}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{image: "registry.example.com/train:1.0"}]}}}
    """
    for path, container in job.containers():
        written = container.get("image", "")
        if not isinstance(written, str):
            continue

        if not written:
            message = f"the container {string(container, 'name')} has no image"
            hint = "Add its image, such as 'image: registry.example.com/train:1.4'."
            yield Finding(path=(*path, "image"), message=message, hint=hint)
        elif written != written.strip():
            message = f"the image '{written}' has leading or trailing whitespace"
            yield Finding(path=(*path, "image"), message=message)
