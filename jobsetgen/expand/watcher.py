"""The restart-watcher's objects: its RBAC objects, its script, plan and state, and its Job."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard

from jobsetgen.expand import plan
from jobsetgen.expand.expand import Expansion
from jobsetgen.expand.objects import JobFamily, Object, Part, metadata
from jobsetgen.expand.rights import role, role_binding, service_account
from jobsetgen.kubernetes.field_paths import label_path
from jobsetgen.kubernetes.labels import CONTROLLER_UID
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.model.treatment import Treatment
from jobsetgen.naming import (
    plan_name,
    script_digest,
    script_name,
    shortened,
    state_name,
    watcher_name,
)
from jobsetgen.options.table import Settings
from jobsetgen.options.watcher import Watcher

PLAN_KEY = "plan.json"

_FOLDER = "/jobsetgen"
_PACKAGE = "watcher"
# Shorter than the default of five minutes, during which nothing would restart the set.
_SECONDS_ON_A_LOST_NODE = 30
_JOB_UID = label_path(CONTROLLER_UID)
# Neither a user of the image nor one of a host.
_USER = 65532
# In MiB. A restart takes 34 with 100 Jobs, 76 with 10,000, 187 with 50,000, and 85 with 100 Jobs
# and a plan of 690 KB in the characters that take Python the most memory (`make large-sets`,
# tests/simulation/test_memory.py).
_SMALLEST_MEMORY = 64
_MEMORY_STEP = 16
_FEW_JOBS, _JOBS_A_STEP = 100, 1_000
_SMALL_PLAN, _PLAN_A_STEP = 64 * 1024, 100_000
# Of the pods that it watches: 47 with 50,000, 70 with 100,000.
_FEW_PODS, _PODS_A_STEP = 10_000, 20_000


class WatcherObjects(NamedTuple):
    """The objects of one set's watcher, in output order.

    `rights` is empty if the watcher uses an existing ServiceAccount.
    """

    rights: tuple[Object, ...]
    plan: Object
    state: Object
    script: Object
    job: Object


def watcher_objects(
    expansion: Expansion, settings: Settings, content: Object, program: Mapping[str, bytes]
) -> WatcherObjects:
    """Return the objects of a set's watcher.

    `content` is the plan, `program` the source files of the watcher by name.
    """
    jobset = expansion.jobset
    digest = script_digest(program)
    plan_text = plan.text(content)
    rights = () if settings.watcher.service_account else _rights(jobset, content)
    return WatcherObjects(
        rights=rights,
        plan=_config_map(plan_name(jobset.name), jobset, {PLAN_KEY: plan_text}),
        # Without data, because a GitOps tool does not change fields that are not in Git.
        state=_config_map(state_name(jobset.name), jobset),
        script={
            **_config_map(script_name(jobset.name, digest), jobset, _texts(program)),
            "immutable": True,  # a different program has a different name
        },
        job=_job(
            jobset,
            settings.watcher,
            files=sorted(program),
            marks={keys.GENERATION: expansion.generation, keys.SCRIPT: digest},
            needs=memory(jobset.jobs, len(plan_text.encode()), _watched_pods(expansion.treatment)),
        ),
    )


def is_plan(part: Part) -> TypeGuard[Object]:
    """Whether a part of a set's output is the plan."""
    return not isinstance(part, JobFamily) and PLAN_KEY in (part.get("data") or ())


def own_labels(jobset: JobSet) -> dict[str, str]:
    """Return the labels of the watcher's objects.

    JobSet's labels are not among them, because they select the training.
    """
    return {keys.OUR_JOBSET: shortened(jobset.name)}


def memory(jobs: int, plan_bytes: int, pods: int = 0) -> str:
    """Return the memory of the watcher for a number of Jobs and a size of the plan.

    `pods` is the number of pods that it watches: gated ones, and under BlockingRecreate all.
    """
    steps = _steps(jobs - _FEW_JOBS, _JOBS_A_STEP)
    steps += _steps(plan_bytes - _SMALL_PLAN, _PLAN_A_STEP)
    steps += _steps(pods - _FEW_PODS, _PODS_A_STEP)
    return f"{_SMALLEST_MEMORY + steps * _MEMORY_STEP}Mi"


def _watched_pods(treatment: Treatment) -> int:
    is_blocking = treatment.is_blocking
    watched = [each.replicated_job for each in treatment.jobs if each.is_gated or is_blocking]
    return sum(each.pods for each in watched)


def _steps(more: int, a_step: int) -> int:
    return max(0, math.ceil(more / a_step))


def _rights(jobset: JobSet, content: Object) -> tuple[Object, ...]:
    own = metadata(watcher_name(jobset.name), jobset.namespace, own_labels(jobset))
    return service_account(own), role(own, content), role_binding(own)


def _config_map(name: str, jobset: JobSet, data: dict[str, str] | None = None) -> Object:
    item: Object = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(name, jobset.namespace, own_labels(jobset)),
    }
    return {**item, "data": data} if data else item


def _texts(program: Mapping[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in program.items()}


def _job(
    jobset: JobSet,
    watcher: Watcher,
    *,
    files: Sequence[str],
    marks: dict[str, str],
    needs: str,
) -> Object:
    labels = {**watcher.labels, **own_labels(jobset)}
    # A sidecar injected by a service mesh would keep the pod, and so the Job, from ending.
    pod_labels = {keys.ISTIO_INJECT: "false", **labels}
    pod_annotations = {keys.LINKERD_INJECT: "disabled", **watcher.annotations, **marks}
    volume = _volume(script_name(jobset.name, marks[keys.SCRIPT]), files)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(
            watcher_name(jobset.name), jobset.namespace, labels, watcher.annotations
        ),
        "spec": {
            "completions": 1,
            "parallelism": 1,
            # The pod may be evicted or lose its node any number of times: only the set's outcome
            # ends the Job. No podFailurePolicy or podReplacementPolicy: by default, a terminating
            # pod is replaced at once, and on a lost node a pod stays terminating as long as the
            # node is lost.
            "backoffLimit": MAX_INT32,
            "template": {
                "metadata": {"labels": pod_labels, "annotations": pod_annotations},
                "spec": _pod(jobset, watcher, volume, needs),
            },
        },
    }


def _pod(jobset: JobSet, watcher: Watcher, volume: Object, needs: str) -> Object:
    pod: dict[str, Any] = {
        "restartPolicy": "OnFailure",
        "terminationGracePeriodSeconds": 10,
        "serviceAccountName": watcher.service_account or watcher_name(jobset.name),
        "automountServiceAccountToken": True,
        "enableServiceLinks": False,
        "tolerations": [*map(dict, watcher.tolerations), *_tolerations()],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(jobset, watcher, needs)],
        "volumes": [volume],
    }
    if watcher.priority_class:
        pod["priorityClassName"] = watcher.priority_class
    if watcher.node_selector:
        pod["nodeSelector"] = dict(watcher.node_selector)
    if watcher.image_pull_secrets:
        pod["imagePullSecrets"] = [{"name": name} for name in watcher.image_pull_secrets]
    return pod


def _volume(script: str, files: Sequence[str]) -> Object:
    """Return the volume with the program as a Python package in a folder of its name."""
    items = [{"key": name, "path": f"{_PACKAGE}/{name}"} for name in files]
    return {"name": "script", "configMap": {"name": script, "items": items}}


def _tolerations() -> list[Object]:
    return [
        {
            "key": f"node.kubernetes.io/{condition}",
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": _SECONDS_ON_A_LOST_NODE,
        }
        for condition in ("not-ready", "unreachable")
    ]


def _container(jobset: JobSet, watcher: Watcher, needs: str) -> Object:
    names = {"--plan": plan_name, "--state": state_name, "--job": watcher_name}
    options = [word for option, name in names.items() for word in (option, name(jobset.name))]
    # Passing the default would have replaced every watcher when the option was introduced.
    if watcher.log_level != Watcher().log_level:
        options += ["--log-level", watcher.log_level]
    return {
        "name": "restart-watcher",
        "image": watcher.image,
        "command": ["python3", "-u", "-m", _PACKAGE, *options],
        "workingDir": _FOLDER,
        # The UID of its own Job, by which it notices that it has been replaced.
        "env": [{"name": "JOB_UID", "valueFrom": {"fieldRef": {"fieldPath": _JOB_UID}}}],
        "resources": _resources(watcher, needs),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "script", "mountPath": _FOLDER, "readOnly": True}],
    }


def _resources(watcher: Watcher, needs: str) -> Object:
    own = watcher.memory or needs
    resources: Object = {"requests": {"cpu": "5m", "memory": own}, "limits": {"memory": own}}
    if watcher.resources:
        resources = {key: dict(value) for key, value in watcher.resources.items()}
        if watcher.memory:
            for kind in ("requests", "limits"):
                resources[kind] = {**resources.get(kind, {}), "memory": watcher.memory}
    return resources
