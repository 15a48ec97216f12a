"""Describe the queue of a replicatedJob: where Kueue's labels are, and what waits together."""

from __future__ import annotations

from dataclasses import dataclass

from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue of Kueue: its name, what it admits at once (Job, pod or pod group), the priority.

    `priority` is the name of a WorkloadPriorityClass, or empty.
    """

    name: str
    unit: str
    priority: str


def queue(template: JobTemplate) -> Queue | None:
    """Return the queue of a Job or of its pods, or None. Labels of the JobSet have no effect."""
    for unit, labels in (("Job", template.labels), ("pod", template.pod_labels)):
        name = labels.get(keys.KUEUE_QUEUE)
        if name:
            is_group = unit == "pod" and keys.KUEUE_POD_GROUP in labels
            priority = labels.get(keys.KUEUE_PRIORITY, "")
            return Queue(name=name, unit="pod group" if is_group else unit, priority=priority)
    return None
