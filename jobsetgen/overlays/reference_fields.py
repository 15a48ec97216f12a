"""The fields by which an object names another, as data.

The fields of a pod count in every pod template, whatever the kind that contains it. Each row of
the tables is a field and the kind of the object that it names. A path has `[]` for every item of a
list. Where the name is in a field `name` beside a `kind`, that kind counts instead, with its
`apiGroup`, `group` or `apiVersion` if there is one; a `namespace` beside it is the namespace of the
named object.

Fields of a JobSet that name its own replicatedJobs, such as `dependsOn`, are not among them: a
rename of the JobSet does not change these names.
"""

from __future__ import annotations

from collections.abc import Mapping

JOBSET = "jobset.x-k8s.io/JobSet"
SERVICE = "Service"
CLAIM = "PersistentVolumeClaim"

Fields = Mapping[str, str]
"""The kinds of named objects, such as `batch/Job`, by the fields that name them."""

_ENVIRONMENT: Fields = {
    "env[].valueFrom.configMapKeyRef.name": "ConfigMap",
    "env[].valueFrom.secretKeyRef.name": "Secret",
    "envFrom[].configMapRef.name": "ConfigMap",
    "envFrom[].secretRef.name": "Secret",
}
_CLAIM: Fields = {
    "storageClassName": "storage.k8s.io/StorageClass",
    "volumeAttributesClassName": "storage.k8s.io/VolumeAttributesClass",
    "volumeName": "PersistentVolume",
    "dataSource.name": CLAIM,
    "dataSourceRef.name": CLAIM,
}
_DEVICES: Fields = {
    "devices.requests[].deviceClassName": "resource.k8s.io/DeviceClass",
    "devices.requests[].exactly.deviceClassName": "resource.k8s.io/DeviceClass",
    "devices.requests[].firstAvailable[].deviceClassName": "resource.k8s.io/DeviceClass",
}


def _below(prefix: str, fields: Fields) -> dict[str, str]:
    return {f"{prefix}.{path}": kind for path, kind in fields.items()}


POD: Fields = {
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
"""The fields of a pod."""

_ROUTE: Fields = {
    "spec.parentRefs[].name": "gateway.networking.k8s.io/Gateway",
    "spec.rules[].backendRefs[].name": SERVICE,
}
_WEBHOOKS: Fields = {"webhooks[].clientConfig.service.name": SERVICE}

FIELDS: Mapping[str, Fields] = {
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
"""The fields of other objects, by the kind of the object that has them."""

KEYS: Fields = {
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
"""Labels and annotations whose value is a name, also where a selector has them."""

RESOURCES: Fields = {
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
"""What a rule of a Role names in `resourceNames`, by an entry of its `resources`."""

ROLES = ("Role", "ClusterRole")
"""The kinds with such rules."""

OPTIONS: Fields = {
    "replicas[].jobSet": JOBSET,
    "watcher.imagePullSecrets[]": "Secret",
    "watcher.priorityClassName": "scheduling.k8s.io/PriorityClass",
    "watcher.serviceAccountName": "ServiceAccount",
}
"""The fields of a jobsetgen.yaml."""
