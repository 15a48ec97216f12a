"""JSG214: group name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import LABEL, bad_label, too_long
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG214", "error", since="0.1", source=UNKNOWN)
def group_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A groupName is no DNS label of at most 63 characters.

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
        path = (*each.path, "groupName")
        if not is_dns_1035_label(each.group_name):
            yield bad_label(path, "the groupName", each.group_name, LABEL)
        elif len(each.group_name) > MAX_LABEL:
            yield Finding(
                path=path, message=too_long(f"the groupName '{each.group_name}'", each.group_name)
            )
