"""Which kinds of objects have no namespace, and which namespace the others are in."""

from __future__ import annotations

DEFAULT_NAMESPACE = "default"
"""The namespace of an object that has none, as kustomize has it."""

_CLUSTER_SCOPED = frozenset(
    [
        "admissionregistration.k8s.io/MutatingAdmissionPolicy",
        "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding",
        "admissionregistration.k8s.io/MutatingWebhookConfiguration",
        "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
        "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
        "apiextensions.k8s.io/CustomResourceDefinition",
        "apiregistration.k8s.io/APIService",
        "certificates.k8s.io/CertificateSigningRequest",
        "certificates.k8s.io/ClusterTrustBundle",
        "flowcontrol.apiserver.k8s.io/FlowSchema",
        "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
        "gateway.networking.k8s.io/GatewayClass",
        "kueue.x-k8s.io/AdmissionCheck",
        "kueue.x-k8s.io/ClusterQueue",
        "kueue.x-k8s.io/Cohort",
        "kueue.x-k8s.io/ResourceFlavor",
        "kueue.x-k8s.io/Topology",
        "kueue.x-k8s.io/WorkloadPriorityClass",
        "Namespace",
        "networking.k8s.io/IngressClass",
        "Node",
        "node.k8s.io/RuntimeClass",
        "PersistentVolume",
        "rbac.authorization.k8s.io/ClusterRole",
        "rbac.authorization.k8s.io/ClusterRoleBinding",
        "resource.k8s.io/DeviceClass",
        "resource.k8s.io/ResourceSlice",
        "scheduling.k8s.io/PriorityClass",
        "storage.k8s.io/CSIDriver",
        "storage.k8s.io/CSINode",
        "storage.k8s.io/StorageClass",
        "storage.k8s.io/VolumeAttributesClass",
        "trainer.kubeflow.org/ClusterTrainingRuntime",
    ]
)


def is_cluster_scoped(kind: str) -> bool:
    """Whether objects of a kind have no namespace; it is written GROUP/KIND, or KIND without one."""
    return kind in _CLUSTER_SCOPED
