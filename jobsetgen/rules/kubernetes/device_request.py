"""JSG304: device request."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import device_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import all_resources
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG304",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateResourceRequirements"),
)
def device_request(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """The request of a device differs from its limit, has no limit, or is not a whole number.

    Devices and huge pages cannot be overcommitted, so a request must equal its limit. A limit alone
    is enough. Huge pages are requested in multiples of their size, and together with cpu or memory.

    Error because every API server refuses a Job with such a request or limit.

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
    for path, resources in all_resources(job, settings):
        yield from findings(device_problems(resources), path)
