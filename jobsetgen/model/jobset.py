"""The JobSet, frozen and with its defaults applied. Job and pod templates stay plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.model import keys
from jobsetgen.model.template import JobTemplate


class Dependency(NamedTuple):
    """One item of dependsOn: the replicatedJob to wait for, and its status, Ready or Complete."""

    path: Path
    name: str
    status: str


class ReplicatedJob(NamedTuple):
    """A replicatedJob: Jobs that differ only in their index.

    `depends_on` is None if the field is absent, and empty for an empty list.
    """

    path: Path
    name: str
    group_name: str
    replicas: int
    template: JobTemplate
    depends_on: tuple[Dependency, ...] | None

    @property
    def pods(self) -> int:
        """The number of pods that run at the same time in all of its Jobs."""
        return self.replicas * self.template.pods


class Network(NamedTuple):
    """The settings of the pods' stable DNS names.

    They are whether pods have them, the subdomain, and whether those of unready pods resolve.
    """

    enabled: bool
    subdomain: str
    publish_not_ready_addresses: bool


class SuccessPolicy(NamedTuple):
    """The condition for the set's success; without targets, it applies to all replicatedJobs."""

    path: Path
    operator: str
    targets: tuple[str, ...]


class FailureRule(NamedTuple):
    """A rule of the failure policy: an action for failures that match its conditions."""

    path: Path
    name: str
    action: str
    reasons: tuple[str, ...]
    patterns: tuple[str, ...]
    targets: tuple[str, ...]


class FailurePolicy(NamedTuple):
    """The failure policy: what happens when a Job fails."""

    path: Path
    max_restarts: int
    restart_strategy: str
    rules: tuple[FailureRule, ...]


class Coordinator(NamedTuple):
    """The pod whose endpoint all pods get."""

    path: Path
    replicated_job: str
    job_index: int
    pod_index: int


class ClaimTemplate(NamedTuple):
    """A template of a PersistentVolumeClaim; with `retain`, the claim outlives the set."""

    path: Path
    name: str
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]
    retain: bool


class JobSet(NamedTuple):
    """One JobSet. `namespace` is None if it is unknown."""

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
        """The namespace for deriving keys and UIDs; kubectl's default if it is unknown."""
        return self.namespace or "default"

    @property
    def jobs(self) -> int:
        """The number of Jobs that it expands to."""
        return sum(each.replicas for each in self.replicated_jobs)

    def replicated_job(self, name: str) -> ReplicatedJob | None:
        """Return the replicatedJob with a name, or None."""
        return next((each for each in self.replicated_jobs if each.name == name), None)

    def job_annotations(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        """Return a child Job's annotations, including those of placement, as in the controller."""
        return {**replicated_job.template.annotations, **self._placement(replicated_job)}

    def pod_annotations(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        """Return the pods' annotations, including those of placement, as in the controller."""
        return {**replicated_job.template.pod_annotations, **self._placement(replicated_job)}

    def _placement(self, replicated_job: ReplicatedJob) -> dict[str, str]:
        # A node-selector counts only together with exclusive-topology at the same level; the nearer
        # topology wins.
        found: dict[str, str] = {}
        for level in (self.annotations, replicated_job.template.annotations):
            if keys.EXCLUSIVE_TOPOLOGY in level:
                found[keys.EXCLUSIVE_TOPOLOGY] = level[keys.EXCLUSIVE_TOPOLOGY]
                if keys.NODE_SELECTOR in level:
                    found[keys.NODE_SELECTOR] = level[keys.NODE_SELECTOR]
        return found

    def topology(self, replicated_job: ReplicatedJob) -> str | None:
        """Return the node label key of exclusive placement, or None without exclusive placement."""
        return self.pod_annotations(replicated_job).get(keys.EXCLUSIVE_TOPOLOGY)

    @property
    def is_exclusive(self) -> bool:
        """Whether any of its Jobs has exclusive placement."""
        return any(self.topology(each) for each in self.replicated_jobs)
