"""JSG304: device request."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import (
    device_problems,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import resources_of
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG304", "error", since="0.1", source=UNKNOWN)
def device_request(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The request of a device differs from its limit, has no limit, or is no whole number.

    Devices (and huge pages) cannot be promised to more pods than there are, so the request of one must be its limit.
    A limit alone is enough. Huge pages come in multiples of their size, beside some cpu or memory.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {nvidia.com/gpu: 4}}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {limits: {nvidia.com/gpu: 4}}}]}}}
    """
    for path, resources in resources_of(job, settings):
        yield from findings(device_problems(resources), path)
