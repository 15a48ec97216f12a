"""What will run, in words: for the reader of a PR, and for whoever wonders what a spec means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.jobs import coordinator_endpoint
from jobsetgen.kubernetes.accelerators import accelerators, noun
from jobsetgen.model.jobset import FailurePolicy, FailureRule, JobSet, ReplicatedJob
from jobsetgen.model.treatment import Exclusivity, Treatment
from jobsetgen.naming import claim_name, job_name
from jobsetgen.options.table import Settings
from jobsetgen.review.terminal import harmless
from jobsetgen.review.watcher import watcher
from jobsetgen.words import plural

_LABEL = 11


def explain(expansion: Expansion, settings: Settings) -> str:
    """Return the explanation of one JobSet."""
    jobset = expansion.jobset
    treatment = expansion.treatment
    where = f" in namespace {jobset.namespace}" if jobset.namespace else ""
    suspended = ", suspended" if jobset.suspend else ""
    lines = [f"JobSet {jobset.name}{where}: {_totals(jobset)}{suspended}", ""]
    lines += _table("Jobs", [_jobs(jobset, each) for each in jobset.replicated_jobs] or ["none"])
    lines += _table("Placement", _placement(treatment))
    lines += _table("Names", _names(jobset))
    lines += _table("Claims", _claims(jobset))
    lines += _table("Start", _start(jobset, treatment))
    lines += _table("Success", [_success(jobset)])
    lines += _table("Failure", _failure(jobset, treatment))
    lines += _table("After end", _end(jobset, settings))
    lines += _table("Watcher", watcher(jobset, treatment, settings))
    lines += _table("Update", [_update(settings)])
    lines += _table("Generation", [expansion.generation])
    return "".join(f"{line}\n" for line in lines)


def _table(label: str, entries: list[str]) -> Iterator[str]:
    for index, entry in enumerate(entries):
        yield f"  {label if index == 0 else '':{_LABEL}} {harmless(entry)}".rstrip()


def _totals(jobset: JobSet) -> str:
    """Return the set's size in its accelerators' words: TPUs are slices of hosts with chips."""
    asked = _accelerators(jobset)
    pods = sum(each.pods for each in jobset.replicated_jobs)
    if _has_slices(jobset, asked):
        parts = [plural(jobset.jobs, "slice"), plural(pods, "host")]
    else:
        parts = [plural(jobset.jobs, "Job"), plural(pods, "host" if asked else "pod")]
    for resource, count in asked.items():
        parts.append(f"{plural(count, str(noun(resource)))} ({resource})")
    return ", ".join(parts)


def _has_slices(jobset: JobSet, asked: Iterable[str]) -> bool:
    """Whether each Job has a slice of TPUs to itself."""
    if not all(jobset.topology(each) for each in jobset.replicated_jobs if each.replicas):
        return False
    return "chip" in map(noun, asked)


def _accelerators(jobset: JobSet) -> dict[str, int]:
    totals: dict[str, int] = {}
    for each in jobset.replicated_jobs:
        for resource, count in accelerators(each.template.pod).items():
            totals[resource] = totals.get(resource, 0) + count * each.pods
    return dict(sorted(totals.items()))


def _jobs(jobset: JobSet, each: ReplicatedJob) -> str:
    template = each.template
    text = f"{each.name}: {plural(each.replicas, 'Job')} of {plural(template.pods, 'pod')}"
    for resource, count in accelerators(template.pod).items():
        text += f" with {count} {resource}"
    completions = template.completions
    if completions is not None and completions > template.parallelism:
        text += f" at a time, {plural(completions, 'completion')} each"
    if not template.is_indexed:
        text += ", without completion indices"
    return text + _range_of_jobs(jobset, each)


def _range_of_jobs(jobset: JobSet, each: ReplicatedJob) -> str:
    if each.replicas == 0:
        return ""
    first = job_name(jobset.name, each.name, 0)
    if each.replicas == 1:
        return f" ({first})"
    return f" ({first} to {job_name(jobset.name, each.name, each.replicas - 1)})"


def _placement(treatment: Treatment) -> list[str]:
    entries = []
    for each in treatment.jobs:
        how = each.exclusivity
        if how.topology is not None:
            means = " and ".join(_means(how))
            name = each.replicated_job.name
            entries.append(f"{name}: each Job has one {how.topology} to itself, by {means}")
    return entries or ["wherever there is room"]


def _means(how: Exclusivity) -> Iterator[str]:
    if how.affinity:
        yield "pod affinity"
    if how.node_selector:
        yield "node selector"
    if how.domains:
        yield "a list of domains"


def _names(jobset: JobSet) -> list[str]:
    if not jobset.network.enabled:
        return ["no stable DNS names"]
    entries = []
    for each in jobset.replicated_jobs:
        if not each.template.is_indexed or not each.replicas:
            continue
        jobs, pods = _range(each.replicas), _range(each.template.completions or each.template.pods)
        entries.append(f"{jobset.name}-{each.name}-{jobs}-{pods}.{jobset.network.subdomain}")
    if jobset.coordinator:
        entries.append(f"coordinator {coordinator_endpoint(jobset)}")
    return entries or [f"Service {jobset.network.subdomain}, no pod with a name of its own"]


def _range(count: int) -> str:
    return "0" if count == 1 else f"[0-{count - 1}]"


def _claims(jobset: JobSet) -> list[str]:
    entries = []
    for each in jobset.claims:
        fate = "kept" if each.retain else "deleted"
        entries.append(f"{claim_name(each.name, jobset.name)}, {fate} when the set is deleted")
    return entries


def _start(jobset: JobSet, treatment: Treatment) -> list[str]:
    return [*_order(jobset), *_gates(jobset, treatment)]


def _order(jobset: JobSet) -> list[str]:
    if jobset.startup_order == "InOrder":
        return ["in order: " + ", then ".join(each.name for each in jobset.replicated_jobs)]
    entries = []
    for each in jobset.replicated_jobs:
        if each.depends_on:
            awaited = [f"{item.name} is {item.status.lower()}" for item in each.depends_on]
            entries.append(f"{each.name} when {' and '.join(awaited)}")
    return entries or ["all at once"]


def _gates(jobset: JobSet, treatment: Treatment) -> list[str]:
    if not treatment.gated:
        return []
    if treatment.is_blocking and jobset.startup_order != "InOrder":
        return ["a scheduling gate holds every pod until the attempt before is gone"]
    names = " and ".join(each.name for each in treatment.gated)
    return [f"until then a scheduling gate holds the pods of {names}"]


def _success(jobset: JobSet) -> str:
    policy = jobset.success_policy
    which = "all Jobs" if policy.operator == "All" else "any Job"
    targets = f" of {', '.join(policy.targets)}" if policy.targets else ""
    return f"when {which}{targets} {'are' if policy.operator == 'All' else 'is'} complete"


def _failure(jobset: JobSet, treatment: Treatment) -> list[str]:
    policy = jobset.failure_policy
    if policy is None:
        return ["the first failed Job fails the set"]
    entries = [_rule(rule) for rule in policy.rules]
    lead = "otherwise a" if entries else "a"
    return [*entries, f"{lead} failed Job {_default(policy, treatment)}"]


def _default(policy: FailurePolicy, treatment: Treatment) -> str:
    if policy.max_restarts <= 0:
        return "fails the set"
    text = f"restarts the whole set, at most {plural(policy.max_restarts, 'time')}"
    if treatment.is_blocking:
        text += ", each attempt after the last one is gone"
    return text


_ACTIONS = {
    "FailJobSet": "the set fails",
    "RestartJobSet": "the whole set restarts",
    "RestartJobSetAndIgnoreMaxRestarts": "the whole set restarts, uncounted",
    "RestartJob": "that Job restarts alone",
    "RestartJobAndIgnoreMaxRestarts": "that Job restarts alone, uncounted",
}


def _rule(rule: FailureRule) -> str:
    conditions = []
    if rule.targets:
        conditions.append(f"in {' or '.join(rule.targets)}")
    if rule.reasons:
        conditions.append(f"with reason {' or '.join(rule.reasons)}")
    if rule.patterns:
        conditions.append(f"whose message has {' or '.join(rule.patterns)}")
    which = "".join(f" {each}" for each in conditions)
    return f"{rule.name}: on a failure{which}, {_ACTIONS.get(rule.action, rule.action)}"


def _end(jobset: JobSet, settings: Settings) -> list[str]:
    seconds = jobset.ttl_seconds_after_finished
    if seconds is None:
        return []
    if settings.tool_owns_jobs:
        return [f"the set stays until Git drops it (ttlSecondsAfterFinished {seconds} is left out)"]
    return [f"its Jobs are deleted {plural(seconds, 'second')} later"]


_WATCHERS_UPDATE = {
    "Recreate": "a changed Job replaces every Job of the set,"
    " once the API server has accepted the new ones",
    "OnRestart": "a changed Job is taken up at the next restart",
    "Block": "a changed Job changes nothing in a set that runs",
}


def _update(settings: Settings) -> str:
    if settings.jobs == "watcher":
        return _WATCHERS_UPDATE[settings.update_policy]
    if not settings.has_tool:
        return "a changed Job has to be deleted first"
    if settings.update_policy != "Recreate":
        return "a changed Job makes the sync fail"
    return "a changed Job replaces every Job of the set"
