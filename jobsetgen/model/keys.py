"""The names of labels and annotations: JobSet's own, ours, and those of the tools around."""

from __future__ import annotations

API_VERSION = "jobset.x-k8s.io/v1alpha2"
API_GROUP = "jobset.x-k8s.io/"

JOBSET_NAME = "jobset.sigs.k8s.io/jobset-name"
JOBSET_UID = "jobset.sigs.k8s.io/jobset-uid"
REPLICATED_JOB_NAME = "jobset.sigs.k8s.io/replicatedjob-name"
REPLICATED_JOB_REPLICAS = "jobset.sigs.k8s.io/replicatedjob-replicas"
GLOBAL_REPLICAS = "jobset.sigs.k8s.io/global-replicas"
JOB_INDEX = "jobset.sigs.k8s.io/job-index"
JOB_GLOBAL_INDEX = "jobset.sigs.k8s.io/job-global-index"
JOB_KEY = "jobset.sigs.k8s.io/job-key"
GROUP_NAME = "jobset.sigs.k8s.io/group-name"
GROUP_REPLICAS = "jobset.sigs.k8s.io/group-replicas"
JOB_GROUP_INDEX = "jobset.sigs.k8s.io/job-group-index"
RESTART_ATTEMPT = "jobset.sigs.k8s.io/restart-attempt"
JOB_RESTART_ATTEMPT = "jobset.sigs.k8s.io/job-restart-attempt"
COORDINATOR = "jobset.sigs.k8s.io/coordinator"
PRIORITY = "jobset.sigs.k8s.io/priority"

EXCLUSIVE_TOPOLOGY = "alpha.jobset.sigs.k8s.io/exclusive-topology"
NODE_SELECTOR = "alpha.jobset.sigs.k8s.io/node-selector"
NAMESPACED_JOB = "alpha.jobset.sigs.k8s.io/namespaced-job"
NO_SCHEDULE = "alpha.jobset.sigs.k8s.io/no-schedule"

OUR_JOBSET = "jobsetgen.io/jobset"
GENERATION = "jobsetgen.io/generation"
SCRIPT = "jobsetgen.io/script"
STARTUP_GATE = "jobsetgen.io/startup"
OUR_RESTART_ATTEMPT = "jobsetgen.io/restart-attempt"

ISTIO_INJECT = "sidecar.istio.io/inject"
LINKERD_INJECT = "linkerd.io/inject"
KUEUE_QUEUE = "kueue.x-k8s.io/queue-name"
ARGOCD_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
FLUX_SUBSTITUTE = "kustomize.toolkit.fluxcd.io/substitute"

# What a person cannot set on a Job or its pods: the expansion says it.
IDENTITY = frozenset(
    [
        JOBSET_NAME,
        JOBSET_UID,
        REPLICATED_JOB_NAME,
        REPLICATED_JOB_REPLICAS,
        GLOBAL_REPLICAS,
        JOB_INDEX,
        JOB_GLOBAL_INDEX,
        JOB_KEY,
        GROUP_NAME,
        GROUP_REPLICAS,
        JOB_GROUP_INDEX,
        RESTART_ATTEMPT,
        JOB_RESTART_ATTEMPT,
        COORDINATOR,
        EXCLUSIVE_TOPOLOGY,
        NODE_SELECTOR,
    ]
)

# Where each key has an effect. A person writes these annotations, on the JobSet, a Job template or
# a pod template.
WRITTEN_ANNOTATIONS = frozenset([EXCLUSIVE_TOPOLOGY, NODE_SELECTOR])
# A pod's own priority label stays where the priority of its class is not known.
WRITTEN_POD_LABELS = frozenset([PRIORITY])
# Containers read these of their pod, and selectors find pods by the labels.
POD_ANNOTATIONS = IDENTITY - WRITTEN_ANNOTATIONS | {GENERATION}
POD_LABELS = IDENTITY - WRITTEN_ANNOTATIONS | {PRIORITY, OUR_JOBSET}
# The strategy node-selector finds nodes by it.
NODE_LABELS = frozenset([NAMESPACED_JOB])

_OURS = "jobsetgen.io"
_JOBSETS = "jobset.sigs.k8s.io"


def split(key: str) -> tuple[str, str]:
    """Return the prefix and the name of a key."""
    prefix, _, name = key.rpartition("/")
    return prefix, name


def is_in_space(key: str) -> bool:
    """Whether a key has a prefix of JobSet's, of its API group, or of ours.

    Others use these prefixes too.
    """
    prefix, _ = split(key)
    return prefix.endswith(_JOBSETS) or prefix in (API_GROUP.rstrip("/"), _OURS)


def is_ours(key: str) -> bool:
    """Whether a key is one of jobsetgen's, and none that JobSet has."""
    return split(key)[0] == _OURS
