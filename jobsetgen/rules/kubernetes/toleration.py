"""JSG352: toleration."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.tolerations import toleration_problems
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.plain import objects
from jobsetgen.rules.rule import findings, job_rule
from jobsetgen.upstream import kubernetes


@job_rule(
    "JSG352",
    "error",
    since="0.1",
    source=kubernetes("pkg/apis/core/validation/validation.go", "ValidateTolerations"),
)
def toleration(job: JobTemplate, settings: Settings) -> Iterator[Finding]:
    """A toleration contradicts itself, or its key or value is malformed.

    The operator Exists takes no value, Gt and Lt take a whole number; without a key only Exists is
    possible; tolerationSeconds needs the effect NoExecute.

    Error because every API server refuses a Job with such a toleration.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    tolerations: [{key: google.com/tpu, operator: Exists, value: present}]

    Good::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec:
                    tolerations: [{key: google.com/tpu, operator: Exists}]
    """
    for index, each in objects(job.pod, "tolerations"):
        yield from findings(toleration_problems(each), (*job.pod_path, "tolerations", index))
