"""Explain what will run, as text for reviewers and as data for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jobsetgen.kubernetes.accelerators import noun
from jobsetgen.review.policies import Quote
from jobsetgen.review.summary import Group, Summary
from jobsetgen.review.terminal import harmless
from jobsetgen.words import listed, plural

_LABEL = 11


def as_text(summary: Summary) -> str:
    """Return the explanation of one JobSet, a table of facts."""
    lines = [harmless(headline(summary)), ""]
    lines += _table("Jobs", list(groups(summary)) or ["none"])
    lines += _table("Images", summary.images)
    lines += _table("Placement", placement(summary))
    lines += _table("Names", _names(summary))
    lines += _table("Claims", _claims(summary))
    lines += _table("Start", summary.start)
    lines += _table("Success", [summary.success])
    lines += _table("Failure", summary.failure)
    lines += _table("After end", summary.after_end)
    lines += _table("Watcher", summary.watcher)
    lines += _table("Update", [summary.update])
    lines += _table("Generation", [summary.generation])
    return "".join(f"{line}\n" for line in lines)


def _table(label: str, entries: Sequence[str]) -> Iterator[str]:
    for index, entry in enumerate(entries):
        yield f"  {label if index == 0 else '':{_LABEL}} {harmless(entry)}".rstrip()


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


def as_json(summaries: Iterable[Summary]) -> str:
    """Return the explanations of JobSets as a JSON document. New releases only add fields."""
    document = {"version": 1, "jobSets": [as_data(summary) for summary in summaries]}
    return json.dumps(document, indent=2) + "\n"


def as_data(summary: Summary) -> dict[str, Any]:
    """Return the explanation of one JobSet as data."""
    return {
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
        "start": list(summary.start),
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
        "firstJob": group.names[0] if group.names else None,
        "lastJob": group.names[-1] if group.names else None,
    }
