"""JSG365: readiness gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG365", "error", since="0.1", source=UNKNOWN)
def readiness_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A readiness gate's conditionType cannot be the type of a condition.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {readinessGates: [{conditionType: "data loaded"}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {readinessGates: [{conditionType: example.com/data-loaded}]}}}}
    """
    for index, gate in objects(job.pod, "readinessGates"):
        kind = gate.get("conditionType")
        if isinstance(kind, str) and (reason := bad_label_key(kind)):
            message = f"'{kind}' cannot be the type of a condition: {reason}"
            yield Finding(
                path=(*job.pod_path, "readinessGates", index, "conditionType"), message=message
            )
