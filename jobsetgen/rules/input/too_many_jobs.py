"""JSG405: too many jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import Located, input_rule


@input_rule(
    "JSG405",
    "error",
    since="0.1",
    source=upstream.manual("docs/project.md", "jobsetgen.yaml"),
)
def too_many_jobs(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """The input expands to more Jobs than --max-jobs (or `maxJobs` in jobsetgen.yaml) allows.

    The limit keeps a typo in `replicas` from flooding a cluster.

    Error because so many Jobs flood any cluster; if they are intended, raise the limit.

    Bad::

        spec:
          replicatedJobs:
          - {replicas: 50001}

    Good::

        spec:
          replicatedJobs:
          - {replicas: 5}
    """
    total = 0
    for unit in units:
        if unit.jobset is None:
            continue

        for each in unit.jobset.replicated_jobs:
            before = total
            total += each.replicas
            if before <= settings.max_jobs < total:
                message = (
                    f"with this JobSet, the input expands to {total:,} Jobs; at most"
                    f" {settings.max_jobs:,} are allowed"
                )
                hint = (
                    "Raise --max-jobs, or maxJobs in jobsetgen.yaml, if so many Jobs are intended."
                )
                yield unit, Finding(path=(*each.path, "replicas"), message=message, hint=hint)
