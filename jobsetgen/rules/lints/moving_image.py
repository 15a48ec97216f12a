"""JSG504: moving image."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.images import what_moves
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG504", "warning", since="0.1", source=UNKNOWN)
def moving_image(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """An image has no tag, or the tag `latest`, and no digest.

    What such a name stands for changes in the registry and not in Git: the pods of one set can run different
    programs, and a restart can run another one than was reviewed.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: registry.example.com/train}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {containers: [{image: "registry.example.com/train:1.4.2"}]}}}}
    """
    for path, container in job.containers():
        image = string(container, "image")
        if what := what_moves(image):
            yield Finding(
                path=(*path, "image"),
                message=f"the image '{image}' {what}: nodes, and restarts, may run different versions of it",
                hint="Name a version's tag, or better its digest.",
            )
