"""Names: those that a person writes, and those that become of them."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.names import MAX_LABEL, is_dns_1035_label, is_label
from jobsetgen.model.jobset import JobSet, ReplicatedJob
from jobsetgen.naming import GENERATED_SUFFIX, POD_SUFFIX, job_name, pod_hostname
from jobsetgen.options.table import Settings
from jobsetgen.rules.rule import jobset_rule

_LABEL = "lower-case letters, digits and dashes, beginning with a letter and not ending with a dash"


def name_of(jobset: JobSet) -> str:
    """Return a JobSet's name, or one as long as generateName will become; nothing where it has neither."""
    return jobset.name or (jobset.generate_name and jobset.generate_name + GENERATED_SUFFIX)


@jobset_rule("JSG210", "missing-name")
def missing_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A JobSet has neither a name nor a generateName.

    Bad (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata: {labels: {team: research}}
        spec: {}

    Good::

        metadata: {name: demo}
    """
    if not jobset.name and not jobset.generate_name:
        yield Finding(
            path=("metadata", "name"),
            message="the JobSet has no name",
            hint="Give it a metadata.name.",
        )


@jobset_rule("JSG211", "name-syntax")
def name_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The name of a JobSet or of a replicatedJob has characters that a DNS label cannot have.

    Both become part of the names of Jobs, pods and their DNS records. JobSet checks the whole name of the longest
    Job; here the part that is wrong is shown. The name of a replicatedJob is a label's value as well, which neither
    begins nor ends with a dash.

    Bad::

        spec:
          replicatedJobs:
          - {name: Workers_A}

    Good::

        spec:
          replicatedJobs:
          - {name: workers-a}
    """
    name = name_of(jobset)
    if name and not is_dns_1035_label(name):
        field = "name" if jobset.name else "generateName"
        yield _bad_label(
            ("metadata", field), "the JobSet's name", jobset.name or jobset.generate_name, _LABEL
        )
    for each in jobset.replicated_jobs:
        # Between the JobSet's name and the index every character of a DNS label may stand.
        if each.name and not is_dns_1035_label(f"a-{each.name}-0"):
            rule = "lower-case letters, digits and dashes"
            yield _bad_label((*each.path, "name"), "the replicatedJob's name", each.name, rule)
        elif each.name != each.name.strip("-"):
            rule = "lower-case letters, digits and dashes, neither beginning nor ending with a dash"
            yield _bad_label((*each.path, "name"), "the replicatedJob's name", each.name, rule)


def _bad_label(path: Path, what: str, name: str, rule: str) -> Finding:
    lower = name.lower().replace("_", "-").replace(".", "-").strip("-")
    hint = f"Did you mean '{lower}'?" if lower != name and is_dns_1035_label(f"a{lower}") else ""
    return Finding(path=path, message=f"{what} '{name}' must consist of {rule}", hint=hint)


@jobset_rule("JSG212", "duplicate-name")
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


@jobset_rule("JSG213", "subdomain")
def subdomain(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """The subdomain is no DNS label of at most 63 characters.

    It names the headless Service, so it has lower-case letters, digits and dashes, and begins with a letter.

    Bad::

        spec:
          network: {subdomain: "1st.training"}

    Good::

        spec:
          network: {subdomain: first-training}
    """
    name = jobset.network.subdomain
    if name == jobset.name or not name:
        return  # the JobSet's own name is looked at as such
    path = ("spec", "network", "subdomain")
    if not is_dns_1035_label(name):
        yield _bad_label(path, "the subdomain", name, _LABEL)
    elif len(name) > MAX_LABEL:
        yield Finding(path=path, message=_too_long(f"the subdomain '{name}'", name))


@jobset_rule("JSG214", "group-name")
def group_name(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A groupName is no DNS label of at most 63 characters.

    Bad::

        spec:
          replicatedJobs:
          - {groupName: Group A}

    Good::

        spec:
          replicatedJobs:
          - {groupName: group-a}
    """
    for each in jobset.replicated_jobs:
        path = (*each.path, "groupName")
        if not is_dns_1035_label(each.group_name):
            yield _bad_label(path, "the groupName", each.group_name, _LABEL)
        elif len(each.group_name) > MAX_LABEL:
            yield Finding(
                path=path, message=_too_long(f"the groupName '{each.group_name}'", each.group_name)
            )


@jobset_rule("JSG215", "name-too-long")
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
            message = _too_long(f"{kind} names such as '{longest}'", longest)
            hint = (
                f"Shorten metadata.{field} or the name of replicatedJob {each.name} by"
                f" {_characters(excess)}."
            )
            yield Finding(path=(*each.path, "name"), message=message, hint=hint)
    if not made and len(prefix) > MAX_LABEL:
        yield Finding(
            path=("metadata", field), message=_too_long(f"the JobSet's name '{prefix}'", prefix)
        )


def _longest_name(prefix: str, each: ReplicatedJob) -> tuple[str, str]:
    last = each.replicas - 1
    completions = each.template.completions
    if each.template.is_indexed and completions is None:
        return "pod host", pod_hostname(prefix, each.name, last, 0)
    if each.template.is_indexed and completions is not None and completions > 0:
        return "pod", pod_hostname(prefix, each.name, last, completions - 1) + POD_SUFFIX
    return "Job", job_name(prefix, each.name, last)


def _too_long(what: str, name: str) -> str:
    verb = "have" if what.endswith("'") and " such as " in what else "has"
    return (
        f"{what} {verb} {len(name)} characters, {len(name) - MAX_LABEL} more than the {MAX_LABEL}"
        " allowed"
    )


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


@jobset_rule("JSG216", "namespace-syntax")
def namespace_syntax(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A namespace is no DNS label of at most 63 characters.

    Bad::

        metadata: {namespace: Team/A}

    Good::

        metadata: {namespace: team-a}
    """
    name = jobset.namespace
    if name is not None and not is_label(name):
        rule = f"at most {MAX_LABEL} lower-case letters, digits and dashes"
        yield _bad_label(("metadata", "namespace"), "the namespace", name, rule)


RULES = (
    missing_name,
    name_syntax,
    duplicate_name,
    subdomain,
    group_name,
    name_too_long,
    namespace_syntax,
)
