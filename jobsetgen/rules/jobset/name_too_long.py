"""JSG215: name too long."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen import upstream
from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.naming import POD_SUFFIX, job_name, pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import characters, name_field, name_of
from jobsetgen.rules.rule import jobset_rule


@jobset_rule(
    "JSG215",
    "error",
    since="0.1",
    source=upstream.jobset("pkg/webhooks/jobset_webhook.go", "ValidateCreate"),
)
def name_too_long(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job's or a pod's name would have more than 63 characters.

    Jobs are named `<JobSet>-<replicatedJob>-<index>`. For the pods of an Indexed Job with
    completions, the completion index and five more characters are added; without completions, the
    one pod still has the index in its host name. The longest name counts.

    Error because JobSet's webhook refuses the JobSet, or the API server refuses the Job.

    Bad::

        metadata: {name: a-name-for-a-training-run-that-says-all-there-is-to-say}

    Good::

        metadata: {name: training-run}
    """
    prefix = name_of(jobset)
    if not prefix:
        return

    field = name_field(jobset)
    # Where replicas is 0 nothing gets a name; upstream looks at the index -1 then.
    making_jobs = [each for each in jobset.replicated_jobs if each.name and each.replicas > 0]
    for each in making_jobs:
        kind, longest = _longest_name(prefix, each)
        if len(longest) > MAX_LABEL:
            message = f"{kind} names such as '{longest}' have {characters(longest, MAX_LABEL)}"
            excess = _count(len(longest) - MAX_LABEL)
            hint = f"Shorten metadata.{field} or the name of replicatedJob {each.name} by {excess}."
            yield Finding(path=(*each.path, "name"), message=message, hint=hint)

    if not making_jobs and len(prefix) > MAX_LABEL:
        message = f"the JobSet's name '{prefix}' has {characters(prefix, MAX_LABEL)}"
        yield Finding(path=("metadata", field), message=message)


def _longest_name(prefix: str, each: ReplicatedJob) -> tuple[str, str]:
    """Return the longest name that a replicatedJob makes, after the kind of what has it."""
    last_job = each.replicas - 1
    job = job_name(prefix, each.name, last_job)
    if not each.template.is_indexed:
        return "Job", job

    completions = each.template.completions
    if completions is None:
        return "pod host", pod_hostname(prefix, each.name, last_job, 0)
    if completions < 1:
        return "Job", job
    return "pod", pod_hostname(prefix, each.name, last_job, completions - 1) + POD_SUFFIX


def _count(characters: int) -> str:
    if characters == 1:
        return "1 character"
    return f"{characters} characters"
