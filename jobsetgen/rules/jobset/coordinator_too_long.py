"""JSG231: coordinator too long."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL
from jobsetgen.model.jobset import JobSet
from jobsetgen.naming import pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import characters, name_of
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG231",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "validateCoordinatorLabelValue"),
)
def coordinator_too_long(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The coordinator's endpoint is longer than the 63 characters of a label value.

    Every Job and pod carries `<JobSet>-<replicatedJob>-<jobIndex>-<podIndex>.<subdomain>` as a
    label, so the JobSet's name counts twice where network.subdomain is not set.

    Error because JobSet's webhook refuses the JobSet, and the API server refuses the label.

    Bad::

        metadata: {name: a-rather-long-name-for-a-run}
        spec:
          coordinator: {replicatedJob: workers}
          replicatedJobs:
          - {template: {spec: {parallelism: 1, completions: 1}}}

    Good::

        metadata: {name: a-rather-long-name-for-a-run}
        spec:
          network: {subdomain: run}
          coordinator: {replicatedJob: workers}
          replicatedJobs:
          - {template: {spec: {parallelism: 1, completions: 1}}}
    """
    chosen = jobset.coordinator
    name = name_of(jobset)
    if chosen is None or not chosen.replicated_job or not name:
        return

    host = pod_hostname(name, chosen.replicated_job, chosen.job_index, chosen.pod_index)
    endpoint = f"{host}.{jobset.network.subdomain or name}"
    if len(endpoint) > MAX_LABEL:
        message = (
            f"the coordinator's endpoint '{endpoint}' has {characters(endpoint, MAX_LABEL)}"
            " in a label value"
        )
        hint = "Shorten metadata.name or set a short network.subdomain."
        yield Finding(path=chosen.path, message=message, hint=hint)
