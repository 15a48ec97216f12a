"""References: the fields by which an object names another, as data.

The fields of a pod count in every pod template, whatever the kind that contains it. Each row of
the tables is a field and the kind of the object that it names. A path has `[]` for every item of a
list. Where the name is in a field `name` beside a `kind`, that kind counts instead, with its
`apiGroup`, `group` or `apiVersion` if there is one; a `namespace` beside it is the namespace of the
named object.

Fields of a JobSet that name its own replicatedJobs, such as `dependsOn`, are not among them: a
rename of the JobSet does not change these names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jobsetgen.diagnostics import Path
from jobsetgen.plain import items, objects, string, strings

JOBSET = "jobset.x-k8s.io/JobSet"
SERVICE = "Service"
CLAIM = "PersistentVolumeClaim"

_Fields = Mapping[str, str]

_ENVIRONMENT: _Fields = {
    "env[].valueFrom.configMapKeyRef.name": "ConfigMap",
    "env[].valueFrom.secretKeyRef.name": "Secret",
    "envFrom[].configMapRef.name": "ConfigMap",
    "envFrom[].secretRef.name": "Secret",
}
_CLAIM: _Fields = {
    "storageClassName": "storage.k8s.io/StorageClass",
    "volumeAttributesClassName": "storage.k8s.io/VolumeAttributesClass",
    "volumeName": "PersistentVolume",
    "dataSource.name": CLAIM,
    "dataSourceRef.name": CLAIM,
}
_DEVICES: _Fields = {
    "devices.requests[].deviceClassName": "resource.k8s.io/DeviceClass",
    "devices.requests[].exactly.deviceClassName": "resource.k8s.io/DeviceClass",
    "devices.requests[].firstAvailable[].deviceClassName": "resource.k8s.io/DeviceClass",
}


def _below(prefix: str, fields: _Fields) -> dict[str, str]:
    return {f"{prefix}.{path}": kind for path, kind in fields.items()}


_POD: _Fields = {
    **_below("initContainers[]", _ENVIRONMENT),
    **_below("containers[]", _ENVIRONMENT),
    **_below("ephemeralContainers[]", _ENVIRONMENT),
    "volumes[].configMap.name": "ConfigMap",
    "volumes[].secret.secretName": "Secret",
    "volumes[].projected.sources[].configMap.name": "ConfigMap",
    "volumes[].projected.sources[].secret.name": "Secret",
    "volumes[].projected.sources[].clusterTrustBundle.name": (
        "certificates.k8s.io/ClusterTrustBundle"
    ),
    "volumes[].persistentVolumeClaim.claimName": CLAIM,
    **_below("volumes[].ephemeral.volumeClaimTemplate.spec", _CLAIM),
    "volumes[].azureFile.secretName": "Secret",
    "volumes[].cephfs.secretRef.name": "Secret",
    "volumes[].csi.nodePublishSecretRef.name": "Secret",
    "volumes[].flexVolume.secretRef.name": "Secret",
    "volumes[].iscsi.secretRef.name": "Secret",
    "volumes[].rbd.secretRef.name": "Secret",
    "imagePullSecrets[].name": "Secret",
    "serviceAccountName": "ServiceAccount",
    "serviceAccount": "ServiceAccount",
    "priorityClassName": "scheduling.k8s.io/PriorityClass",
    "runtimeClassName": "node.k8s.io/RuntimeClass",
    "subdomain": SERVICE,
    "resourceClaims[].resourceClaimName": "resource.k8s.io/ResourceClaim",
    "resourceClaims[].resourceClaimTemplateName": "resource.k8s.io/ResourceClaimTemplate",
    "schedulingGroup.podGroupName": "scheduling.k8s.io/PodGroup",
}
_ROUTE: _Fields = {
    "spec.parentRefs[].name": "gateway.networking.k8s.io/Gateway",
    "spec.rules[].backendRefs[].name": SERVICE,
}
_WEBHOOKS: _Fields = {"webhooks[].clientConfig.service.name": SERVICE}

# By the kind of the object that has the field.
_FIELDS: Mapping[str, _Fields] = {
    "APIService": {"spec.service.name": SERVICE},
    "ClusterQueue": {
        "spec.resourceGroups[].flavors[].name": "kueue.x-k8s.io/ResourceFlavor",
        "spec.admissionChecks[]": "kueue.x-k8s.io/AdmissionCheck",
        "spec.admissionChecksStrategy.admissionChecks[].name": "kueue.x-k8s.io/AdmissionCheck",
    },
    "ClusterRoleBinding": {
        "roleRef.name": "rbac.authorization.k8s.io/ClusterRole",
        "subjects[].name": "ServiceAccount",
    },
    "CustomResourceDefinition": {"spec.conversion.webhook.clientConfig.service.name": SERVICE},
    "Gateway": {
        "spec.gatewayClassName": "gateway.networking.k8s.io/GatewayClass",
        "spec.listeners[].tls.certificateRefs[].name": "Secret",
    },
    "GRPCRoute": _ROUTE,
    "HTTPRoute": _ROUTE,
    "HorizontalPodAutoscaler": {"spec.scaleTargetRef.name": "apps/Deployment"},
    "Ingress": {
        "spec.ingressClassName": "networking.k8s.io/IngressClass",
        "spec.backend.serviceName": SERVICE,
        "spec.defaultBackend.service.name": SERVICE,
        "spec.defaultBackend.resource.name": "",
        "spec.rules[].http.paths[].backend.serviceName": SERVICE,
        "spec.rules[].http.paths[].backend.service.name": SERVICE,
        "spec.rules[].http.paths[].backend.resource.name": "",
        "spec.tls[].secretName": "Secret",
    },
    "JobSet": {
        "spec.network.subdomain": SERVICE,
        **_below("spec.volumeClaimPolicies[].templates[].spec", _CLAIM),
    },
    "LocalQueue": {"spec.clusterQueue": "kueue.x-k8s.io/ClusterQueue"},
    "MutatingWebhookConfiguration": _WEBHOOKS,
    "PersistentVolume": {
        "spec.storageClassName": "storage.k8s.io/StorageClass",
        "spec.claimRef.name": CLAIM,
        "spec.azureFile.secretName": "Secret",
        "spec.csi.controllerPublishSecretRef.name": "Secret",
        "spec.csi.nodePublishSecretRef.name": "Secret",
        "spec.csi.nodeStageSecretRef.name": "Secret",
    },
    CLAIM: _below("spec", _CLAIM),
    "ResourceClaim": _below("spec", _DEVICES),
    "ResourceClaimTemplate": _below("spec.spec", _DEVICES),
    "ResourceFlavor": {"spec.topologyName": "kueue.x-k8s.io/Topology"},
    "RoleBinding": {
        "roleRef.name": "rbac.authorization.k8s.io/Role",
        "subjects[].name": "ServiceAccount",
    },
    "ServiceAccount": {"secrets[].name": "Secret", "imagePullSecrets[].name": "Secret"},
    "StatefulSet": {
        "spec.serviceName": SERVICE,
        **_below("spec.volumeClaimTemplates[].spec", _CLAIM),
    },
    "StorageClass": {
        "parameters.secretName": "Secret",
        "parameters.adminSecretName": "Secret",
        "parameters.userSecretName": "Secret",
        "parameters.secretRef": "Secret",
    },
    "TrainJob": {"spec.runtimeRef.name": "trainer.kubeflow.org/ClusterTrainingRuntime"},
    "ValidatingWebhookConfiguration": _WEBHOOKS,
}

# Labels whose value is the name of an object, where an object has them and where it selects by them,
# and annotations.
_KEYS: _Fields = {
    "jobset.sigs.k8s.io/jobset-name": JOBSET,
    "jobsetgen.io/jobset": JOBSET,
    "kueue.x-k8s.io/queue-name": "kueue.x-k8s.io/LocalQueue",
    "kueue.x-k8s.io/priority-class": "kueue.x-k8s.io/WorkloadPriorityClass",
    "batch.kubernetes.io/job-name": "batch/Job",
    "job-name": "batch/Job",
    "kubernetes.io/service-name": SERVICE,
    "ingress.kubernetes.io/auth-secret": "Secret",
    "nginx.ingress.kubernetes.io/auth-secret": "Secret",
    "nginx.ingress.kubernetes.io/auth-tls-secret": "Secret",
    "nginx.ingress.kubernetes.io/fastcgi-params-configmap": "ConfigMap",
}

# What a rule of a Role names in `resourceNames`, by an entry of its `resources`.
_RESOURCES: _Fields = {
    "configmaps": "ConfigMap",
    "cronjobs": "batch/CronJob",
    "deployments": "apps/Deployment",
    "jobs": "batch/Job",
    "jobsets": JOBSET,
    "localqueues": "kueue.x-k8s.io/LocalQueue",
    "persistentvolumeclaims": CLAIM,
    "persistentvolumes": "PersistentVolume",
    "pods": "Pod",
    "secrets": "Secret",
    "serviceaccounts": "ServiceAccount",
    "services": SERVICE,
    "statefulsets": "apps/StatefulSet",
}
_ROLES = ("Role", "ClusterRole")

# Of a project, in jobsetgen.yaml.
_OPTIONS: _Fields = {
    "replicas[].jobSet": JOBSET,
    "watcher.imagePullSecrets[]": "Secret",
    "watcher.priorityClassName": "scheduling.k8s.io/PriorityClass",
    "watcher.serviceAccountName": "ServiceAccount",
}


class Reference(NamedTuple):
    """A name at a path that refers to an object of a kind, such as `batch/Job`.

    `namespace` is None where nothing says that it is another than that of the referring object.
    """

    path: Path
    kind: str
    name: str
    namespace: str | None = None


def kind_of(data: Mapping[str, Any]) -> str:
    """Return the kind of an object with its API group, such as `batch/Job` or `Service`."""
    return _grouped(_group(string(data, "apiVersion")), string(data, "kind"))


def references(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names of other objects in an object."""
    kind = string(data, "kind")
    yield from _in_fields(data, _FIELDS_BY_KIND.get(kind, {}))
    if kind in _ROLES:
        yield from _in_rules(data)
    for path, pod in pods(data):
        yield from _in_fields(pod, _POD_FIELDS, path)
    for path, part in _mappings(data):
        yield from _under_keys(part, path)


def references_of_options(data: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names of objects in the options of a project."""
    return _in_fields(data, _OPTION_FIELDS)


def pods(value: Any, path: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the specs of pods in data with their paths: nothing else has a list of containers."""
    if isinstance(value, dict):
        if isinstance(value.get("containers"), list):
            yield path, value
            return
        for key, item in value.items():
            yield from pods(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from pods(item, (*path, index))


def _mappings(value: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield every mapping in data with its path, in no order that means anything."""
    rest: list[tuple[Path, Any]] = [((), value)]
    while rest:
        path, value = rest.pop()
        if isinstance(value, dict):
            yield path, value
            rest += [((*path, key), item) for key, item in value.items() if _is_nested(item)]
        elif isinstance(value, list):
            rest += [((*path, index), item) for index, item in enumerate(value) if _is_nested(item)]


def _is_nested(value: Any) -> bool:
    return isinstance(value, (dict, list))


_Tree = dict[str, "_Tree | str"]
"""Fields by the steps of their paths: all of them are found on one way through an object."""


def _tree(fields: _Fields) -> _Tree:
    """Return fields as a tree with the kinds as its leaves; `[]` is a step of its own."""
    tree: _Tree = {}
    for path, kind in fields.items():
        *steps, last = path.replace("[]", ".[]").split(".")
        branch: Any = tree
        for step in steps:
            branch = branch.setdefault(step, {})
        branch[last] = kind
    return tree


_FIELDS_BY_KIND = {kind: _tree(fields) for kind, fields in _FIELDS.items()}
_POD_FIELDS = _tree(_POD)
_OPTION_FIELDS = _tree(_OPTIONS)


def _in_fields(
    value: Any, tree: _Tree | str, path: Path = (), parent: Any = None
) -> Iterator[Reference]:
    """Yield the references in a value; `parent` is the mapping or the list that has it."""
    if isinstance(tree, str):
        if isinstance(value, str):
            reference = Reference(path, tree, value)
            yield _as_said(reference, parent) if path[-1] == "name" else reference
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in tree:
                yield from _in_fields(item, tree[key], (*path, key), value)
    elif isinstance(value, list) and "[]" in tree:
        for index, item in enumerate(value):
            yield from _in_fields(item, tree["[]"], (*path, index), value)


def _as_said(reference: Reference, parent: Mapping[str, Any]) -> Reference:
    """Return a reference with the kind and the namespace that are beside the name."""
    kind = reference.kind
    if named := string(parent, "kind"):
        group = string(parent, "apiGroup") or string(parent, "group")
        group = group or _group(string(parent, "apiVersion")) or _group(kind)
        kind = _grouped(group, named)
    return reference._replace(kind=kind, namespace=string(parent, "namespace") or None)


def _in_rules(role: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield the names to which the rules of a Role are limited."""
    for index, rule in objects(role, "rules"):
        # `jobs/status` is a part of `jobs`.
        resources = [each.partition("/")[0] for each in strings(rule, "resources")]
        kinds = dict.fromkeys(_RESOURCES[each] for each in resources if each in _RESOURCES)
        for kind in kinds:
            yield from _in_list(rule, "resourceNames", kind, ("rules", index))


def _under_keys(part: Mapping[str, Any], path: Path) -> Iterator[Reference]:
    """Yield the names in labels and annotations, and in the requirements of a selector."""
    if not _KEYS.keys().isdisjoint(part):
        for key, kind in _KEYS.items():
            if name := string(part, key):
                yield Reference((*path, key), kind, name)

    kind = _KEYS.get(string(part, "key"), "")
    if kind:
        yield from _in_list(part, "values", kind, path)


def _in_list(parent: Mapping[str, Any], field: str, kind: str, path: Path) -> Iterator[Reference]:
    """Yield the names in a list of names."""
    for index, name in enumerate(items(parent, field)):
        if isinstance(name, str):
            yield Reference((*path, field, index), kind, name)


def _group(api_version: str) -> str:
    """Return the API group before the slash, which the core group does not have."""
    return api_version.rpartition("/")[0]


def _grouped(group: str, kind: str) -> str:
    return f"{group}/{kind}" if group else kind
