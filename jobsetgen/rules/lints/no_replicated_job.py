"""JSG530: no replicated job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.diagnostics import Finding
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.identities import Identity, identity_of
from jobsetgen.rules.rule import Located, input_rule
from jobsetgen.upstream import jobset


@input_rule(
    "JSG530",
    "warning",
    since="0.1",
    source=jobset("pkg/controllers/success_policy.go", "numJobsExpectedToSucceed"),
)
def no_replicated_job(units: Sequence[Unit], settings: Settings) -> Iterator[Located]:
    """A JobSet has no replicatedJobs: it runs nothing, and never completes.

    Often a patch is the cause: `$patch: delete` of the only replicatedJob, or `$patch: replace` of
    the spec. The warning is then at the patch.

    Warning because JobSet accepts such a set.

    Bad::

        spec:
          replicatedJobs: []

    Good::

        spec:
          replicatedJobs:
          - name: workers
    """
    message = "the JobSet has no replicatedJobs, so it runs nothing and never completes"
    hint = "Add a replicatedJob, or remove the JobSet."
    finding = Finding(path=("spec", "replicatedJobs"), message=message, hint=hint)
    # An incomplete duplicate, such as a patch among the resources, is reported as that (JSG401).
    seen: set[Identity | None] = set()
    for unit in units:
        identity = identity_of(unit)
        is_duplicate = identity is not None and identity in seen
        seen.add(identity)
        if unit.jobset and not is_duplicate and _runs_nothing(unit.data):
            yield unit, finding


def _runs_nothing(data: Mapping[str, Any]) -> bool:
    """Whether a JobSet has no replicatedJobs; the schema reports those of a wrong type."""
    spec = data.get("spec", {})
    return isinstance(spec, Mapping) and spec.get("replicatedJobs", []) == []
