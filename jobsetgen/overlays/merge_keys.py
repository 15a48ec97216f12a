"""How a strategic merge patch merges the lists of Kubernetes' and JobSet's types, as data.

From the markers `patchStrategy`, `patchMergeKey` and `listMapKey` of the API types. A list that is
not here is replaced as a whole, as Kubernetes does with tolerations or the rules of a
podFailurePolicy. Types without such a list anywhere below them are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# Each row is a type and its fields: `field=Type` is a mapping, `field[key,key]=Type` a list that is
# merged by these keys, and `field[]` a list of strings that is merged by their values.
_ROWS = """
Object: metadata=ObjectMeta
ObjectMeta: ownerReferences[uid] finalizers[]
Pod: metadata=ObjectMeta spec=PodSpec
PodTemplate: metadata=ObjectMeta template=PodTemplateSpec
PodTemplateSpec: metadata=ObjectMeta spec=PodSpec
PodSpec: volumes[name]=Volume initContainers[name]=Container containers[name]=Container
  ephemeralContainers[name]=Container imagePullSecrets[name] hostAliases[ip]
  topologySpreadConstraints[topologyKey,whenUnsatisfiable] schedulingGates[name]
  resourceClaims[name] evictionResponders[name]
Container: ports[containerPort,protocol] env[name] volumeMounts[mountPath]
  volumeDevices[devicePath]
Volume: ephemeral=EphemeralVolumeSource
EphemeralVolumeSource: volumeClaimTemplate=Object
Service: metadata=ObjectMeta spec=ServiceSpec
ServiceSpec: ports[port,protocol]
ServiceAccount: metadata=ObjectMeta secrets[name]
Node: metadata=ObjectMeta spec=NodeSpec
NodeSpec: podCIDRs[]
Workload: metadata=ObjectMeta spec=WorkloadSpec
WorkloadSpec: template=PodTemplateSpec
Job: metadata=ObjectMeta spec=JobSpec
JobSpec: template=PodTemplateSpec scheduling=JobSchedulingConfiguration
JobSchedulingConfiguration: resourceClaims[name]
CronJob: metadata=ObjectMeta spec=CronJobSpec
CronJobSpec: jobTemplate=Job
JobSet: metadata=ObjectMeta spec=JobSetSpec
JobSetSpec: replicatedJobs[name]=ReplicatedJob
ReplicatedJob: template=Job dependsOn[name]
WebhookConfiguration: metadata=ObjectMeta webhooks[name]=Webhook
Webhook: matchConditions[name]
ValidatingAdmissionPolicy: metadata=ObjectMeta spec=ValidatingAdmissionPolicySpec
ValidatingAdmissionPolicySpec: matchConditions[name] variables[name]
MutatingAdmissionPolicy: metadata=ObjectMeta spec=Webhook
CSINode: metadata=ObjectMeta spec=CSINodeSpec
CSINodeSpec: drivers[name]
PodGroup: metadata=ObjectMeta spec=JobSchedulingConfiguration
"""

# By group and kind. The kinds of one group without a row of their own have no list to merge besides
# those of their metadata.
_KINDS: Mapping[str, str] = {
    "batch/Job": "Job",
    "batch/CronJob": "CronJob",
    "apps/Deployment": "Workload",
    "apps/StatefulSet": "Workload",
    "apps/DaemonSet": "Workload",
    "apps/ReplicaSet": "Workload",
    "/ReplicationController": "Workload",
    "/Pod": "Pod",
    "/PodTemplate": "PodTemplate",
    "/Service": "Service",
    "/ServiceAccount": "ServiceAccount",
    "/Node": "Node",
    "jobset.x-k8s.io/JobSet": "JobSet",
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": "WebhookConfiguration",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": "WebhookConfiguration",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy": "ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/MutatingAdmissionPolicy": "MutatingAdmissionPolicy",
    "storage.k8s.io/CSINode": "CSINode",
    "scheduling.k8s.io/PodGroup": "PodGroup",
}
_GROUPS = frozenset(
    [
        *("", "apps", "autoscaling", "batch", "policy"),
        *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"),
        *("certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"),
        *("flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io"),
        *("rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io"),
    ]
)

# Another order of these is another order in which Jobs start, so items stay where they are and new
# ones come last. In other lists the items of the patch come first, as in kustomize.
_IN_PLACE = frozenset(["JobSetSpec.replicatedJobs", "ReplicatedJob.dependsOn"])

DEFAULTS: Mapping[str, str] = {"protocol": "TCP"}
"""The keys that an item may leave out, with their defaults."""


class MergedList(NamedTuple):
    """How the items of a list are told apart.

    `keys` are the fields that identify an item, none for a list of strings. With `is_in_place`,
    items keep their positions and new ones come last.
    """

    keys: tuple[str, ...] = ()
    is_in_place: bool = False


class ApiType(NamedTuple):
    """A type: the types of its fields or of their items, by field, and the lists it merges.

    Of a type that is not known, no list is merged, and any key may be data.
    """

    types: Mapping[str, str] = MappingProxyType({})
    lists: Mapping[str, MergedList] = MappingProxyType({})
    is_known: bool = True

    def inner(self, field: str) -> ApiType:
        """Return the type of the value of a field, or of its items."""
        if not self.is_known:
            return self
        return TYPES.get(self.types.get(field, ""), _PLAIN)


UNKNOWN = ApiType(is_known=False)
"""The type of objects of other kinds, such as those of a CRD."""

# A type without lists to merge, anywhere below.
_PLAIN = ApiType()


def _types() -> dict[str, ApiType]:
    rows = _ROWS.replace("\n  ", " ").strip().splitlines()
    return {name: _type(name, rest) for name, _, rest in (row.partition(":") for row in rows)}


def _type(name: str, row: str) -> ApiType:
    types: dict[str, str] = {}
    lists: dict[str, MergedList] = {}
    for written in row.split():
        left, _, types_name = written.partition("=")
        field, bracket, keys = left.rstrip("]").partition("[")
        types[field] = types_name
        if bracket:
            is_in_place = f"{name}.{field}" in _IN_PLACE
            lists[field] = MergedList(tuple(keys.split(",")) if keys else (), is_in_place)
    return ApiType(types, lists)


TYPES: Mapping[str, ApiType] = _types()
"""All types of the table, by name."""


def type_of(group: str, kind: str) -> ApiType:
    """Return the type of an object by its API group and kind."""
    if name := _KINDS.get(f"{group}/{kind}"):
        return TYPES[name]
    return TYPES["Object"] if group in _GROUPS else UNKNOWN
