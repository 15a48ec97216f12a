"""JSG405: too many jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import UNKNOWN


@input_rule("JSG405", "error", since="0.1", source=UNKNOWN)
def too_many_jobs(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """The input expands to more Jobs than --max-jobs (or `maxJobs` in jobsetgen.yaml) allows.

    The limit keeps a typing mistake in `replicas` from flooding a cluster.

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
        for each in unit.jobset.replicated_jobs if unit.jobset else ():
            before, total = total, total + each.replicas
            if before <= settings.max_jobs < total:
                message = (
                    f"up to here the input makes {total:,} Jobs; at most {settings.max_jobs:,} are"
                    " allowed"
                )
                hint = (
                    "If that is meant, raise the limit by --max-jobs or maxJobs in jobsetgen.yaml."
                )
                yield unit, Finding(path=(*each.path, "replicas"), message=message, hint=hint)
