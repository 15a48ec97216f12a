"""JSG214: group name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, characters, invalid_name
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG214",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def group_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A groupName is not a DNS label of at most 63 characters.

    Error because JobSet's webhook refuses any other groupName.

    Bad::

        spec:
          replicatedJobs:
          - {groupName: Group A}

    Good::

        spec:
          replicatedJobs:
          - {groupName: group-a}
    """
    for each in jobset.replicated_jobs:
        name = each.group_name
        path = (*each.path, "groupName")
        if not is_dns_1035_label(name):
            yield invalid_name(path, "groupName", name, LABEL)
        elif len(name) > MAX_LABEL:
            message = f"the groupName '{name}' has {characters(name, MAX_LABEL)}"
            yield Finding(path=path, message=message)
