"""What is an accelerator, and what people call it."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.accelerators import accelerators, is_accelerator_taint, noun


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("google.com/tpu", "chip"),
        ("cloud-tpus.google.com/v3", "chip"),
        ("nvidia.com/gpu", "GPU"),
        ("nvidia.com/gpu.shared", "GPU"),
        ("nvidia.com/mig-1g.5gb", "MIG device"),
        ("gpu.intel.com/i915", "GPU"),
        ("gpu.intel.com/xe", "GPU"),
        ("habana.ai/gaudi", "GPU"),
        ("aws.amazon.com/neuroncore", "accelerator"),
        ("aws.amazon.com/neurondevice", "accelerator"),
        ("aws.amazon.com/neuron", "accelerator"),
        ("huawei.com/Ascend910", "accelerator"),
        ("huawei.com/Ascend310P", "accelerator"),
        ("huawei.com/Ascend910-2c", "accelerator"),
        ("example.com/npu-core", "accelerator"),
        ("example.com/some.npu_2", "accelerator"),
        ("npu.intel.com/accel", "accelerator"),
        ("example.com/vgpu", "GPU"),
        ("example.com/gpus", "GPU"),
        ("nvidia.com/mig-1g.5gb.shared", "MIG device"),
        ("example.com/output", None),
        ("example.com/input", None),
        ("example.com/throughput-units", None),
        ("example.com/migrations", None),
        ("example.com/gpumem", None),
        ("gpu-team.example.com/license", None),
        ("npu.intel.com/metrics", None),
        ("gpu.intel.com/millicores", None),
        ("gpu.intel.com/i915_monitoring", None),
        ("example.com/luxe", None),
        ("rdma/hca", None),
        ("gpu", None),
        ("cpu", None),
    ],
)
def test_nouns(resource, expected):
    assert noun(resource) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("nvidia.com/gpu", True),
        ("google.com/tpu", True),
        ("huawei.com/Ascend910", True),
        ("example.com/npu-core", True),
        ("example.com/output", False),
        ("example.com/input-nodes", False),
        ("gpu-team.example.com/dedicated", False),
        ("gpu", False),
    ],
)
def test_taints(key, expected):
    assert is_accelerator_taint(key) is expected


def test_accelerators_of_a_pod():
    limits = {"nvidia.com/mig-1g.5gb": "2", "nvidia.com/gpu": 1, "cpu": 8}
    pod = {"containers": [{"resources": {"limits": limits}}]}
    assert accelerators(pod) == {"nvidia.com/gpu": 1, "nvidia.com/mig-1g.5gb": 2}
