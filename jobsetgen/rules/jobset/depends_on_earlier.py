"""JSG202: depends on earlier."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import Referable
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.words import near


@jobset_rule(
    "JSG202",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def depends_on_earlier(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A replicatedJob depends on one that does not come before it in the list.

    Only an earlier replicatedJob can be waited for, which rules out cycles.

    Error because JobSet's webhook refuses a dependency that is unknown or comes later. It accepts a
    dependency of a replicatedJob on itself, but then no pod ever starts.

    Bad::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: drivers, status: Ready}]}

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    earlier = Referable()
    names = {each.name for each in jobset.replicated_jobs}
    for each in jobset.replicated_jobs:
        for item in each.depends_on or ():
            if item.name and not earlier.has(item.name):
                message, hint = _misplaced(each.name, item.name, names, earlier.valid)
                yield Finding(path=(*item.path, "name"), message=message, hint=hint)

        earlier.add(each)


def _misplaced(
    dependent: str, dependency: str, names: Collection[str], earlier: Collection[str]
) -> tuple[str, str]:
    """Return the message and the hint about a dependency that is not among the earlier names."""
    if dependency == dependent:
        message = f"replicatedJob {dependent} depends on itself and would never start"
        return message, near(dependency, earlier)

    if dependency in names:
        message = f"replicatedJob {dependent} depends on {dependency}, which comes after it"
        return message, f"Move {dependency} before {dependent}."

    message = f"replicatedJob {dependent} depends on the unknown replicatedJob '{dependency}'"
    return message, near(dependency, earlier)
