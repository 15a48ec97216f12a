"""Queues of Kueue that Jobs or pods name."""

from __future__ import annotations

from jobsetgen.model import keys
from jobsetgen.model.jobset import ReplicatedJob


def names_queue(each: ReplicatedJob) -> bool:
    """Whether the Jobs of a replicatedJob or their pods name a queue."""
    levels = (each.template.labels, each.template.pod_labels)
    return any(keys.KUEUE_QUEUE in labels for labels in levels)
