"""What will run, in words: for the reader of a PR, and for whoever wonders what a spec means."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.jobs import coordinator_endpoint
from jobsetgen.expand.placement import exclusivity
from jobsetgen.kubernetes.accelerators import accelerators, noun
from jobsetgen.model.duties import is_blocking, is_gated
from jobsetgen.model.jobset import FailurePolicy, FailureRule, JobSet, ReplicatedJob
from jobsetgen.naming import claim_name, job_name
from jobsetgen.options.table import Settings
from jobsetgen.review.watcher import watcher
from jobsetgen.words import plural

_LABEL = 11


def explain(expansion: Expansion, settings: Settings) -> str:
    """Return the explanation of one JobSet."""
    jobset = expansion.jobset
    where = f" in namespace {jobset.namespace}" if jobset.namespace else ""
    suspended = ", suspended" if jobset.suspend else ""
    lines = [f"JobSet {jobset.name}{where}: {_totals(jobset)}{suspended}", ""]
    lines += _table("Jobs", [_jobs(jobset, each) for each in jobset.replicated_jobs] or ["none"])
    lines += _table("Placement", _placement(jobset, settings))
    lines += _table("Names", _names(jobset))
    lines += _table("Claims", _claims(jobset))
    lines += _table("Start", _start(jobset, settings))
    lines += _table("Success", [_success(jobset)])
    lines += _table("Failure", _failure(jobset))
    lines += _table("After end", _end(jobset, settings))
    lines += _table("Watcher", watcher(jobset, settings))
    lines += _table("Update", [_update(settings)])
    lines += _table("Generation", [expansion.generation])
    return "".join(f"{line}\n" for line in lines)


def _table(label: str, entries: list[str]) -> Iterator[str]:
    for index, entry in enumerate(entries):
        yield f"  {label if index == 0 else '':{_LABEL}} {entry}".rstrip()


def _totals(jobset: JobSet) -> str:
    """Say the set's size in the trade's words: slices of hosts with chips for TPUs, else domains, Jobs, pods."""
    pods = sum(each.pods for each in jobset.replicated_jobs)
    asked = _accelerators(jobset)
    nouns = {noun(resource) for resource in asked}
    with_chips = "chip" in nouns
    exclusive = sum(each.replicas for each in jobset.replicated_jobs if jobset.topology(each))
    parts = []
    if exclusive == jobset.jobs and with_chips:
        parts += [plural(jobset.jobs, "slice"), plural(pods, "host")]
    else:
        parts += [plural(jobset.jobs, "Job"), plural(pods, "host" if asked else "pod")]
    parts += [
        f"{plural(count, str(noun(resource)))} ({resource})" for resource, count in asked.items()
    ]
    return ", ".join(parts)


def _accelerators(jobset: JobSet) -> dict[str, int]:
    totals: dict[str, int] = {}
    for each in jobset.replicated_jobs:
        for resource, count in accelerators(each.template.pod).items():
            totals[resource] = totals.get(resource, 0) + count * each.pods
    return dict(sorted(totals.items()))


def _jobs(jobset: JobSet, each: ReplicatedJob) -> str:
    asked = "".join(
        f" with {count} {resource}" for resource, count in accelerators(each.template.pod).items()
    )
    text = (
        f"{each.name}: {plural(each.replicas, 'Job')} of {plural(each.template.pods, 'pod')}{asked}"
    )
    completions = each.template.completions
    if completions is not None and completions > each.template.parallelism:
        text += f" at a time, {plural(completions, 'completion')} each"
    if not each.template.is_indexed:
        text += ", without completion indices"
    if each.replicas == 0:
        return text
    first, last = (job_name(jobset.name, each.name, index) for index in (0, each.replicas - 1))
    return f"{text} ({first})" if first == last else f"{text} ({first} to {last})"


def _placement(jobset: JobSet, settings: Settings) -> list[str]:
    entries = []
    for each in jobset.replicated_jobs:
        how = exclusivity(jobset, each, settings)
        if how.topology is None:
            continue
        by = [
            name
            for name, used in (("pod affinity", how.affinity), ("node selector", how.node_selector))
            if used
        ]
        by += ["a list of domains"] if how.domains else []
        entries.append(
            f"{each.name}: each Job has one {how.topology} to itself, by {' and '.join(by)}"
        )
    return entries or ["wherever there is room"]


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
    return [
        f"{claim_name(each.name, jobset.name)}, {'kept' if each.retain else 'deleted'} when the set is deleted"
        for each in jobset.claims
    ]


def _start(jobset: JobSet, settings: Settings) -> list[str]:
    gated = [each.name for each in jobset.replicated_jobs if is_gated(jobset, each, settings)]
    held = (
        [f"until then a scheduling gate holds the pods of {' and '.join(gated)}"] if gated else []
    )
    if jobset.startup_order == "InOrder":
        return ["in order: " + ", then ".join(each.name for each in jobset.replicated_jobs), *held]
    entries = []
    for each in jobset.replicated_jobs:
        if each.depends_on:
            waits = " and ".join(
                f"{item.name} is {item.status.lower()}" for item in each.depends_on
            )
            entries.append(f"{each.name} when {waits}")
    if gated and is_blocking(jobset):
        held = ["a scheduling gate holds every pod until the attempt before is gone"]
    return [*(entries or ["all at once"]), *held]


def _success(jobset: JobSet) -> str:
    policy = jobset.success_policy
    which = "all Jobs" if policy.operator == "All" else "any Job"
    targets = f" of {', '.join(policy.targets)}" if policy.targets else ""
    return f"when {which}{targets} {'are' if policy.operator == 'All' else 'is'} complete"


def _failure(jobset: JobSet) -> list[str]:
    policy = jobset.failure_policy
    if policy is None:
        return ["the first failed Job fails the set"]
    entries = [_rule(rule) for rule in policy.rules]
    return [*entries, _default(policy, bool(entries))]


def _default(policy: FailurePolicy, otherwise: bool) -> str:
    lead = "otherwise a" if otherwise else "a"
    if policy.max_restarts <= 0:
        return f"{lead} failed Job fails the set"
    blocking = (
        ", each attempt after the last one is gone"
        if policy.restart_strategy == "BlockingRecreate"
        else ""
    )
    return (
        f"{lead} failed Job restarts the whole set, at most"
        f" {plural(policy.max_restarts, 'time')}{blocking}"
    )


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
    "Recreate": "a changed Job replaces every Job of the set, once the API server has accepted the new ones",
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
