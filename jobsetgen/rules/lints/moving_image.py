"""JSG504: moving image."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.images import what_moves
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import page


@job_rule(
    "JSG504",
    "warning",
    since="0.1",
    source=page(
        "Kubernetes, Image names",
        "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    ),
)
def moving_image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An image has no tag, or the tag `latest`, and no digest.

    The registry decides what such a name refers to, not Git: the pods of one set can run different
    programs, and a restart can run a program that nobody reviewed.

    Warning because it is possible that the registry never moves such a name.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: example.com/train}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "example.com/train:1.4.2"}]}}}}
    """
    for path, container in job.containers():
        image = string(container, "image")
        if what := what_moves(image):
            message = (
                f"the image '{image}' {what}: nodes, and restarts, may run different versions of it"
            )
            hint = "Use the tag of a version, or better, its digest."
            yield Finding(path=(*path, "image"), message=message, hint=hint)
