"""JSG603: no priority label."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.plain import string
from jobsetgen.rules.common.placement import priority_path
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG603", "notice", since="0.1", source=UNKNOWN)
def no_priority_label(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The pods of a set go without the label that tells their priority: it is not known, or no label can hold it.

    An exclusive set of the same priority, which should keep off them, does not see them then.

    Bad::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: high}}}}

    Good::

        spec:
          replicatedJobs:
          - template: {spec: {template: {spec: {priorityClassName: system-node-critical}}}}
    """
    for each in jobset.replicated_jobs:
        if jobset.topology(each) or settings.priority_label(each.template.pod) is not None:
            continue
        name, priority = (
            string(each.template.pod, "priorityClassName"),
            settings.pod_priority(each.template.pod),
        )
        what, hint = (
            f"of the class {name} is not known",
            "List it under priorityClasses in jobsetgen.yaml.",
        )
        if priority is not None:
            what, hint = f"{priority} is no value of a label", ""
        message = f"the priority {what}, so exclusive sets cannot keep off these pods"
        yield Finding(path=priority_path(each), message=message, hint=hint)
