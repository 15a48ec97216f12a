"""JSG617: unread key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from jobsetgen.diagnostics import Finding, Path
from jobsetgen.kubernetes.tool_keys import Place, ToolKeys, allocates_costs, kept_on_the_jobset
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.template import JobTemplate
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.queues import has_queue
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import manual
from jobsetgen.words import listed

_Lookup = Callable[[str], ToolKeys | None]


class _Unread(NamedTuple):
    """A key of the JobSet that a tool looks for elsewhere."""

    path: Path
    key: str
    tool: str
    place: Place


@jobset_rule(
    "JSG617",
    "notice",
    since="0.1",
    source=manual("docs/from-jobset.md", "Labels and annotations of the JobSet"),
)
def unread_key(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A tool will not find a label or an annotation of the JobSet, because the output has no JobSet.

    Labels and annotations of a JobSet are copied to its Service, its claims, and the ConfigMaps and
    the Job of its restart-watcher, but not to its Jobs and pods. Kueue, the Slurm bridge, the KAI
    scheduler and the TPU provisioner read their keys from the JobSet: without one, from each Job or
    from its pods. The hint names the templates. These keys are not copied to any object, because
    such a tool would act on the watcher as well. Tools that allocate costs read the labels of pods.
    JSG503 reports the name of a Kueue queue.

    Notice because everything else runs as it should; the time limit, the priority or the account
    that the key asks for is missing.

    Bad::

        metadata:
          labels: {kueue.x-k8s.io/max-exec-time-seconds: "3600"}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                labels: {kueue.x-k8s.io/max-exec-time-seconds: "3600"}
    """
    unread = list(_unread(jobset))
    if not unread:
        return
    tools = listed(list(dict.fromkeys(each.tool for each in unread)))
    message = (
        f"{tools} will not find {listed([each.key for each in unread])}: the JobSet's own labels"
        " and annotations are not copied to its Jobs and pods"
    )
    yield Finding(path=unread[0].path, message=message, hint=_hint(unread), on_key=True)


def _hint(unread: list[_Unread]) -> str:
    """Say on which templates the keys belong."""
    by_place: dict[Place, list[str]] = {}
    for each in unread:
        by_place.setdefault(each.place, []).append(each.key)
    parts = [f"{listed(found)} on the {place} templates" for place, found in by_place.items()]
    return f"Set {listed(parts)}."


def _unread(jobset: JobSet) -> Iterator[_Unread]:
    yield from _of(jobset, "labels", jobset.labels, kept_on_the_jobset)
    yield from _of(jobset, "annotations", jobset.annotations, kept_on_the_jobset)
    yield from _of(jobset, "labels", jobset.labels, allocates_costs)


def _of(
    jobset: JobSet, kind: str, entries: Mapping[str, str], lookup: _Lookup
) -> Iterator[_Unread]:
    """Yield the entries whose tool does not find them on any template."""
    for key in entries:
        found = lookup(key)
        if found is None or not found.place or key == keys.KUEUE_QUEUE:
            continue
        place = _place(jobset, found)
        if not _is_on_templates(jobset, place, kind, key):
            yield _Unread(("metadata", kind, key), key, found.tool, place)


def _place(jobset: JobSet, found: ToolKeys) -> Place:
    """Return the template on which a tool finds its keys: Kueue, on that with the queue's name."""
    if found.tool == "Kueue" and any(
        has_queue(each.template.pod_labels) for each in jobset.replicated_jobs
    ):
        return "pod"
    return found.place


def _is_on_templates(jobset: JobSet, place: Place, kind: str, key: str) -> bool:
    """Whether every Job or every pod has a key of its own."""
    templates = [each.template for each in jobset.replicated_jobs if each.replicas]
    return all(key in _entries(each, place, kind) for each in templates)


def _entries(template: JobTemplate, place: Place, kind: str) -> Mapping[str, str]:
    """Return the labels or the annotations that a template gives its Jobs or its pods."""
    if place == "pod":
        return template.pod_labels if kind == "labels" else template.pod_annotations
    return template.labels if kind == "labels" else template.annotations
