"""JSG505: pods on accelerator nodes that ask for no accelerator."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, said

END = "these pods onto accelerator nodes, but no container asks for an accelerator"
HINT = "\nhint: Ask for it in resources.limits, for example nvidia.com/gpu or google.com/tpu."
AFFINITY = (
    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
    "{nodeSelectorTerms: [{matchExpressions: [{key: KEY, operator: OPERATOR}]}]}}}"
)


@pytest.mark.parametrize(
    "label",
    [
        "cloud.google.com/gke-tpu-accelerator: tpu-v5-lite-podslice",
        "cloud.google.com/gke-tpu-topology: 2x4",
        "cloud.google.com/gke-accelerator: nvidia-l4",
        "nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3",
        "node.kubernetes.io/instance-type: p5.48xlarge",
        "node.kubernetes.io/instance-type: g4dn.xlarge",
        "node.kubernetes.io/instance-type: trn1n.32xlarge",
        "node.kubernetes.io/instance-type: a3-highgpu-8g",
        "node.kubernetes.io/instance-type: ct5lp-hightpu-4t",
        "node.kubernetes.io/instance-type: Standard_ND96isr_H100_v5",
    ],
)
def test_a_node_selector_for_accelerators(label):
    text = jobset(pod=f"nodeSelector: {{{label}}}")
    assert said("JSG505", text) == [f"22:13: warning: the node label {label} sends {END}{HINT}"]


@pytest.mark.parametrize(
    "label",
    [
        "kubernetes.io/arch: amd64",
        "nvidia.com/gpu.present: 'false'",
        "node.kubernetes.io/instance-type: m5.xlarge",
        "node.kubernetes.io/instance-type: g2d.large",
        "node.kubernetes.io/instance-type: e2-standard-4",
        "node.kubernetes.io/instance-type: Standard_D4s_v5",
    ],
)
def test_a_node_selector_for_other_nodes(label):
    assert said("JSG505", jobset(pod=f"nodeSelector: {{{label}}}")) == []


def test_a_required_affinity_to_any_value():
    affinity = AFFINITY.replace("KEY", "nvidia.com/gpu.count").replace("OPERATOR", "Exists")
    expected = f"22:13: warning: the node label nvidia.com/gpu.count sends {END}{HINT}"
    assert said("JSG505", jobset(pod=affinity)) == [expected]


def test_a_required_affinity_to_some_values():
    affinity = AFFINITY.replace("KEY", "node.kubernetes.io/instance-type")
    text = jobset(pod=affinity.replace("OPERATOR", "In, values: [p4d.24xlarge, p5.48xlarge]"))
    label = "node.kubernetes.io/instance-type: p4d.24xlarge or p5.48xlarge"
    assert said("JSG505", text) == [f"22:13: warning: the node label {label} sends {END}{HINT}"]


def test_an_affinity_that_other_nodes_meet_too():
    affinity = AFFINITY.replace("KEY", "node.kubernetes.io/instance-type")
    assert said("JSG505", jobset(pod=affinity.replace("OPERATOR", "In, values: [m5.xlarge, p5.48xlarge]"))) == []


def test_an_affinity_with_another_term_to_choose():
    affinity = AFFINITY.replace("KEY", "nvidia.com/gpu.count").replace("OPERATOR", "Exists")
    text = jobset(pod=affinity.replace("nodeSelectorTerms: [", "nodeSelectorTerms: [{matchExpressions: []}, "))
    assert said("JSG505", text) == []


def test_an_affinity_away_from_accelerators():
    affinity = AFFINITY.replace("KEY", "nvidia.com/gpu.count").replace("OPERATOR", "DoesNotExist")
    assert said("JSG505", jobset(pod=affinity)) == []


def test_a_toleration_of_accelerator_nodes():
    text = jobset(pod="tolerations: [{key: nvidia.com/gpu, operator: Exists}]")
    assert said("JSG505", text) == [f"22:13: warning: the toleration of nvidia.com/gpu lets {END}{HINT}"]


@pytest.mark.parametrize("toleration", ["{operator: Exists}", "{key: dedicated, operator: Exists}"])
def test_other_tolerations(toleration):
    assert said("JSG505", jobset(pod=f"tolerations: [{toleration}]")) == []


@pytest.mark.parametrize(
    "resources",
    [
        "{limits: {google.com/tpu: 4}}",
        "{requests: {nvidia.com/gpu: '8'}, limits: {nvidia.com/gpu: '8'}}",
        "{limits: {nvidia.com/mig-1g.5gb: 1}}",
        "{limits: {aws.amazon.com/neuroncore: 2}}",
        "{limits: {gpu.intel.com/i915: 1}}",
        "{limits: {gpu.intel.com/xe: 1}}",
    ],
)
def test_a_container_that_asks(resources):
    text = jobset(pod="nodeSelector: {cloud.google.com/gke-accelerator: x}", container=f"resources: {resources}")
    assert said("JSG505", text) == []


def test_asking_for_cpu_alone_is_not_enough():
    text = jobset(pod="nodeSelector: {cloud.google.com/gke-accelerator: x}", container="resources: {limits: {cpu: 8}}")
    assert len(said("JSG505", text)) == 1


def test_a_resource_claim_asks_too():
    selector = "nodeSelector: {cloud.google.com/gke-accelerator: x}"
    claim = "resourceClaims: [{name: gpu, resourceClaimTemplateName: gpu}]"
    assert said("JSG505", jobset(pod=f"{selector}\n            {claim}")) == []
