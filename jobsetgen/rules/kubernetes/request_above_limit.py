"""JSG303: request above limit."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.resources import (
    excess_problems,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.resources import resources_of
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG303", "error", since="0.1", source=UNKNOWN)
def request_above_limit(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A container requests more than its limit.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {containers: [{resources: {requests: {cpu: 1}, limits: {cpu: 1500m}}}]}}}
    """
    for path, resources in resources_of(job, settings):
        yield from findings(excess_problems(resources), path)
