"""JSG212: duplicate name."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG212", "error", since="0.1", source=UNKNOWN)
def duplicate_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """Two replicatedJobs have the same name, so that their Jobs would have the same names.

    Bad::

        spec:
          replicatedJobs:
          - {name: workers}
          - {name: workers}

    Good::

        spec:
          replicatedJobs:
          - {name: workers}
          - {name: evaluators}
    """
    seen: set[str] = set()
    for each in jobset.replicated_jobs:
        if each.name and each.name in seen:
            yield Finding(
                path=(*each.path, "name"), message=f"two replicatedJobs are named {each.name}"
            )
        seen.add(each.name)
