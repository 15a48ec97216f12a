"""JSG406: plan too large."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.rules.common.plan_size import MOST_BYTES, SMALLER, plan_text, state_bound
from jobsetgen.rules.rule import Plan, plan_rule
from jobsetgen.upstream import page

# What a ConfigMap holds at most.
_ROOM = 1024 * 1024


@plan_rule(
    "JSG406",
    "error",
    since="0.1",
    source=page("ConfigMaps", "https://kubernetes.io/docs/concepts/configuration/configmap/"),
)
def plan_too_large(jobset: JobSet, plan: Plan) -> Iterator[Finding]:
    """The restart-watcher's plan exceeds 700,000 bytes, or its state may outgrow its ConfigMap.

    Plan and state are ConfigMaps, each limited to one mebibyte. Most of a plan consists of the Job
    templates of the replicatedJobs, and the topology domains of `placement.strategy: domains`. The
    state holds the plan, compressed, and during a restart about 9 bytes for each Job that is being
    replaced; with `RestartJob` in a failure rule, 8 more. A set of 100,000 Jobs fits unless its
    templates are very large.

    Error because no API server stores a larger ConfigMap: the watcher could not write its state,
    and the set would never be restarted.

    Bad::

        spec:
          replicatedJobs: [] # of several hundred, each with a template of its own

    Good::

        spec:
          replicatedJobs:
          - {replicas: 500}
    """
    text = plan_text(plan)
    if len(text) > MOST_BYTES:
        message = (
            f"the plan of this set has {len(text):,} bytes; at most {MOST_BYTES:,} are allowed"
        )
        yield Finding(path=("metadata",), message=message, hint=SMALLER)
        return

    needed = state_bound(jobset, text)
    if needed > _ROOM:
        # In thousands: other releases of the library compress by some bytes more or less.
        message = (
            f"the restart-watcher's state may need {needed // 1000:,} kB for {jobset.jobs:,} Jobs"
            f" and this plan; a ConfigMap has room for {_ROOM // 1000:,} kB"
        )
        hint = "Use fewer Jobs with more pods each, or smaller Job templates."
        yield Finding(path=("metadata",), message=message, hint=hint)
