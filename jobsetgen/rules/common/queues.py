"""Queues of Kueue that Jobs or pods name. Kueue reads an empty name as none."""

from __future__ import annotations

from collections.abc import Mapping

from jobsetgen.model import keys
from jobsetgen.model.jobset import ReplicatedJob


def names_queue(each: ReplicatedJob) -> bool:
    """Whether the Jobs of a replicatedJob or their pods name a queue."""
    levels = (each.template.labels, each.template.pod_labels)
    return any(has_queue(labels) for labels in levels)


def has_queue(labels: Mapping[str, str]) -> bool:
    """Whether labels name a queue."""
    return bool(labels.get(keys.KUEUE_QUEUE))
