"""Draw a JobSet as a Mermaid flowchart, in the words of `explain`.

Each replicatedJob is a box with its Jobs, all in the box `Jobs`. Solid arrows are the startup
order; a dotted arrow leads from the restart-watcher to the Jobs. The ids of nodes are generated:
text of the input is only ever in labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from jobsetgen.naming import job_name
from jobsetgen.review.explain import headline, pods, size
from jobsetgen.review.mermaid import label
from jobsetgen.review.summary import Group, Place, Summary
from jobsetgen.words import plural

_MOST_CHARACTERS = 20_000

# More would fill several pages. With the few Jobs that are not grouped, a picture has at most 40
# nodes and boxes.
_MOST_REPLICATED_JOBS = 20

# Mermaid rejects more than 500; so many are already a tangle.
_MOST_ARROWS = 100

# From this number of Jobs in a set on, those of a replicatedJob are one node.
_GROUPED_FROM = 8

# Longer chains are drawn from top to bottom, to fit the width of a page.
_LONGEST_ROW = 3

_ARROW = "-->"


def picture(summary: Summary) -> str:
    """Return the Mermaid source of a JobSet's picture, without a fence around it.

    It has at most 200 nodes and 20,000 characters for any set. The replicatedJobs that do not fit
    are one node, which says how many they are.
    """
    most = min(len(summary.groups), _MOST_REPLICATED_JOBS)
    candidates = (_drawn(summary, count) for count in range(most, -1, -1))
    return next(text for text in candidates if _fits(text))


def _fits(text: str) -> bool:
    return len(text) <= _MOST_CHARACTERS and text.count(_ARROW) <= _MOST_ARROWS


def _drawn(summary: Summary, count: int) -> str:
    """Return the picture with the first `count` replicatedJobs."""
    # The titles of boxes are short: many releases of Mermaid hide all but the first line of them.
    lines = [
        "flowchart TB",
        f"  jobset[{label(headline(summary))}]",
        *_jobs(summary, count),
        *_watcher(summary),
        *_service(summary),
    ]
    return "".join(f"{line}\n" for line in lines)


def _jobs(summary: Summary, count: int) -> Iterator[str]:
    """Yield the box of all Jobs."""
    if not summary.groups:
        return
    yield f"  subgraph jobs[{label('Jobs')}]"
    yield f"    direction {_direction(summary)}"
    for line in chain(_replicated_jobs(summary, count), _arrows(summary, count)):
        yield f"    {line}"
    yield "  end"
    yield "  jobset --- jobs"


def _direction(summary: Summary) -> str:
    return "LR" if _longest_chain(summary) <= _LONGEST_ROW else "TB"


def _longest_chain(summary: Summary) -> int:
    """Return the number of replicatedJobs in the longest chain of those that wait for another."""
    # A replicatedJob waits only for earlier ones.
    lengths: dict[str, int] = {}
    for wait in summary.order:
        length = lengths.get(wait.awaited, 1) + 1
        lengths[wait.replicated_job] = max(length, lengths.get(wait.replicated_job, 1))
    return max(lengths.values(), default=1)


def _replicated_jobs(summary: Summary, count: int) -> Iterator[str]:
    places = {each.replicated_job: each for each in summary.places}
    for index, group in enumerate(summary.groups[:count]):
        yield from _replicated_job(summary, index, group, places.get(group.name))
    if rest := summary.groups[count:]:
        yield f"more[{label(*_rest(rest))}]"


def _replicated_job(
    summary: Summary, index: int, group: Group, place: Place | None
) -> Iterator[str]:
    if summary.jobs >= _GROUPED_FROM or not group.jobs:
        yield f"{_id(index)}[{label(*_grouped(group, place))}]"
        return
    yield f"subgraph {_id(index)}[{label(group.name)}]"
    # Unconnected nodes are below each other; without a direction, they would be side by side.
    yield "  direction LR"
    for job in range(group.jobs):
        yield f"  {_id(index)}_{job}[{label(*_job(summary, group, job, place))}]"
    yield "end"


def _id(index: int) -> str:
    return f"r{index}"


def _grouped(group: Group, place: Place | None) -> Iterator[str]:
    """Yield the lines of the node for all Jobs of a replicatedJob."""
    indexes = f" 0 … {group.jobs - 1}" if group.jobs > 1 else ""
    yield f"{group.name}{indexes}: {size(group)}"
    if place is not None:
        yield f"each Job has one {place.topology} to itself"


def _job(summary: Summary, group: Group, index: int, place: Place | None) -> Iterator[str]:
    """Yield the lines of the node for one Job."""
    yield job_name(summary.name, group.name, index)
    yield pods(group)
    if place is not None and place.domains:
        yield f"{place.topology} {place.domains[index]} to itself"
    elif place is not None:
        yield f"one {place.topology} to itself"


def _rest(groups: Sequence[Group]) -> Iterator[str]:
    """Yield the lines of the node for the replicatedJobs that are not shown."""
    yield f"and {plural(len(groups), 'more replicatedJob')}"
    jobs = sum(each.jobs for each in groups)
    running = sum(each.jobs * each.pods for each in groups)
    yield f"{plural(jobs, 'Job')}, {plural(running, 'pod')}"


def _arrows(summary: Summary, count: int) -> Iterator[str]:
    """Yield the arrows of the startup order, each once."""
    ids = _ids(summary, count)
    arrows = {
        (ids[each.awaited], label(f"is {each.status}"), ids[each.replicated_job]): None
        for each in summary.order
    }
    for start, status, end in arrows:
        if start != end:
            yield f"{start} {_ARROW}|{status}| {end}"


def _ids(summary: Summary, count: int) -> Mapping[str, str]:
    """Return the id of the node of each replicatedJob, by name."""
    return {
        group.name: _id(index) if index < count else "more"
        for index, group in enumerate(summary.groups)
    }


def _watcher(summary: Summary) -> Iterator[str]:
    if summary.watcher_job is None:
        return
    yield f"  watcher[{label(f'Job {summary.watcher_job}')}]"
    does = "creates and watches" if summary.mode == "watcher" else "watches"
    yield f"  watcher -.->|{label(does)}| {_middle(summary)}"


def _service(summary: Summary) -> Iterator[str]:
    if summary.subdomain is None:
        return
    yield f"  service[{label(*_names(summary, summary.subdomain))}]"
    yield f"  {_middle(summary)} --- service"


def _middle(summary: Summary) -> str:
    """Return the id of what the watcher and the Service belong to: without Jobs, the set."""
    return "jobs" if summary.groups else "jobset"


def _names(summary: Summary, subdomain: str) -> Iterator[str]:
    """Yield the lines of the Service's node; the names of pods follow from those of their Jobs."""
    yield f"Service {subdomain}"
    if not summary.hosts:
        yield "no stable pod names"
    if summary.coordinator is not None:
        yield f"coordinator {summary.coordinator}"
