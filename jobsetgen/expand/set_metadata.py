"""The JobSet's own labels and annotations, on the objects that stand for the set.

These are its Service, its claims, and the ConfigMaps and the Job of its watcher: their metadata
only. Nothing here reaches a pod, a training Job, the plan's data or the generation, so that a
changed label restarts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from jobsetgen.expand.objects import Object
from jobsetgen.kubernetes.labels import MAX_ANNOTATIONS, annotations_size
from jobsetgen.kubernetes.tool_keys import kept_on_the_jobset
from jobsetgen.model.jobset import JobSet


def with_set_metadata(item: Object, jobset: JobSet) -> Object:
    """Return an object of a set with the labels and annotations of its JobSet.

    Those of the object itself win. Without room for all annotations, it gets none of the JobSet's.
    """
    metadata = item["metadata"]
    labels = {**_copied(jobset.labels), **(metadata.get("labels") or {})}
    annotations = {**_copied(jobset.annotations), **(metadata.get("annotations") or {})}
    if annotations_size(annotations) > MAX_ANNOTATIONS:
        annotations = metadata.get("annotations") or {}

    found = {"labels": labels, "annotations": annotations}
    return {**item, "metadata": {**metadata, **{key: each for key, each in found.items() if each}}}


def _copied(entries: Mapping[str, str]) -> dict[str, str]:
    """Return the labels or annotations that mean the same on every object."""
    return {key: value for key, value in entries.items() if not kept_on_the_jobset(key)}
