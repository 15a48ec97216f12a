"""The JobSet, frozen and with its defaults applied. Job and pod templates stay plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One item of dependsOn: the replicatedJob to wait for, and its status, Ready or Complete."""

    path: Path
    name: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicatedJob:
    """Jobs that differ only in their index.

    `depends_on` is None where the field is absent; an empty list is not.
    """

    path: Path
    name: str
    group_name: str
    replicas: int
    template: JobTemplate
    depends_on: tuple[Dependency, ...] | None

    @property
    def pods(self) -> int:
        """How many pods run at once, over all of its Jobs."""
        return self.replicas * self.template.pods


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The pods' stable DNS names.

    Whether pods get them, below which subdomain, and whether those of unready pods resolve.
    """

    enabled: bool
    subdomain: str
    publish_not_ready_addresses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessPolicy:
    """When the set is complete; no targets means all replicatedJobs."""

    path: Path
    operator: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRule:
    """What to do when a Job fails in a certain way."""

    path: Path
    name: str
    action: str
    reasons: tuple[str, ...]
    patterns: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailurePolicy:
    """What the set does when a Job fails."""

    path: Path
    max_restarts: int
    restart_strategy: str
    rules: tuple[FailureRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinator:
    """The pod whose endpoint every other pod learns."""

    path: Path
    replicated_job: str
    job_index: int
    pod_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTemplate:
    """A PersistentVolumeClaim shared by the set, and whether it outlives it."""

    path: Path
    name: str
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    retain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSet:
    """One JobSet. `namespace` is None where none is known."""

    name: str
    generate_name: str
    namespace: str | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    replicated_jobs: tuple[ReplicatedJob, ...]
    network: Network
    success_policy: SuccessPolicy
    failure_policy: FailurePolicy | None
    startup_order: str
    coordinator: Coordinator | None
    claims: tuple[ClaimTemplate, ...]
    suspend: bool
    ttl_seconds_after_finished: int | None
    managed_by: str | None

    @property
    def hash_namespace(self) -> str:
        """The namespace that keys and UIDs are made from; kubectl's default where none is known."""
        return self.namespace or "default"

    @property
    def jobs(self) -> int:
        """How many Jobs it expands to."""
        return sum(each.replicas for each in self.replicated_jobs)

    def replicated_job(self, name: str) -> ReplicatedJob | None:
        """Return the replicatedJob of a name."""
        return next((each for each in self.replicated_jobs if each.name == name), None)

    def job_annotations(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        """Return a child Job's annotations with those of placement, as the controller sets them."""
        return {**replicated_job.template.annotations, **self._placement(replicated_job)}

    def pod_annotations(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        """Return the pods' annotations with those of placement, as the controller sets them."""
        return {**replicated_job.template.pod_annotations, **self._placement(replicated_job)}

    def _placement(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        # Each level's node-selector counts only beside exclusive-topology at that level; the nearer
        # topology wins.
        found: dict[str, str] = {}
        for level in (self.annotations, replicated_job.template.annotations):
            if keys.EXCLUSIVE_TOPOLOGY in level:
                found[keys.EXCLUSIVE_TOPOLOGY] = level[keys.EXCLUSIVE_TOPOLOGY]
                if keys.NODE_SELECTOR in level:
                    found[keys.NODE_SELECTOR] = level[keys.NODE_SELECTOR]
        return found

    def topology(self, replicated_job: ReplicatedJob) -> str | None:
        """Return the node label key of exclusive placement, or None without it."""
        return self.pod_annotations(replicated_job).get(keys.EXCLUSIVE_TOPOLOGY)

    @property
    def is_exclusive(self) -> bool:
        """Whether any of its Jobs is placed exclusively."""
        return any(self.topology(each) for each in self.replicated_jobs)
