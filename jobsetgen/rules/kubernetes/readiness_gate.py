"""JSG365: readiness gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG365",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateReadinessGates"),
)
def readiness_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A readiness gate's conditionType is malformed.

    Error because every API server refuses a Job with such a gate.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec: {template: {spec: {readinessGates: [{conditionType: "data loaded"}]}}}

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template: {spec: {readinessGates: [{conditionType: example.com/data-loaded}]}}
    """
    for index, gate in objects(job.pod, "readinessGates"):
        kind = gate.get("conditionType")
        reason = bad_label_key(kind) if isinstance(kind, str) else ""
        if reason:
            path = (*job.pod_path, "readinessGates", index, "conditionType")
            yield Finding(path=path, message=f"invalid condition type '{kind}': {reason}")
