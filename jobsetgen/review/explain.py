"""Explain what will run, as text for reviewers and as data for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.kubernetes.accelerators import noun
from jobsetgen.review.policies import Quote
from jobsetgen.review.summary import Group, Resources, Summary
from jobsetgen.review.terminal import harmless
from jobsetgen.words import listed, plural

_LABEL = 11


NO_RESOURCES = "no requests or limits"
"""What is said of the resources of a set that sets none."""


def as_text(summary: Summary, width: int | None = None) -> str:
    """Return the explanation of one JobSet, a table of facts.

    Facts are wrapped at a width in columns; without one, each is one line.
    """
    lines = list(_wrapped(headline(summary), "", "  ", width))
    lines.append("")
    for label, entries in _facts(summary).items():
        for index, entry in enumerate(entries):
            lead = f"  {label if index == 0 else '':{_LABEL}} "
            lines += _wrapped(entry, lead, f"{'':{len(lead) + 2}}", width)
    return "".join(f"{line}\n" for line in lines)


def _facts(summary: Summary) -> dict[str, Sequence[str]]:
    """Return all facts by their labels, in order."""
    return {
        "Jobs": list(groups(summary)) or ["none"],
        "Images": _images(summary),
        "Resources": [*_pod_totals(summary), *resources(summary)] or [NO_RESOURCES],
        "Placement": placement(summary),
        "Queue": list(_queues(summary)),
        "Storage": list(_storage(summary)),
        "Claims": _claims(summary),
        "Names": _names(summary),
        "Start": _start(summary),
        "Success": [summary.success],
        "Failure": summary.failure,
        "After end": summary.after_end,
        "Watcher": summary.watcher,
        "Update": [summary.update],
        "Generation": [summary.generation] if summary.generation else [],
    }


def _wrapped(text: str, lead: str, later_lead: str, width: int | None) -> Iterator[str]:
    """Yield the lines of a text behind a lead; of a name that is longer than a line, all of it."""
    line = f"{lead}{harmless(text)}".rstrip()
    if width is None or len(line) <= width:
        yield line
        return
    yield from textwrap.wrap(
        line,
        width,
        subsequent_indent=later_lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


def headline(summary: Summary) -> str:
    """Return a set's name, size and state."""
    return f"{title(summary)}: {extent(summary)}"


def title(summary: Summary, quote: Quote = str) -> str:
    """Return a set's kind, name and namespace."""
    where = f" in namespace {quote(summary.namespace)}" if summary.namespace else ""
    return f"JobSet {quote(summary.name)}{where}"


def extent(summary: Summary, quote: Quote = str) -> str:
    """Return a set's totals, and whether it is suspended."""
    return totals(summary, quote) + (", suspended" if summary.is_suspended else "")


def totals(summary: Summary, quote: Quote = str) -> str:
    """Return a set's size in the terms of its accelerators: TPUs have slices, hosts and chips."""
    asked = summary.accelerators
    if summary.is_sliced and "chip" in map(noun, asked):
        parts = [plural(summary.jobs, "slice"), plural(summary.pods, "host")]
    else:
        parts = [plural(summary.jobs, "Job"), plural(summary.pods, "host" if asked else "pod")]
    return ", ".join([*parts, *amounts(asked, quote)])


def amounts(accelerators: Mapping[str, int], quote: Quote = str) -> Iterator[str]:
    """Yield the number of each accelerator, with its noun and its resource."""
    for resource, count in accelerators.items():
        yield f"{plural(count, str(noun(resource)))} ({quote(resource)})"


def groups(summary: Summary, quote: Quote = str) -> Iterator[str]:
    """Yield the Jobs of each replicatedJob."""
    for group in summary.groups:
        yield _group(group, quote)


def _group(group: Group, quote: Quote) -> str:
    text = f"{quote(group.name)}: {size(group, quote)}"
    return f"{text} ({' to '.join(map(quote, group.names))})" if group.names else text


def size(group: Group, quote: Quote = str) -> str:
    """Return the number of Jobs of a replicatedJob and what one of them is."""
    return f"{plural(group.jobs, 'Job')} of {pods(group, quote)}"


def pods(group: Group, quote: Quote = str) -> str:
    """Return the pods of one Job of a replicatedJob: their number, accelerators, completions."""
    text = plural(group.pods, "pod")
    for resource, count in group.accelerators.items():
        text += f" with {count} {quote(resource)}"
    if group.completions is not None:
        text += f" at a time, {plural(group.completions, 'completion')} each"
    if not group.is_indexed:
        text += ", without completion indices"
    return text


def placement(summary: Summary, quote: Quote = str) -> list[str]:
    """Return where the pods of each replicatedJob may run, and what they have to themselves."""
    entries = [
        f"{quote(each.replicated_job)}: each Job has one {quote(each.topology)} to itself,"
        f" by {' and '.join(each.means)}"
        for each in summary.places
    ]
    exclusive = {each.replicated_job for each in summary.places}
    for group in summary.groups:
        if group.node_labels:
            labels = listed([quote(f"{key}={value}") for key, value in group.node_labels.items()])
            shared = "" if group.name in exclusive else " (not exclusive)"
            entries.append(f"{quote(group.name)}: nodes labelled {labels}{shared}")
    return entries or ["any suitable node (not exclusive)"]


def _images(summary: Summary) -> list[str]:
    return [f"{group.name}: {image}" for group in summary.groups for image in group.images]


def _pod_totals(summary: Summary) -> Iterator[str]:
    """Yield what one pod of each replicatedJob requests in total."""
    for group in summary.groups:
        if group.requests:
            yield f"{group.name}: each pod requests {_quantities(group.requests, str)}"


def resources(summary: Summary, quote: Quote = str) -> Iterator[str]:
    """Yield what each container of a replicatedJob requests, and its limits."""
    for group in summary.groups:
        for each in group.resources:
            whose = f"container {quote(each.container)}" if each.container else "each pod"
            yield f"{quote(group.name)}, {whose}: {'; '.join(_demands(each, quote))}"


def _demands(demanded: Resources, quote: Quote) -> Iterator[str]:
    if demanded.requests:
        yield f"requests {_quantities(demanded.requests, quote)}"
    if demanded.limits:
        yield f"limits {_quantities(demanded.limits, quote)}"
    if demanded.claims:
        yield f"claims {', '.join(map(quote, demanded.claims))}"


def _quantities(amounts: Mapping[str, str], quote: Quote) -> str:
    return ", ".join(quote(f"{resource}: {amount}") for resource, amount in amounts.items())


def _queues(summary: Summary) -> Iterator[str]:
    """Yield the queue of each replicatedJob that has one, and what waits there together."""
    for group in summary.groups:
        queue = group.queue
        if queue is not None:
            priority = f" with priority class {queue.priority}" if queue.priority else ""
            yield f"{group.name}: each {queue.unit} waits on its own in queue {queue.name}{priority}"


def _storage(summary: Summary) -> Iterator[str]:
    """Yield the volumes with data of each replicatedJob, and where its containers find them."""
    for group in summary.groups:
        for volume in group.volumes:
            where = f" at {listed(volume.paths)}" if volume.paths else ", not mounted"
            yield f"{group.name}: {volume.source}{where}"


def _names(summary: Summary) -> list[str]:
    if summary.subdomain is None:
        return ["no stable DNS names"]
    entries = list(summary.hosts)
    if summary.coordinator:
        entries.append(f"coordinator {summary.coordinator}")
    return entries or [f"Service {summary.subdomain}, no stable pod names"]


def _claims(summary: Summary) -> list[str]:
    return [
        f"{each.name}, {'kept' if each.is_kept else 'deleted'} when the set is deleted"
        for each in summary.claims
    ]


def _start(summary: Summary) -> list[str]:
    """Return the startup order, and when it is the turn of the next under InOrder."""
    if not summary.is_in_order or not summary.order:
        return list(summary.start)
    in_order, *others = summary.start
    return [in_order, "each when the one before it is ready, not when it is complete", *others]


def as_data(summaries: Iterable[tuple[str | None, Summary]]) -> dict[str, Any]:
    """Return the explanations of JobSets as the data of a JSON document.

    Each comes with the folder of its project, or None. New releases only add fields.
    """
    sets = [data_of(summary, project) for project, summary in summaries]
    return {"version": 1, "jobSets": sets}


def data_of(summary: Summary, project: str | None = None) -> dict[str, Any]:
    """Return the explanation of one JobSet as data."""
    return {
        "project": project,
        "namespace": summary.namespace,
        "name": summary.name,
        "suspended": summary.is_suspended,
        "jobs": summary.jobs,
        "pods": summary.pods,
        "accelerators": dict(summary.accelerators),
        "images": list(summary.images),
        "replicatedJobs": [_group_data(each) for each in summary.groups],
        "placement": [
            {
                "replicatedJob": each.replicated_job,
                "topology": each.topology,
                "means": list(each.means),
            }
            for each in summary.places
        ],
        "subdomain": summary.subdomain,
        "hosts": list(summary.hosts),
        "coordinator": summary.coordinator,
        "claims": [{"name": each.name, "kept": each.is_kept} for each in summary.claims],
        "start": _start(summary),
        "success": summary.success,
        "failure": list(summary.failure),
        "afterEnd": list(summary.after_end),
        "watcher": list(summary.watcher),
        "update": summary.update,
        "generation": summary.generation,
    }


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "jobs": group.jobs,
        "podsPerJob": group.pods,
        "completionsPerJob": group.completions or group.pods,
        "indexed": group.is_indexed,
        "acceleratorsPerPod": dict(group.accelerators),
        "images": list(group.images),
        "requestsPerPod": dict(group.requests),
        "containers": [_resources_data(each) for each in group.resources if each.container],
        "nodeSelector": dict(group.node_labels),
        "volumes": [
            {"name": each.name, "source": each.source, "paths": list(each.paths)}
            for each in group.volumes
        ],
        "queue": group.queue.name if group.queue else None,
        "firstJob": group.names[0] if group.names else None,
        "lastJob": group.names[-1] if group.names else None,
    }


def _resources_data(each: Resources) -> dict[str, Any]:
    return {
        "name": each.container,
        "requests": dict(each.requests),
        "limits": dict(each.limits),
        "claims": list(each.claims),
    }
