"""JSG215: name too long."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.kubernetes.names import MAX_LABEL
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.naming import POD_SUFFIX, job_name, pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.names import name_of, too_long
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import UNKNOWN


@jobset_rule("JSG215", "error", since="0.1", source=UNKNOWN)
def name_too_long(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A Job's or a pod's name would have more than 63 characters.

    Names grow: `<JobSet>-<replicatedJob>-<index>` for Jobs, and for the pods of an Indexed Job with completions the
    completion index and five more characters. Without completions its one pod still has the index in its host name.
    The longest one counts.

    Bad::

        metadata: {name: a-name-for-a-training-run-that-says-all-there-is-to-say}

    Good::

        metadata: {name: training-run}
    """
    prefix = name_of(jobset)
    field = "name" if jobset.name else "generateName"
    # Where replicas is 0 nothing gets a name; upstream looks at the index -1 then.
    made = [each for each in jobset.replicated_jobs if prefix and each.name and each.replicas > 0]
    for each in made:
        kind, longest = _longest_name(prefix, each)
        if len(longest) > MAX_LABEL:
            excess = len(longest) - MAX_LABEL
            message = too_long(f"{kind} names such as '{longest}'", longest)
            hint = (
                f"Shorten metadata.{field} or the name of replicatedJob {each.name} by"
                f" {_characters(excess)}."
            )
            yield Finding(path=(*each.path, "name"), message=message, hint=hint)
    if not made and len(prefix) > MAX_LABEL:
        yield Finding(
            path=("metadata", field), message=too_long(f"the JobSet's name '{prefix}'", prefix)
        )


def _longest_name(prefix: str, each: ReplicatedJob) -> tuple[str, str]:
    last = each.replicas - 1
    completions = each.template.completions
    if each.template.is_indexed and completions is None:
        return "pod host", pod_hostname(prefix, each.name, last, 0)
    if each.template.is_indexed and completions is not None and completions > 0:
        return "pod", pod_hostname(prefix, each.name, last, completions - 1) + POD_SUFFIX
    return "Job", job_name(prefix, each.name, last)


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"
