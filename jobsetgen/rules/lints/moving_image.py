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

    What such a name refers to changes in the registry and not in Git: the pods of one set can run
    different programs, and a restart can run another one than was reviewed.

    Warning because a registry may keep such a name fixed.

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
            hint = "Name a version's tag, or better its digest."
            yield Finding(path=(*path, "image"), message=message, hint=hint)
