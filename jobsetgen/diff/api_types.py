"""The types of the Kubernetes API that a comparison knows: which field has which type, as data.

Taken from the Go types of the API; `tests/cluster/test_defaults.py` compares them with the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

QUANTITY, QUANTITIES, OBJECT = "Quantity", "Quantities", "Object"
"""A quantity; a map of quantities, by resource; an object with a kind of its own, as in a List."""


class ApiType(NamedTuple):
    """A type: the types of its fields, for a list those of its items, and its plain fields.

    A plain field is no pointer: the API server does not tell its empty value (an empty string, 0,
    false, an empty map) from no value. A list is the same without items and without a value.
    """

    name: str
    fields: Mapping[str, str]
    plain_fields: frozenset[str]

    @property
    def is_known(self) -> bool:
        """Whether the table has it."""
        return bool(self.name)

    def field_type(self, field: str) -> str:
        """Return the name of a field's type; empty if it is not known, or plain."""
        return QUANTITY if self.name == QUANTITIES else self.fields.get(field, "")


# A row has a type and its fields: `field` is a plain field with a string, a number, a boolean or a
# map, `field=T` a plain field of another type, `field*=T` a pointer, `field[]=T` a list. Pointers
# to, and lists of, strings, numbers and booleans are left out, and so is what only the API server
# writes.
_ROWS = """
Job: metadata=ObjectMeta spec=JobSpec
ObjectMeta: name generateName namespace labels annotations ownerReferences[]=OwnerReference
OwnerReference: apiVersion kind name uid
JobSpec: podFailurePolicy*=PodFailurePolicy successPolicy*=SuccessPolicy selector*=LabelSelector
  template=PodTemplateSpec
PodFailurePolicy: rules[]=PodFailurePolicyRule
PodFailurePolicyRule: action onExitCodes*=PodFailurePolicyOnExitCodesRequirement
  onPodConditions[]=PodFailurePolicyOnPodConditionsPattern
PodFailurePolicyOnExitCodesRequirement: operator
PodFailurePolicyOnPodConditionsPattern: type status
SuccessPolicy: rules[]=SuccessPolicyRule
SuccessPolicyRule:
LabelSelector: matchLabels matchExpressions[]=LabelSelectorRequirement
LabelSelectorRequirement: key operator
PodTemplateSpec: metadata=ObjectMeta spec=PodSpec
PodSpec: volumes[]=Volume initContainers[]=Container containers[]=Container restartPolicy
  dnsPolicy nodeSelector serviceAccountName serviceAccount nodeName hostNetwork hostPID hostIPC
  securityContext*=PodSecurityContext imagePullSecrets[]=LocalObjectReference hostname subdomain
  affinity*=Affinity schedulerName tolerations[]=Toleration hostAliases[]=HostAlias
  priorityClassName dnsConfig*=PodDNSConfig readinessGates[]=PodReadinessGate overhead=Quantities
  topologySpreadConstraints[]=TopologySpreadConstraint os*=PodOS
  schedulingGates[]=PodSchedulingGate resourceClaims[]=PodResourceClaim
  resources*=ResourceRequirements schedulingGroup*=PodSchedulingGroup
  evictionResponders[]=EvictionResponder
Volume: name hostPath*=HostPathVolumeSource emptyDir*=EmptyDirVolumeSource
  gcePersistentDisk*=GCEPersistentDiskVolumeSource
  awsElasticBlockStore*=AWSElasticBlockStoreVolumeSource gitRepo*=GitRepoVolumeSource
  secret*=SecretVolumeSource nfs*=NFSVolumeSource iscsi*=ISCSIVolumeSource
  glusterfs*=GlusterfsVolumeSource persistentVolumeClaim*=PersistentVolumeClaimVolumeSource
  rbd*=RBDVolumeSource flexVolume*=FlexVolumeSource cinder*=CinderVolumeSource
  cephfs*=CephFSVolumeSource flocker*=FlockerVolumeSource downwardAPI*=DownwardAPIVolumeSource
  fc*=FCVolumeSource azureFile*=AzureFileVolumeSource configMap*=ConfigMapVolumeSource
  vsphereVolume*=VsphereVirtualDiskVolumeSource quobyte*=QuobyteVolumeSource
  azureDisk*=AzureDiskVolumeSource photonPersistentDisk*=PhotonPersistentDiskVolumeSource
  projected*=ProjectedVolumeSource portworxVolume*=PortworxVolumeSource
  scaleIO*=ScaleIOVolumeSource storageos*=StorageOSVolumeSource csi*=CSIVolumeSource
  ephemeral*=EphemeralVolumeSource image*=ImageVolumeSource
HostPathVolumeSource: path
EmptyDirVolumeSource: medium sizeLimit*=Quantity
GCEPersistentDiskVolumeSource: pdName fsType partition readOnly
AWSElasticBlockStoreVolumeSource: volumeID fsType partition readOnly
GitRepoVolumeSource: repository revision directory
SecretVolumeSource: secretName items[]=KeyToPath
KeyToPath: key path
NFSVolumeSource: server path readOnly
ISCSIVolumeSource: targetPortal iqn lun iscsiInterface fsType readOnly chapAuthDiscovery
  chapAuthSession secretRef*=LocalObjectReference
LocalObjectReference: name
GlusterfsVolumeSource: endpoints path readOnly
PersistentVolumeClaimVolumeSource: claimName readOnly
RBDVolumeSource: image fsType pool user keyring secretRef*=LocalObjectReference readOnly
FlexVolumeSource: driver fsType secretRef*=LocalObjectReference readOnly options
CinderVolumeSource: volumeID fsType readOnly secretRef*=LocalObjectReference
CephFSVolumeSource: path user secretFile secretRef*=LocalObjectReference readOnly
FlockerVolumeSource: datasetName datasetUUID
DownwardAPIVolumeSource: items[]=DownwardAPIVolumeFile
DownwardAPIVolumeFile: path fieldRef*=ObjectFieldSelector resourceFieldRef*=ResourceFieldSelector
ObjectFieldSelector: apiVersion fieldPath
ResourceFieldSelector: containerName resource divisor=Quantity
FCVolumeSource: fsType readOnly
AzureFileVolumeSource: secretName shareName readOnly
ConfigMapVolumeSource: name items[]=KeyToPath
VsphereVirtualDiskVolumeSource: volumePath fsType storagePolicyName storagePolicyID
QuobyteVolumeSource: registry volume readOnly user group tenant
AzureDiskVolumeSource: diskName diskURI
PhotonPersistentDiskVolumeSource: pdID fsType
ProjectedVolumeSource: sources[]=VolumeProjection
VolumeProjection: secret*=SecretProjection downwardAPI*=DownwardAPIProjection
  configMap*=ConfigMapProjection serviceAccountToken*=ServiceAccountTokenProjection
  clusterTrustBundle*=ClusterTrustBundleProjection podCertificate*=PodCertificateProjection
SecretProjection: name items[]=KeyToPath
DownwardAPIProjection: items[]=DownwardAPIVolumeFile
ConfigMapProjection: name items[]=KeyToPath
ServiceAccountTokenProjection: audience path
ClusterTrustBundleProjection: labelSelector*=LabelSelector path
PodCertificateProjection: signerName keyType credentialBundlePath keyPath certificateChainPath
  userAnnotations
PortworxVolumeSource: volumeID fsType readOnly
ScaleIOVolumeSource: gateway system secretRef*=LocalObjectReference sslEnabled protectionDomain
  storagePool storageMode volumeName fsType readOnly
StorageOSVolumeSource: volumeName volumeNamespace fsType readOnly secretRef*=LocalObjectReference
CSIVolumeSource: driver volumeAttributes nodePublishSecretRef*=LocalObjectReference
EphemeralVolumeSource: volumeClaimTemplate*=PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate: metadata=ObjectMeta spec=PersistentVolumeClaimSpec
PersistentVolumeClaimSpec: selector*=LabelSelector resources=VolumeResourceRequirements volumeName
  dataSource*=TypedLocalObjectReference dataSourceRef*=TypedObjectReference
VolumeResourceRequirements: limits=Quantities requests=Quantities
TypedLocalObjectReference: kind name
TypedObjectReference: kind name
ImageVolumeSource: reference pullPolicy
Container: name image workingDir ports[]=ContainerPort envFrom[]=EnvFromSource env[]=EnvVar
  resources=ResourceRequirements resizePolicy[]=ContainerResizePolicy
  restartPolicyRules[]=ContainerRestartRule volumeMounts[]=VolumeMount
  volumeDevices[]=VolumeDevice livenessProbe*=Probe readinessProbe*=Probe startupProbe*=Probe
  lifecycle*=Lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy
  securityContext*=SecurityContext stdin stdinOnce tty
ContainerPort: name hostPort containerPort protocol hostIP
EnvFromSource: prefix configMapRef*=ConfigMapEnvSource secretRef*=SecretEnvSource
ConfigMapEnvSource: name
SecretEnvSource: name
EnvVar: name value valueFrom*=EnvVarSource
EnvVarSource: fieldRef*=ObjectFieldSelector resourceFieldRef*=ResourceFieldSelector
  configMapKeyRef*=ConfigMapKeySelector secretKeyRef*=SecretKeySelector
  fileKeyRef*=FileKeySelector
ConfigMapKeySelector: name key
SecretKeySelector: name key
FileKeySelector: volumeName path key
ResourceRequirements: limits=Quantities requests=Quantities claims[]=ResourceClaim
ResourceClaim: name request
ContainerResizePolicy: resourceName restartPolicy
ContainerRestartRule: action exitCodes*=ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator
VolumeMount: name readOnly mountPath subPath subPathExpr
VolumeDevice: name devicePath
Probe: exec*=ExecAction httpGet*=HTTPGetAction tcpSocket*=TCPSocketAction grpc*=GRPCAction
  initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold
ExecAction:
HTTPGetAction: path port host scheme httpHeaders[]=HTTPHeader
HTTPHeader: name value
TCPSocketAction: port host
GRPCAction: port
Lifecycle: postStart*=LifecycleHandler preStop*=LifecycleHandler
LifecycleHandler: exec*=ExecAction httpGet*=HTTPGetAction tcpSocket*=TCPSocketAction
  sleep*=SleepAction
SleepAction: seconds
SecurityContext: capabilities*=Capabilities seLinuxOptions*=SELinuxOptions
  windowsOptions*=WindowsSecurityContextOptions seccompProfile*=SeccompProfile
  appArmorProfile*=AppArmorProfile
Capabilities:
WindowsSecurityContextOptions:
SELinuxOptions: user role type level
SeccompProfile: type
AppArmorProfile: type
PodSecurityContext: seLinuxOptions*=SELinuxOptions windowsOptions*=WindowsSecurityContextOptions
  sysctls[]=Sysctl seccompProfile*=SeccompProfile appArmorProfile*=AppArmorProfile
Sysctl: name value
Affinity: nodeAffinity*=NodeAffinity podAffinity*=PodAffinity podAntiAffinity*=PodAntiAffinity
NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution*=NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution[]=PreferredSchedulingTerm
NodeSelector: nodeSelectorTerms[]=NodeSelectorTerm
NodeSelectorTerm: matchExpressions[]=NodeSelectorRequirement matchFields[]=NodeSelectorRequirement
NodeSelectorRequirement: key operator
PreferredSchedulingTerm: weight preference=NodeSelectorTerm
PodAffinity: requiredDuringSchedulingIgnoredDuringExecution[]=PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution[]=WeightedPodAffinityTerm
PodAffinityTerm: labelSelector*=LabelSelector topologyKey namespaceSelector*=LabelSelector
WeightedPodAffinityTerm: weight podAffinityTerm=PodAffinityTerm
PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution[]=PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution[]=WeightedPodAffinityTerm
Toleration: key operator value effect
HostAlias: ip
PodDNSConfig: options[]=PodDNSConfigOption
PodDNSConfigOption: name
PodReadinessGate: conditionType
TopologySpreadConstraint: maxSkew topologyKey whenUnsatisfiable labelSelector*=LabelSelector
PodOS: name
PodSchedulingGate: name
PodResourceClaim: name
EvictionResponder: name
PodSchedulingGroup:
Service: metadata=ObjectMeta spec=ServiceSpec
ServiceSpec: ports[]=ServicePort selector clusterIP type sessionAffinity loadBalancerIP
  externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses
  sessionAffinityConfig*=SessionAffinityConfig
ServicePort: name protocol port targetPort nodePort
SessionAffinityConfig: clientIP*=ClientIPConfig
ClientIPConfig:
PersistentVolumeClaim: metadata=ObjectMeta spec=PersistentVolumeClaimSpec
Role: metadata=ObjectMeta rules[]=PolicyRule
RoleBinding: metadata=ObjectMeta subjects[]=Subject roleRef=RoleRef
Subject: kind apiGroup name namespace
RoleRef: apiGroup kind name
CronJob: metadata=ObjectMeta spec=CronJobSpec
CronJobSpec: schedule concurrencyPolicy jobTemplate=JobTemplateSpec
JobTemplateSpec: metadata=ObjectMeta spec=JobSpec
Pod: metadata=ObjectMeta spec=PodSpec
Workload: metadata=ObjectMeta spec=WorkloadSpec
WorkloadSpec: selector*=LabelSelector template=PodTemplateSpec
  volumeClaimTemplates[]=PersistentVolumeClaim
ConfigMap: metadata=ObjectMeta data binaryData
Secret: metadata=ObjectMeta type data stringData
ServiceAccount: metadata=ObjectMeta secrets[]=ObjectReference
  imagePullSecrets[]=LocalObjectReference
ObjectReference: kind namespace name uid apiVersion resourceVersion fieldPath
Namespace: metadata=ObjectMeta spec=NamespaceSpec
NamespaceSpec:
List: items[]=Object
"""

# By API version and kind.
_KINDS = {
    "batch/v1 Job": "Job",
    "batch/v1 CronJob": "CronJob",
    "apps/v1 Deployment": "Workload",
    "apps/v1 StatefulSet": "Workload",
    "apps/v1 DaemonSet": "Workload",
    "apps/v1 ReplicaSet": "Workload",
    "rbac.authorization.k8s.io/v1 Role": "Role",
    "rbac.authorization.k8s.io/v1 ClusterRole": "Role",
    "rbac.authorization.k8s.io/v1 RoleBinding": "RoleBinding",
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": "RoleBinding",
    "v1 ConfigMap": "ConfigMap",
    "v1 List": "List",
    "v1 Namespace": "Namespace",
    "v1 PersistentVolumeClaim": "PersistentVolumeClaim",
    "v1 Pod": "Pod",
    "v1 Secret": "Secret",
    "v1 Service": "Service",
    "v1 ServiceAccount": "ServiceAccount",
}

UNKNOWN = ApiType("", {}, frozenset())
"""The type of what the table does not have."""


def _types() -> dict[str, ApiType]:
    rows = _ROWS.replace("\n  ", " ").strip().splitlines()
    return {each.name: each for each in map(_type, rows)}


def _type(row: str) -> ApiType:
    name, _, rest = row.partition(":")
    fields: dict[str, str] = {}
    plain: list[str] = []
    for written in rest.split():
        field, _, of = written.partition("=")
        bare = field.rstrip("*[]")
        if of:
            fields[bare] = of
        if bare == field:
            plain.append(bare)
    return ApiType(name, fields, frozenset(plain))


TYPES: Mapping[str, ApiType] = {**_types(), QUANTITIES: ApiType(QUANTITIES, {}, frozenset())}
"""All types, by name."""


def type_of(value: Mapping[str, Any], name: str) -> ApiType:
    """Return the type of a mapping by the name of its type; an object has one of its own."""
    if name == OBJECT:
        name = _KINDS.get(f"{value.get('apiVersion')} {value.get('kind')}", "")
    return TYPES.get(name, UNKNOWN)
