"""What scripts/make_schemas.py knows of Kubernetes' fields beyond their OpenAPI.

A field is named by its place: its definition's short name, and its own; `[]` stands for the items
of a list.
"""

from __future__ import annotations

_SIGNALS = (
    "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT "
    "SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGRTMAX SIGRTMIN SIGSEGV SIGSTKFLT SIGSTOP "
    "SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH "
    "SIGXCPU SIGXFSZ "
) + " ".join([f"SIGRTMIN+{n}" for n in range(1, 16)] + [f"SIGRTMAX-{n}" for n in range(1, 15)])

# What the API server decides by itself in code, and its OpenAPI does not say: the values of closed
# sets. An empty string is here where the server keeps it as a value, and where it fills in a
# default instead: there it is dropped before anything else is done (jobsetgen/model/empties.py).
ENUMS = {
    "AppArmorProfile.type": "Localhost RuntimeDefault Unconfined",
    "AzureDiskVolumeSource.cachingMode": "None ReadOnly ReadWrite",
    "AzureDiskVolumeSource.kind": "Dedicated Managed Shared",
    "Container.imagePullPolicy": " Always IfNotPresent Never",
    "Container.restartPolicy": "Always",
    "Container.terminationMessagePolicy": " FallbackToLogsOnError File",
    "ContainerPort.protocol": " SCTP TCP UDP",
    "ContainerResizePolicy.resourceName": "cpu memory",
    "ContainerResizePolicy.restartPolicy": "NotRequired RestartContainer",
    "ContainerRestartRule.action": "Restart",
    "ContainerRestartRuleOnExitCodes.operator": "In NotIn",
    "GRPCAction.mode": "Plaintext TLS",
    "HTTPGetAction.protocol": "HTTP1 HTTP2",
    "HTTPGetAction.scheme": " HTTP HTTPS",
    "HostPathVolumeSource.type": (
        " BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket"
    ),
    "ImageVolumeSource.pullPolicy": " Always IfNotPresent Never",
    "JobSpec.completionMode": "Indexed NonIndexed",
    "JobSpec.podReplacementPolicy": "Failed TerminatingOrFailed",
    "LabelSelectorRequirement.operator": "DoesNotExist Exists In NotIn",
    "Lifecycle.stopSignal": _SIGNALS,
    "NodeSelectorRequirement.operator": "DoesNotExist Exists Gt In Lt NotIn",
    "PersistentVolumeClaimSpec.accessModes[]": (
        "ReadOnlyMany ReadWriteMany ReadWriteOnce ReadWriteOncePod"
    ),
    "PersistentVolumeClaimSpec.volumeMode": "Block Filesystem",
    "PodCertificateProjection.keyType": "ECDSAP256 ECDSAP384 ECDSAP521 ED25519 RSA3072 RSA4096",
    "PodFailurePolicyOnExitCodesRequirement.operator": "In NotIn",
    "PodFailurePolicyOnPodConditionsPattern.status": " False True Unknown",
    "PodFailurePolicyRule.action": "Count FailIndex FailJob Ignore",
    "PodOS.name": "linux windows",
    "PodSecurityContext.fsGroupChangePolicy": "Always OnRootMismatch",
    "PodSecurityContext.seLinuxChangePolicy": "MountOption Recursive",
    "PodSecurityContext.supplementalGroupsPolicy": "Merge Strict",
    "PodSpec.dnsPolicy": " ClusterFirst ClusterFirstWithHostNet Default None",
    "PodSpec.preemptionPolicy": "Never PreemptLowerPriority",
    "PodSpec.restartPolicy": " Always Never OnFailure",
    "RoleRef.apiGroup": " rbac.authorization.k8s.io",
    "RoleRef.kind": "ClusterRole Role",
    "SeccompProfile.type": "Localhost RuntimeDefault Unconfined",
    "SecurityContext.procMount": "Default Unmasked",
    "ServicePort.protocol": " SCTP TCP UDP",
    "ServiceSpec.externalTrafficPolicy": " Cluster Local",
    "ServiceSpec.internalTrafficPolicy": "Cluster Local",
    "ServiceSpec.ipFamilies[]": "IPv4 IPv6",
    "ServiceSpec.ipFamilyPolicy": "PreferDualStack RequireDualStack SingleStack",
    "ServiceSpec.sessionAffinity": " ClientIP None",
    "ServiceSpec.trafficDistribution": "PreferClose",
    "ServiceSpec.type": " ClusterIP ExternalName LoadBalancer NodePort",
    "Subject.apiGroup": " rbac.authorization.k8s.io",
    "Subject.kind": "Group ServiceAccount User",
    "Toleration.effect": " NoExecute NoSchedule PreferNoSchedule",
    "Toleration.operator": " Equal Exists",
    "TopologySpreadConstraint.nodeAffinityPolicy": "Honor Ignore",
    "TopologySpreadConstraint.nodeTaintsPolicy": "Honor Ignore",
    "TopologySpreadConstraint.whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
    "VolumeMount.bindMountOptions[]": "nodev noexec nosuid",
    "VolumeMount.mountPropagation": "Bidirectional HostToContainer None",
    "VolumeMount.recursiveReadOnly": "Disabled Enabled IfPossible",
}

# What an editor shows over the fields that people write most, in words of our own; Kubernetes' are
# long, and name much that a JobSet has no use for. `ObjectMeta` stands for the metadata of Jobs
# and pods too.
DESCRIPTIONS = {
    "ConfigMapKeySelector.key": "The key in the ConfigMap.",
    "ConfigMapKeySelector.name": "The ConfigMap's name.",
    "Container.args": "The arguments of the command.",
    "Container.command": (
        "The program to run, instead of the image's entrypoint; no shell reads it."
    ),
    "Container.env": "Environment variables, one by one.",
    "Container.envFrom": "ConfigMaps and Secrets whose keys all become environment variables.",
    "Container.image": "The image, best with a tag or a digest.",
    "Container.imagePullPolicy": (
        "When the node asks the registry. Default: Always for :latest, else IfNotPresent."
    ),
    "Container.lifecycle": "What runs right after the start and before the end.",
    "Container.livenessProbe": "A check that restarts the container when it fails.",
    "Container.name": "The container's name, unique in the pod.",
    "Container.ports": "The ports that it listens on.",
    "Container.readinessProbe": "A check that the pod is ready only while it succeeds.",
    "Container.resources": "What the container asks for, and the most it gets.",
    "Container.restartPolicy": (
        "Always makes an init container a sidecar, which runs beside the others."
    ),
    "Container.securityContext": "Users and rights of this container.",
    "Container.startupProbe": "A check that the other probes wait for.",
    "Container.volumeMounts": "Where the pod's volumes are seen in the container.",
    "Container.workingDir": "The folder that the command starts in. Default: the image's.",
    "ContainerPort.containerPort": "The port's number.",
    "ContainerPort.hostPort": "The same port on the node, which only one pod there can have.",
    "ContainerPort.name": "A name for probes and Services to use.",
    "ContainerPort.protocol": "Default: TCP.",
    "EmptyDirVolumeSource.medium": (
        "Memory keeps the files in RAM, as /dev/shm needs it. Default: the node's disk."
    ),
    "EmptyDirVolumeSource.sizeLimit": "The most it may hold.",
    "EnvFromSource.configMapRef": "A ConfigMap.",
    "EnvFromSource.prefix": "Stands before every name.",
    "EnvFromSource.secretRef": "A Secret.",
    "EnvVar.name": "The variable's name.",
    "EnvVar.value": (
        "Its value. Numbers and booleans need quotes; $(NAME) is replaced by an earlier variable."
    ),
    "EnvVar.valueFrom": "Where its value comes from.",
    "EnvVarSource.configMapKeyRef": "A key of a ConfigMap.",
    "EnvVarSource.fieldRef": "A field of the pod, such as metadata.name or an annotation.",
    "EnvVarSource.resourceFieldRef": "A request or a limit of a container.",
    "EnvVarSource.secretKeyRef": "A key of a Secret.",
    "JobSpec.activeDeadlineSeconds": "The most seconds that a Job may run; then it fails.",
    "JobSpec.backoffLimit": (
        "How many failures a Job gets over. 0: the first one fails it. Default: 6."
    ),
    "JobSpec.backoffLimitPerIndex": "How many failures each index gets over. Only for Indexed.",
    "JobSpec.completionMode": (
        "Indexed numbers the pods and gives each a host name. Default in a JobSet: Indexed."
    ),
    "JobSpec.completions": "How many pods must succeed.",
    "JobSpec.maxFailedIndexes": (
        "How many indices may fail before the Job does. Only with backoffLimitPerIndex."
    ),
    "JobSpec.parallelism": "How many pods run at a time: the number of hosts. Default: 1.",
    "JobSpec.podFailurePolicy": "What a failed pod means, by exit code or condition.",
    "JobSpec.podReplacementPolicy": "Failed waits until a pod has ended before it is replaced.",
    "JobSpec.successPolicy": "Which indices are enough for the Job to succeed.",
    "JobSpec.suspend": "Whether the Job waits. In a JobSet, spec.suspend of the set decides.",
    "JobSpec.template": "The pod: labels and annotations, and a pod spec.",
    "JobSpec.ttlSecondsAfterFinished": "How long a finished Job stays.",
    "JobTemplateSpec.metadata": "Labels and annotations of the Jobs.",
    "JobTemplateSpec.spec": "The batch/v1 Job spec.",
    "LocalObjectReference.name": "The object's name.",
    "ObjectMeta.annotations": "Notes for people and tools.",
    "ObjectMeta.generateName": "The beginning of a name that the server completes.",
    "ObjectMeta.labels": "Labels, which selectors find objects by.",
    "ObjectMeta.name": "The object's name.",
    "ObjectMeta.namespace": "The object's namespace.",
    "PersistentVolumeClaimSpec.accessModes": "From how many nodes it can be mounted, and how.",
    "PersistentVolumeClaimSpec.resources": "The size, as requests.storage.",
    "PersistentVolumeClaimSpec.storageClassName": "The storage class. Default: the cluster's.",
    "PersistentVolumeClaimVolumeSource.claimName": "The claim's name.",
    "PodFailurePolicy.rules": "The first rule that fits a failed pod decides.",
    "PodFailurePolicyOnExitCodesRequirement.containerName": (
        "Only this container. Default: every one."
    ),
    "PodFailurePolicyOnExitCodesRequirement.operator": (
        "Whether the exit code must be among the values."
    ),
    "PodFailurePolicyOnExitCodesRequirement.values": "The exit codes.",
    "PodFailurePolicyOnPodConditionsPattern.status": "The condition's status. Default: True.",
    "PodFailurePolicyOnPodConditionsPattern.type": "The condition, such as DisruptionTarget.",
    "PodFailurePolicyRule.action": (
        "FailJob, FailIndex: the Job or its index fails. Ignore: it is not counted."
    ),
    "PodFailurePolicyRule.onExitCodes": "Fits where a container's exit code does.",
    "PodFailurePolicyRule.onPodConditions": "Fits where the pod has a condition.",
    "PodSpec.activeDeadlineSeconds": "The most seconds that a pod may run.",
    "PodSpec.affinity": "Which nodes and which other pods it wants, or avoids.",
    "PodSpec.automountServiceAccountToken": "Whether the account's token is in the containers.",
    "PodSpec.containers": "The containers, at least one.",
    "PodSpec.dnsPolicy": (
        "How names are looked up."
        " With hostNetwork: ClusterFirstWithHostNet finds the set's Service."
    ),
    "PodSpec.hostIPC": "Whether shared memory is the node's.",
    "PodSpec.hostNetwork": "Whether the pod uses the node's network.",
    "PodSpec.imagePullSecrets": "Secrets that the images are pulled with.",
    "PodSpec.initContainers": (
        "Containers that run to their end before the others start, one after the other."
    ),
    "PodSpec.nodeSelector": "Labels that a node must have.",
    "PodSpec.priorityClassName": "The priority class: who waits, and who is preempted.",
    "PodSpec.resourceClaims": "Devices, by claims that containers refer to.",
    "PodSpec.restartPolicy": (
        "Whether a container that ended is started again. Default in a JobSet: OnFailure."
    ),
    "PodSpec.runtimeClassName": "The container runtime, by its class.",
    "PodSpec.schedulerName": "The scheduler. Default: default-scheduler.",
    "PodSpec.schedulingGates": "The pod is not scheduled while one of these is there.",
    "PodSpec.securityContext": "Users, groups and rights of all containers.",
    "PodSpec.serviceAccountName": "The account that the pod runs as. Default: default.",
    "PodSpec.subdomain": "The headless Service of the pods' host names. A JobSet sets it.",
    "PodSpec.terminationGracePeriodSeconds": (
        "How long a pod has to end, as with a last checkpoint. Default: 30."
    ),
    "PodSpec.tolerations": "Taints that it tolerates.",
    "PodSpec.topologySpreadConstraints": "How evenly pods spread over zones or nodes.",
    "PodSpec.volumes": "The volumes that containers mount.",
    "PodTemplateSpec.metadata": "Labels and annotations of the pods.",
    "PodTemplateSpec.spec": "The pod spec.",
    "ResourceRequirements.claims": "The pod's resource claims that the container uses.",
    "ResourceRequirements.limits": (
        "The most it gets. Accelerators stand here, such as google.com/tpu."
    ),
    "ResourceRequirements.requests": "What a node must have free for it. Default: the limits.",
    "SecretKeySelector.key": "The key in the Secret.",
    "SecretKeySelector.name": "The Secret's name.",
    "SecurityContext.capabilities": "Rights of the kernel to add or to drop.",
    "SecurityContext.privileged": "Whether it has the rights of the node's root.",
    "SecurityContext.runAsNonRoot": "Whether a container that would run as root is refused.",
    "SecurityContext.runAsUser": "The user's number.",
    "SuccessPolicy.rules": "The Job succeeds when one of these is met.",
    "SuccessPolicyRule.succeededCount": "How many indices must succeed.",
    "SuccessPolicyRule.succeededIndexes": "Which indices must succeed, as 0,2-4.",
    "Toleration.effect": "The taint's effect. Default: every effect.",
    "Toleration.key": "The taint's key. Default: every key, with the operator Exists.",
    "Toleration.operator": "Equal compares the value, Exists does not. Default: Equal.",
    "Toleration.tolerationSeconds": "For how long a NoExecute taint is tolerated.",
    "Toleration.value": "The taint's value.",
    "TopologySpreadConstraint.labelSelector": "The pods that are counted.",
    "TopologySpreadConstraint.maxSkew": "By how many pods two domains may differ.",
    "TopologySpreadConstraint.topologyKey": "The node label whose values are the domains.",
    "TopologySpreadConstraint.whenUnsatisfiable": (
        "Whether a pod then waits or is placed all the same."
    ),
    "Volume.configMap": "The keys of a ConfigMap, as files.",
    "Volume.emptyDir": "An empty folder that lives as long as the pod.",
    "Volume.hostPath": "A file or folder of the node.",
    "Volume.name": "The volume's name, which mounts refer to.",
    "Volume.nfs": "A folder of an NFS server.",
    "Volume.persistentVolumeClaim": "A claim that is there.",
    "Volume.projected": "Several sources in one folder.",
    "Volume.secret": "The keys of a Secret, as files.",
    "VolumeMount.mountPath": "Where it is seen in the container.",
    "VolumeMount.name": "The volume's name.",
    "VolumeMount.readOnly": "Whether it cannot be written. Default: false.",
    "VolumeMount.subPath": "Only this file or folder of the volume.",
}

# Values that a later version added. Some came as alpha features: as with new fields, a cluster that
# has the feature switched off says so itself.
LATER = {
    "Container.restartPolicy": ("1.34", "Never OnFailure"),
    "ContainerRestartRule.action": ("1.35", "RestartAllContainers"),
    "ServiceSpec.trafficDistribution": ("1.33", "PreferSameNode PreferSameZone"),
    "Toleration.operator": ("1.35", "Gt Lt"),
}

# Descriptions that list values although the field is no closed set for who writes a manifest, and
# why it is none.
OPEN = {
    "EmptyDirVolumeSource.medium": "HugePages-<size> is taken for every page size",
    "EphemeralContainer.imagePullPolicy": "a pod template takes no ephemeral containers",
    "ManagedFieldsEntry.fieldsType": "the server's own",
    "ManagedFieldsEntry.operation": "the server's own",
    "ServicePort.appProtocol": "any label name is taken",
    "ServiceSpec.clusterIP": "an address is taken",
    "ServiceSpec.clusterIPs[]": "an address is taken",
    "StorageOSVolumeSource.volumeNamespace": "a name is taken",
}

# Required in the OpenAPI, but the API server fills it in.
DEFAULTED = {("PodFailurePolicyOnPodConditionsPattern", "status"), ("RoleRef", "apiGroup")}

# The server's own reports: nobody writes them, and they would double the files.
OPAQUE = frozenset(["FieldsV1", "JobStatus", "ServiceStatus", "PersistentVolumeClaimStatus"])

PLAIN = {
    "Quantity": {"type": ["string", "number"]},
    "IntOrString": {"type": ["string", "integer"]},
}
