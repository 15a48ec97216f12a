"""Build the JobSet from a document's data: the only place where defaults are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobsetgen.diagnostics import Path
from jobsetgen.model.jobset import (
    ClaimTemplate,
    Coordinator,
    Dependency,
    FailurePolicy,
    FailureRule,
    JobSet,
    Network,
    ReplicatedJob,
    SuccessPolicy,
)
from jobsetgen.model.template import JobTemplate
from jobsetgen.plain import (
    boolean,
    integer,
    items,
    mapping,
    objects,
    string,
    strings,
    without_nulls,
)

_Data = Mapping[str, Any]


def build_jobset(data: _Data, namespace: str | None = None) -> JobSet:
    """Build the JobSet that a document holds.

    Data that violates the schema is read as far as possible, so that the rules can check the rest.
    `namespace` is used if the document does not set one.
    """
    data = without_nulls(data)
    metadata, spec = mapping(data, "metadata"), mapping(data, "spec")
    name = string(metadata, "name")
    generate_name = "" if name else string(metadata, "generateName")
    return JobSet(
        name=name,
        generate_name=generate_name,
        namespace=string(metadata, "namespace") or namespace,
        labels=mapping(metadata, "labels"),
        annotations=mapping(metadata, "annotations"),
        replicated_jobs=tuple(_replicated_jobs(spec)),
        network=_network(mapping(spec, "network"), name),
        success_policy=_success_policy(mapping(spec, "successPolicy")),
        failure_policy=_failure_policy(mapping(spec, "failurePolicy"))
        if "failurePolicy" in spec
        else None,
        startup_order=string(mapping(spec, "startupPolicy"), "startupPolicyOrder", "AnyOrder"),
        coordinator=_coordinator(mapping(spec, "coordinator")) if "coordinator" in spec else None,
        claims=tuple(_claims(spec)),
        suspend=boolean(spec, "suspend", False),
        ttl_seconds_after_finished=integer(spec, "ttlSecondsAfterFinished", 0)
        if "ttlSecondsAfterFinished" in spec
        else None,
        managed_by=string(spec, "managedBy") if "managedBy" in spec else None,
    )


def _network(network: _Data, jobset: str) -> Network:
    return Network(
        enabled=boolean(network, "enableDNSHostnames", True),
        subdomain=string(network, "subdomain") or jobset,
        publish_not_ready_addresses=boolean(network, "publishNotReadyAddresses", True),
    )


def _replicated_jobs(spec: _Data) -> Iterator[ReplicatedJob]:
    for index, each in objects(spec, "replicatedJobs"):
        path: Path = ("spec", "replicatedJobs", index)
        yield ReplicatedJob(
            path=path,
            name=string(each, "name"),
            group_name=string(each, "groupName", "default"),
            replicas=integer(each, "replicas", 1),
            template=_job_template(each.get("template"), (*path, "template")),
            depends_on=tuple(_dependencies(each, path)) if "dependsOn" in each else None,
        )


def _job_template(written: Any, path: Path) -> JobTemplate:
    template = written if isinstance(written, Mapping) else {}
    spec = dict(mapping(template, "spec"))
    spec.setdefault("completionMode", "Indexed")
    pod_template = dict(mapping(spec, "template"))
    pod = mapping(pod_template, "spec")
    pod_template["spec"] = {"restartPolicy": "OnFailure", **pod}
    spec["template"] = pod_template
    return JobTemplate(
        path=path,
        metadata=mapping(template, "metadata"),
        spec=spec,
        defaults_restart_policy="restartPolicy" not in pod,
        written=written,
    )


def _dependencies(replicated_job: _Data, path: Path) -> Iterator[Dependency]:
    for index, each in objects(replicated_job, "dependsOn"):
        yield Dependency(
            path=(*path, "dependsOn", index),
            name=string(each, "name"),
            status=string(each, "status"),
        )


def _success_policy(policy: _Data) -> SuccessPolicy:
    return SuccessPolicy(
        path=("spec", "successPolicy"),
        operator=string(policy, "operator", "All"),
        targets=strings(policy, "targetReplicatedJobs"),
    )


def _failure_policy(policy: _Data) -> FailurePolicy:
    path: Path = ("spec", "failurePolicy")
    return FailurePolicy(
        path=path,
        max_restarts=integer(policy, "maxRestarts", 0),
        restart_strategy=string(policy, "restartStrategy", "Recreate"),
        rules=tuple(
            FailureRule(
                path=(*path, "rules", index),
                name=string(rule, "name") or f"failurePolicyRule{index}",
                action=string(rule, "action"),
                reasons=strings(rule, "onJobFailureReasons"),
                patterns=strings(rule, "onJobFailureMessagePatterns"),
                targets=strings(rule, "targetReplicatedJobs"),
            )
            for index, rule in objects(policy, "rules")
        ),
    )


def _coordinator(coordinator: _Data) -> Coordinator:
    return Coordinator(
        path=("spec", "coordinator"),
        replicated_job=string(coordinator, "replicatedJob"),
        job_index=integer(coordinator, "jobIndex", 0),
        pod_index=integer(coordinator, "podIndex", 0),
    )


def _claims(spec: _Data) -> Iterator[ClaimTemplate]:
    for outer, policy in enumerate(items(spec, "volumeClaimPolicies")):
        if not isinstance(policy, Mapping):
            continue
        retention = string(mapping(policy, "retentionPolicy"), "whenDeleted", "Delete")
        for inner, template in objects(policy, "templates"):
            metadata = mapping(template, "metadata")
            yield ClaimTemplate(
                path=("spec", "volumeClaimPolicies", outer, "templates", inner),
                name=string(metadata, "name"),
                metadata=metadata,
                spec=mapping(template, "spec"),
                retain=retention == "Retain",
            )
