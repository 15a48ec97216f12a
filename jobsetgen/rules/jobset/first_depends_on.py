"""JSG201: first depends on."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG201",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def first_depends_on(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The first replicatedJob has dependsOn, but there is nothing before it to wait for.

    An empty list counts as well. In another list, JSG202 reports each name.

    Error because JobSet's webhook refuses the field there.

    Bad::

        spec:
          replicatedJobs:
          - dependsOn: []

    Good::

        spec:
          replicatedJobs:
          - {name: driver}
          - {name: workers, dependsOn: [{name: driver, status: Ready}]}
    """
    for each in jobset.replicated_jobs[:1]:
        if each.depends_on is None or each.path[-1] != 0:
            continue
        if not any(item.name for item in each.depends_on):
            message = "the first replicatedJob cannot have dependsOn, not even an empty one"
            yield Finding(path=(*each.path, "dependsOn"), message=message, on_key=True)
