"""JSG303: request above limit."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import excess_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import all_resources
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG303",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateResourceRequirements"),
)
def request_above_limit(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container, or a pod as a whole, requests more than its limit.

    Error because every API server refuses a Job whose request is above the limit.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {containers: [{resources: {requests: {cpu: 1}, limits: {cpu: 1500m}}}]}
    """
    for path, resources in all_resources(job, settings):
        yield from findings(excess_problems(resources), path)
