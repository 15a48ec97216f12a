"""JSG355: scheduling gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.labels import bad_label_key
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects, string
from jobsetgen.rules.rule import job_rule
from jobsetgen.upstream import UNKNOWN


@job_rule("JSG355", "error", since="0.1", source=UNKNOWN)
def scheduling_gate(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A scheduling gate's name is malformed or there twice, or a gated pod names its node.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/a}, {name: example.com/a}]}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {schedulingGates: [{name: example.com/hold}]}}}}
    """
    seen: set[str] = set()
    for index, gate in objects(job.pod, "schedulingGates"):
        name, path = string(gate, "name"), (*job.pod_path, "schedulingGates", index, "name")
        if name in seen:
            yield Finding(path=path, message=f"the scheduling gate {name} is here twice")
        elif reason := bad_label_key(name):
            yield Finding(
                path=path, message=f"'{name}' cannot be the name of a scheduling gate: {reason}"
            )
        seen.add(name)
    if seen and string(job.pod, "nodeName"):
        message = "a pod with scheduling gates cannot name its node"
        yield Finding(path=(*job.pod_path, "nodeName"), message=message)
