"""JSG355: scheduling gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG355",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "validateSchedulingGates"),
)
def scheduling_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A scheduling gate is malformed or a duplicate, or a gated pod names its node.

    Error because every API server refuses the Job, or each pod that is gated and names its node.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {schedulingGates: [{name: example.com/a}, {name: example.com/a}]}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/hold}]}}}}
    """
    seen: set[str] = set()
    for index, gate in objects(job.pod, "schedulingGates"):
        name = string(gate, "name")
        path = (*job.pod_path, "schedulingGates", index, "name")
        reason = bad_label_key(name)
        if name in seen:
            yield Finding(path=path, message=f"duplicate scheduling gate '{name}'")
        elif reason:
            yield Finding(path=path, message=f"invalid scheduling gate '{name}': {reason}")
        seen.add(name)

    if seen and string(job.pod, "nodeName"):
        message = "a pod with scheduling gates cannot have a nodeName"
        yield Finding(path=(*job.pod_path, "nodeName"), message=message)
