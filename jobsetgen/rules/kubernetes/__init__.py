"""What the API server checks beyond the schema, as far as people trip over it."""

from __future__ import annotations

from jobsetgen.rules.kubernetes import containers, environment, job, metadata, pod, resources, volumes

RULES = (
    *resources.RULES,
    *metadata.RULES,
    *containers.RULES,
    *environment.RULES,
    *volumes.RULES,
    *job.RULES,
    *pod.RULES,
)
