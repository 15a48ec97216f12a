"""What the API server fills in where a manifest has no value, as data.

From `pkg/apis/{core,batch,rbac}/v1/defaults.go` of Kubernetes, the `+default` markers of its API
types, and `pkg/registry/core/service/storage/alloc.go` for Services.
`tests/cluster/test_defaults.py` compares the table with what a real API server stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jobsetgen.diff.api_types import TYPES, ApiType
from jobsetgen.kubernetes.images import has_form, image_parts
from jobsetgen.kubernetes.numbers import MAX_INT32
from jobsetgen.plain import mapping, string

Fields = Mapping[str, Any]


# Jobs


def _completions(job: Fields) -> int | None:
    """Return 1 unless parallelism is set, which means a work queue."""
    return 1 if job.get("parallelism") is None else None


def _backoff_limit(job: Fields) -> int:
    return 6 if job.get("backoffLimitPerIndex") is None else MAX_INT32


def _pod_replacement_policy(job: Fields) -> str:
    return "TerminatingOrFailed" if job.get("podFailurePolicy") is None else "Failed"


# Pods


def _service_account(pod: Fields) -> str | None:
    return string(pod, "serviceAccountName") or None


def _service_account_name(pod: Fields) -> str | None:
    return string(pod, "serviceAccount") or None


def _image_pull_policy(container: Fields) -> str | None:
    return _pull_policy(string(container, "image"))


def _volume_pull_policy(source: Fields) -> str | None:
    return _pull_policy(string(source, "reference"))


def _pull_policy(image: str) -> str | None:
    """Return the default for an image; None while a variable is to be substituted in it."""
    if "$" in image:
        return None
    name, tag, digest = image_parts(image)
    if not has_form("name", name):
        return "IfNotPresent"
    is_latest = tag == "latest" or not (tag or digest)
    return "Always" if is_latest else "IfNotPresent"


def _empty_dir(volume: Fields) -> Fields | None:
    """Return an emptyDir for a volume without a source."""
    sources = TYPES["Volume"].fields.keys()
    has_source = any(volume.get(each) is not None for each in sources)
    return None if has_source else {}


# Services

_CLUSTER_TYPES = frozenset(["ClusterIP", "NodePort", "LoadBalancer"])


def _type(service: Fields) -> str:
    return string(service, "type") or "ClusterIP"


def _session_affinity_config(service: Fields) -> Fields | None:
    if string(service, "sessionAffinity") != "ClientIP":
        return None
    return {"clientIP": {"timeoutSeconds": 10800}}


def _external_traffic_policy(service: Fields) -> str | None:
    """Return Cluster for a Service that can be reached from outside."""
    has_external_ips = _type(service) == "ClusterIP" and bool(service.get("externalIPs"))
    is_external = _type(service) in ("NodePort", "LoadBalancer") or has_external_ips
    return "Cluster" if is_external else None


def _internal_traffic_policy(service: Fields) -> str | None:
    return "Cluster" if _type(service) in _CLUSTER_TYPES else None


def _allocates_node_ports(service: Fields) -> bool | None:
    return True if _type(service) == "LoadBalancer" else None


def _cluster_ips(service: Fields) -> list[str] | None:
    address = string(service, "clusterIP")
    return [address] if address else None


def _ip_family_policy(service: Fields) -> str | None:
    if _type(service) not in _CLUSTER_TYPES:
        return None
    is_headless = string(service, "clusterIP") == "None"
    has_selector = bool(mapping(service, "selector"))
    return "RequireDualStack" if is_headless and not has_selector else "SingleStack"


def _target_port(port: Fields) -> Any:
    return port.get("port")


# Claims and rights


def _data_source(claim: Fields) -> Fields | None:
    """Return the source of dataSourceRef, which is the same unless it is in another namespace."""
    reference = mapping(claim, "dataSourceRef")
    return reference if reference and reference.get("namespace") is None else None


def _data_source_ref(claim: Fields) -> Fields | None:
    return mapping(claim, "dataSource") or None


def _api_group(subject: Fields) -> str | None:
    is_person = string(subject, "kind") in ("User", "Group")
    return "rbac.authorization.k8s.io" if is_person else None


_MODE = 0o644
_MODES: Fields = {"defaultMode": _MODE}
_REFERENCE_OPTIONAL: Fields = {"optional": False}

# By type and field: a value, or a function that computes it from the other fields of its mapping.
_DEFAULTS: Mapping[str, Fields] = {
    "JobSpec": {
        "backoffLimit": _backoff_limit,
        "completionMode": "NonIndexed",
        "completions": _completions,
        "manualSelector": False,
        "parallelism": 1,
        "podReplacementPolicy": _pod_replacement_policy,
        "suspend": False,
    },
    "PodFailurePolicyOnPodConditionsPattern": {"status": "True"},
    "CronJobSpec": {
        "concurrencyPolicy": "Allow",
        "failedJobsHistoryLimit": 1,
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    },
    "PodSpec": {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "serviceAccount": _service_account,
        "serviceAccountName": _service_account_name,
        "terminationGracePeriodSeconds": 30,
    },
    "Container": {
        "imagePullPolicy": _image_pull_policy,
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    },
    "ContainerPort": {"protocol": "TCP"},
    "Probe": {
        "failureThreshold": 3,
        "periodSeconds": 10,
        "successThreshold": 1,
        "timeoutSeconds": 1,
    },
    "HTTPGetAction": {"path": "/", "scheme": "HTTP"},
    "GRPCAction": {"service": ""},
    "ObjectFieldSelector": {"apiVersion": "v1"},
    "ResourceFieldSelector": {"divisor": "0"},
    "FileKeySelector": _REFERENCE_OPTIONAL,
    "Volume": {"emptyDir": _empty_dir},
    "ImageVolumeSource": {"pullPolicy": _volume_pull_policy},
    "ConfigMapVolumeSource": _MODES,
    "SecretVolumeSource": _MODES,
    "DownwardAPIVolumeSource": _MODES,
    "ProjectedVolumeSource": _MODES,
    "ServiceAccountTokenProjection": {"expirationSeconds": 3600},
    "HostPathVolumeSource": {"type": ""},
    "ISCSIVolumeSource": {"iscsiInterface": "default"},
    "RBDVolumeSource": {"keyring": "/etc/ceph/keyring", "pool": "rbd", "user": "admin"},
    "AzureDiskVolumeSource": {
        "cachingMode": "ReadWrite",
        "fsType": "ext4",
        "kind": "Shared",
        "readOnly": False,
    },
    "ScaleIOVolumeSource": {"fsType": "xfs", "storageMode": "ThinProvisioned"},
    "PersistentVolumeClaimSpec": {
        "dataSource": _data_source,
        "dataSourceRef": _data_source_ref,
        "volumeMode": "Filesystem",
    },
    "ServiceSpec": {
        "allocateLoadBalancerNodePorts": _allocates_node_ports,
        "clusterIPs": _cluster_ips,
        "externalTrafficPolicy": _external_traffic_policy,
        "internalTrafficPolicy": _internal_traffic_policy,
        "ipFamilyPolicy": _ip_family_policy,
        "sessionAffinity": "None",
        "sessionAffinityConfig": _session_affinity_config,
        "type": "ClusterIP",
    },
    "ServicePort": {"protocol": "TCP", "targetPort": _target_port},
    "RoleRef": {"apiGroup": "rbac.authorization.k8s.io"},
    "Subject": {"apiGroup": _api_group},
    "Secret": {"type": "Opaque"},
}

IMPLIED: Mapping[str, tuple[str, ...]] = {"JobSpec": ("completions",)}
"""Fields that can change although neither side has them, and no other field shows it, by type.

Without parallelism and completions a Job has one completion; with `parallelism: 1` alone, which is
the default, it is a work queue.
"""


def default_fields(of: ApiType) -> Iterable[str]:
    """Return the fields of a type that may have a default."""
    return _DEFAULTS.get(of.name, {}).keys()


def default(of: ApiType, field: str, siblings: Fields) -> Any:
    """Return what the API server fills in for a field without a value; None if nothing.

    `siblings` are the fields of the mapping that it is in.
    """
    value = _DEFAULTS.get(of.name, {}).get(field)
    return value(siblings) if callable(value) else value


def is_absent(of: ApiType, field: str, value: Any) -> bool:
    """Whether the API server reads a value as none: null, an empty list, an empty plain field."""
    if value is None:
        return True
    if not of.is_known:
        return False
    if isinstance(value, list):
        return not value
    return field in of.plain_fields and _is_empty(value)


def _is_empty(value: Any) -> bool:
    return isinstance(value, (str, int, float, Mapping)) and not value
