"""The order of fields in the output, as data.

Guarantee: the order depends only on the names here. Adding a name changes the text of an output
but never its meaning, so it restarts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Fields in the order in which people write them, by the key of their mapping or of its list; the
# root has the empty key. Other fields follow, sorted by name.
_ORDERS = {
    "": (
        "apiVersion kind metadata type immutable data stringData binaryData roleRef subjects rules "
        "spec"
    ),
    "metadata": "name generateName namespace labels annotations ownerReferences finalizers",
    "spec": (
        # JobSet
        "managedBy suspend network startupPolicy successPolicy failurePolicy coordinator "
        "volumeClaimPolicies replicatedJobs "
        # Service
        "type clusterIP clusterIPs publishNotReadyAddresses "
        # PersistentVolumeClaim
        "accessModes storageClassName volumeMode volumeName "
        # Job
        "completionMode completions parallelism backoffLimit backoffLimitPerIndex "
        "maxFailedIndexes activeDeadlineSeconds ttlSecondsAfterFinished podReplacementPolicy "
        "podFailurePolicy selector template "
        # Pod
        "subdomain hostname setHostnameAsFQDN hostNetwork hostPID hostIPC hostUsers dnsPolicy "
        "dnsConfig hostAliases restartPolicy terminationGracePeriodSeconds serviceAccountName "
        "automountServiceAccountToken enableServiceLinks priorityClassName priority "
        "preemptionPolicy schedulerName schedulingGates runtimeClassName nodeName nodeSelector "
        "affinity tolerations topologySpreadConstraints securityContext imagePullSecrets "
        "initContainers containers volumes "
        # last, wherever it is
        "ports resources"
    ),
    "containers": (
        "name image imagePullPolicy restartPolicy command args workingDir ports envFrom env "
        "resources resizePolicy startupProbe livenessProbe readinessProbe lifecycle "
        "terminationMessagePath terminationMessagePolicy securityContext volumeMounts volumeDevices"
    ),
    "replicatedJobs": "name groupName replicas dependsOn template",
    "template": "metadata spec",
    "env": "name value valueFrom",
    "resources": "limits requests claims",
    "ports": "name containerPort hostPort protocol port targetPort",
    "volumeMounts": "name mountPath subPath subPathExpr readOnly",
    "tolerations": "key operator value effect tolerationSeconds",
    "matchExpressions": "key operator values",
    "matchFields": "key operator values",
    "onExitCodes": "containerName operator values",
    # of a Role, of a podFailurePolicy, of a JobSet's failurePolicy
    "rules": "apiGroups resources resourceNames verbs name action onExitCodes onPodConditions",
    "placement": "strategy domains",
    "roleRef": "apiGroup kind name",
    "subjects": "apiGroup kind name namespace",
}
_ORDERS["initContainers"] = _ORDERS["containers"]
_RANKS = {
    parent: {name: rank for rank, name in enumerate(order.split())}
    for parent, order in _ORDERS.items()
}

# In all other mappings, these come first.
_ANYWHERE = {"apiVersion": 0, "kind": 1, "name": 2, "key": 3}

# Maps with user-defined keys are sorted by key only.
_USER_MAPS = frozenset(
    [
        "annotations",
        "binaryData",
        "data",
        "labels",
        "limits",
        "matchLabels",
        "nodeSelector",
        "requests",
        "selector",
        "stringData",
    ]
)


def fields(mapping: Mapping[str, Any], parent: str = "") -> Iterable[tuple[str, Any]]:
    """Return a mapping's entries in output order.

    `parent` is the key of the mapping or of its list.
    """
    if parent in _USER_MAPS:
        return sorted(mapping.items())
    ranks = _RANKS.get(parent, _ANYWHERE)
    last = len(ranks)
    return sorted(mapping.items(), key=lambda entry: (ranks.get(entry[0], last), entry[0]))
