"""What the API server checks beyond the schema, as far as people trip over it."""

from __future__ import annotations

from jobsetgen.rules.kubernetes import (
    claims,
    containers,
    devices,
    environment,
    fields,
    files,
    host,
    job,
    metadata,
    pod,
    pod_resources,
    policies,
    ports,
    probes,
    resources,
    scheduling,
    security,
    selector,
    volumes,
    windows,
)

RULES = (
    *resources.RULES,
    *pod_resources.RULES,
    *devices.RULES,
    *metadata.RULES,
    *containers.RULES,
    *ports.RULES,
    *probes.RULES,
    *environment.RULES,
    *fields.RULES,
    *volumes.RULES,
    *files.RULES,
    *claims.RULES,
    *job.RULES,
    *policies.RULES,
    *selector.RULES,
    *pod.RULES,
    *security.RULES,
    *host.RULES,
    *windows.RULES,
    *scheduling.RULES,
)
