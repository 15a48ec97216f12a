"""Labels and annotations of a JobSet that stay on it, as data: which tool reads them, and where.

On another object of the set, a tool would act on them a second time (Kueue would queue the
restart-watcher, Argo CD would run it as a hook), or take the object for one of its own (Fleet would
delete it). Labels and annotations that are not in these tables mean the same on every object.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal, NamedTuple

Place = Literal["", "Job", "pod"]
"""The template that a key belongs on, so that its tool still finds it; empty if it is lost anyway."""


class ToolKeys(NamedTuple):
    """The keys of one tool.

    `keys` is a domain, which includes its subdomains, or a pattern for whole keys, which has a
    slash. `tool` is the tool that would read them from the JobSet, or from its pods; `place` is
    where it finds them without a JobSet. `source` says what the tool does with them.
    """

    keys: str
    source: str
    tool: str = ""
    place: Place = ""

    def has(self, key: str) -> bool:
        """Whether a key is one of these."""
        if "/" in self.keys:
            return fnmatchcase(key, self.keys)
        domain, slash, _ = key.rpartition("/")
        return bool(slash) and (domain == self.keys or domain.endswith(f".{self.keys}"))


_ARGO_CD = "https://argo-cd.readthedocs.io/en/stable/user-guide/"
_CLI_UTILS = (
    "https://github.com/kubernetes-sigs/cli-utils/blob/02d8b21213d896ea8180e9c8f3e3e9160d2bfb55/"
)
_CONFIG_SYNC = (
    "https://docs.cloud.google.com/kubernetes-engine/config-sync/docs/reference/"
    "labels-and-annotations"
)
_HELM = "https://helm.sh/docs/"
_JOBSET = "https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/"
_KAI = "https://github.com/kai-scheduler/KAI-Scheduler/blob/main/"
_KUBERNETES = "https://kubernetes.io/docs/reference/labels-annotations-taints/"
_KUEUE = "https://kueue.sigs.k8s.io/docs/"
_KUEUE_KEYS = f"{_KUEUE}reference/labels-and-annotations/"
_TPU_PROVISIONER = (
    "https://github.com/ai-on-gke/tpu-provisioner/blob/7006a45d7c41d2112ff8e53d67757abc5c56e466/"
    "internal/utils/metadata.go"
)

KEPT_ON_THE_JOBSET = (
    # --- What schedules or queues the workload ---------------------------------------------------
    ToolKeys(
        "kueue.x-k8s.io/podset-*", f"{_KUEUE}concepts/topology_aware_scheduling/", "Kueue", "pod"
    ),
    ToolKeys("kueue.x-k8s.io/pod-*", _KUEUE_KEYS, "Kueue", "pod"),
    ToolKeys(
        "provreq.kueue.x-k8s.io",
        f"{_KUEUE}concepts/admission_check/provisioning_request/",
        "Kueue",
        "Job",
    ),
    ToolKeys("kueue.x-k8s.io", _KUEUE_KEYS, "Kueue", "Job"),
    ToolKeys(
        "slinky.slurm.net",
        "https://github.com/SlinkyProject/slurm-bridge/blob/main/docs/workload.md",
        "the Slurm bridge",
        "Job",
    ),
    # Of a pod's owners, the KAI scheduler reads the topmost, which is the ConfigMap of the plan if
    # the watcher creates the Jobs. It reads a queue from the pod as well.
    ToolKeys("kai.scheduler/queue", f"{_KAI}docs/quickstart/README.md", "the KAI scheduler", "pod"),
    ToolKeys(
        "kai.scheduler",
        f"{_KAI}pkg/podgrouper/podgrouper/plugins/defaultgrouper/default_grouper.go",
        "the KAI scheduler",
        "Job",
    ),
    ToolKeys(
        "tpu-provisioner.cloud.google.com/disable-autoprovisioning",
        _TPU_PROVISIONER,
        "the TPU provisioner",
        "pod",
    ),
    ToolKeys("tpu-provisioner.cloud.google.com", _TPU_PROVISIONER),
    # --- JobSet's keys and ours -------------------------------------------------------------------
    ToolKeys("jobset.sigs.k8s.io", f"{_JOBSET}jobset_types.go"),
    ToolKeys("jobset.x-k8s.io", f"{_JOBSET}groupversion_info.go"),
    ToolKeys("jobsetgen.io", "docs/differences.md"),
    # --- What applies the objects -----------------------------------------------------------------
    ToolKeys("argocd.argoproj.io", f"{_ARGO_CD}annotations-and-labels/"),
    ToolKeys("app.kubernetes.io/instance", f"{_ARGO_CD}resource_tracking/"),
    ToolKeys("fluxcd.io", "https://fluxcd.io/flux/components/kustomize/kustomizations/"),
    ToolKeys("helm.sh", f"{_HELM}topics/charts_hooks/"),
    ToolKeys("app.kubernetes.io/managed-by", f"{_HELM}chart_best_practices/labels/"),
    ToolKeys("config.kubernetes.io", "https://kpt.dev/reference/annotations/"),
    ToolKeys("config.k8s.io", f"{_CLI_UTILS}pkg/inventory/policy.go"),
    ToolKeys("kpt.dev", "https://github.com/kptdev/kpt/releases/tag/v1.0.0-beta.18"),
    ToolKeys("cli-utils.sigs.k8s.io", f"{_CLI_UTILS}pkg/common/common.go"),
    ToolKeys("kubectl.kubernetes.io", _KUBERNETES),
    ToolKeys("applyset.kubernetes.io", _KUBERNETES),
    ToolKeys("configmanagement.gke.io", _CONFIG_SYNC),
    ToolKeys("configsync.gke.io", _CONFIG_SYNC),
    ToolKeys("kapp.k14s.io", "https://carvel.dev/kapp/docs/v0.64.x/apps"),
    ToolKeys(
        "objectset.rio.cattle.io",
        "https://github.com/rancher/wrangler/blob/203957aec7548ca9dab89543cf33c17de820b952/"
        "pkg/apply/desiredset_process.go",
    ),
    # --- What scrapes Services and backs up claims ------------------------------------------------
    ToolKeys(
        "prometheus.io",
        "https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus/values.yaml",
    ),
    ToolKeys("velero.io", "https://velero.io/docs/v1.19/resource-filtering"),
    # --- What configures pods ---------------------------------------------------------------------
    ToolKeys("istio.io", "https://istio.io/latest/docs/reference/config/labels/"),
    ToolKeys("linkerd.io", "https://linkerd.io/2-edge/reference/proxy-configuration/"),
    ToolKeys(
        "vault.hashicorp.com",
        "https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations",
    ),
    ToolKeys(
        "admission.datadoghq.com",
        "https://docs.datadoghq.com/containers/troubleshooting/admission-controller",
    ),
    ToolKeys(
        "opentelemetry.io",
        "https://opentelemetry.io/docs/platforms/kubernetes/operator/automatic/",
    ),
    ToolKeys(
        "azure.workload.identity",
        "https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html",
    ),
    ToolKeys(
        "gke-gcsfuse",
        "https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar",
    ),
    ToolKeys(
        "k8s.v1.cni.cncf.io",
        "https://github.com/k8snetworkplumbingwg/multus-cni/blob/master/docs/quickstart.md",
    ),
)
"""The keys that are not copied to the objects of a set; of two that have a key, the first counts."""

_COSTS = "https://github.com/opencost/opencost/blob/develop/pkg/costmodel/allocation_helpers.go"
COSTS = (
    ToolKeys("*/cost*", _COSTS, "cost tools", "pod"),
    ToolKeys("*/billing*", _COSTS, "cost tools", "pod"),
    ToolKeys("*/chargeback*", _COSTS, "cost tools", "pod"),
)
"""The labels by which costs are allocated. They are copied, but cost tools read them from pods."""


@lru_cache(maxsize=256)
def kept_on_the_jobset(key: str) -> ToolKeys | None:
    """Return the tool whose key of a JobSet is not copied to the objects of the set, or None."""
    return next((each for each in KEPT_ON_THE_JOBSET if each.has(key)), None)


def allocates_costs(label: str) -> ToolKeys | None:
    """Return the tools that allocate costs by a label, or None."""
    key = label.lower() if "/" in label else f"/{label.lower()}"
    return next((each for each in COSTS if each.has(key)), None)
