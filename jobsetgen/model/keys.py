"""The keys of labels and annotations: those of JobSet, of jobsetgen and of other tools."""

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
KUEUE_POD_GROUP = "kueue.x-k8s.io/pod-group-name"
KUEUE_PRIORITY = "kueue.x-k8s.io/priority-class"
ARGOCD_IGNORE_HEALTH = "argocd.argoproj.io/ignore-healthcheck"
ARGOCD_SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
FLUX_FORCE = "kustomize.toolkit.fluxcd.io/force"
FLUX_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
FLUX_SUBSTITUTE = "kustomize.toolkit.fluxcd.io/substitute"

# Keys that users cannot set on a Job or its pods, because the expansion sets them.
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

# The places where each key has an effect. Users set these annotations on the JobSet, a Job template
# or a pod template.
WRITTEN_ANNOTATIONS = frozenset([EXCLUSIVE_TOPOLOGY, NODE_SELECTOR])
# A pod's own priority label is kept if the priority of its class is unknown.
WRITTEN_POD_LABELS = frozenset([PRIORITY])
# Containers can read these of their pod, and selectors can match the labels.
POD_ANNOTATIONS = IDENTITY - WRITTEN_ANNOTATIONS | {GENERATION}
POD_LABELS = IDENTITY - WRITTEN_ANNOTATIONS | {PRIORITY, OUR_JOBSET}
# The strategy node-selector selects nodes by it.
NODE_LABELS = frozenset([NAMESPACED_JOB])

_OURS = "jobsetgen.io"
_JOBSETS = "jobset.sigs.k8s.io"


def split(key: str) -> tuple[str, str]:
    """Return the prefix and the name of a key."""
    prefix, _, name = key.rpartition("/")
    return prefix, name


def is_in_space(key: str) -> bool:
    """Whether a key has a prefix of JobSet, of its API group, or of jobsetgen.

    Other programs use these prefixes, too.
    """
    prefix, _ = split(key)
    return prefix.endswith(_JOBSETS) or prefix in (API_GROUP.rstrip("/"), _OURS)


def is_ours(key: str) -> bool:
    """Whether a key has the prefix of jobsetgen."""
    return split(key)[0] == _OURS
