"""Every lint: odd data is left to the schema, and raises nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest

from jobsetgen.diagnostics import Diagnostic, Place
from jobsetgen.model.build import build_jobset
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.options.values import PROFILES
from jobsetgen.plain import without_nulls
from jobsetgen.rules.registry import RULES as ALL
from jobsetgen.rules.rule import InputRule, JobRule, Rule
from jobsetgen.source.documents import Document, Node

RULES = [rule for rule in ALL if ".lints." in rule.check.__module__]

BUSY = {
    "apiVersion": "jobset.x-k8s.io/v1alpha2",
    "kind": "JobSet",
    "metadata": {
        "name": "demo",
        "labels": {"kueue.x-k8s.io/queue-name": "a", "kueue.x-k8s.io/priority-class": "a", "cost-center": "a"},
        "annotations": {"helm.sh/hook": "a"},
    },
    "spec": {
        "failurePolicy": {
            "maxRestarts": 3,
            "rules": [
                {"action": "FailJobSet", "onJobFailureReasons": ["FailedIndexes"]},
                {"action": "FailJobSet"},
                {"action": "RestartJobSet"},
            ],
        },
        "successPolicy": {"operator": "Any", "targetReplicatedJobs": ["driver"]},
        "network": {"subdomain": "demo", "enableDNSHostnames": True},
        "startupPolicy": {"startupPolicyOrder": "InOrder"},
        "ttlSecondsAfterFinished": 60,
        "replicatedJobs": [
            {
                "name": "driver",
                "template": {
                    "metadata": {"labels": {"kueue.x-k8s.io/queue-name": "a"}},
                    "spec": {
                        "activeDeadlineSeconds": 60,
                        "completions": 4,
                        "template": {
                            "spec": {
                                "nodeSelector": {
                                    "cloud.google.com/gke-tpu-accelerator": "tpu-v6e-slice",
                                    "cloud.google.com/gke-tpu-topology": "2x4",
                                },
                                "containers": [{"name": "main", "resources": {"limits": {"google.com/tpu": 4}}}],
                            }
                        },
                    },
                },
            },
            {
                "name": "workers",
                "replicas": 2000,
                "dependsOn": [{"name": "driver", "status": "Ready"}],
                "template": {
                    "metadata": {
                        "labels": {"kueue.x-k8s.io/queue-name": "a"},
                        "annotations": {
                            "alpha.jobset.sigs.k8s.io/exclusive-topology": "pool",
                            "argocd.argoproj.io/sync-options": "Replace=true",
                        },
                    },
                    "spec": {
                        "suspend": True,
                        "backoffLimit": 4,
                        "parallelism": 2,
                        "completions": 2,
                        "completionMode": "Indexed",
                        "template": {
                            "metadata": {"labels": {"kueue.x-k8s.io/pod-group-name": "a"}},
                            "spec": {
                                "nodeName": "node-1",
                                "priority": 7,
                                "overhead": {"memory": "64Mi"},
                                "nodeSelector": {"nvidia.com/gpu.product": "a"},
                                "tolerations": [{"key": "nvidia.com/gpu"}],
                                "containers": [
                                    {
                                        "name": "main",
                                        "image": "train",
                                        "command": ["demo-worker-0-0.demo"],
                                        "env": [
                                            {"name": "A", "value": "${A}"},
                                            {"name": "RANK", "value": "$(JOB_COMPLETION_INDEX)"},
                                        ],
                                        "resources": {"limits": {"cpu": 1}},
                                    }
                                ],
                            },
                        },
                    },
                },
            },
            {
                "name": "gated",
                "template": {
                    "spec": {
                        "suspend": True,
                        "priorityClassName": "${CLASS}",
                        "template": {
                            "spec": {
                                "schedulingGates": [{"name": "a"}, {"name": "kueue.x-k8s.io/admission"}],
                                "containers": [{"name": "main", "image": "<your image>"}],
                            }
                        },
                    }
                },
            },
        ],
    },
}

ODD = [None, 7, "odd", True, [], {}, [None, 7], {"odd": [{}]}, -1, 2**70]
SETTINGS = [
    *(Settings(gitops=profile) for profile in PROFILES),
    Settings(restart_watcher="Never"),
    Settings(jobs="watcher"),
]


def spoiled(value: Any, odd: Any) -> Iterator[Any]:
    """Yield the data once for each place in it, with something odd there."""
    yield odd
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        for changed in spoiled(inner, odd):
            copy = value.copy()
            copy[step] = changed
            yield copy


def unit(data: Any) -> Unit:
    document = Document(root=Node(data, Place("set.yaml")))
    data = without_nulls(data)
    return Unit(document=document, data=data, jobset=build_jobset(data))


@cache
def units(number: int) -> list[Unit]:
    """Return the set once for each place in it, with an odd value there."""
    return [unit(changed) for changed in spoiled(BUSY, ODD[number]) if isinstance(changed, dict)]


def diagnostics(rule: Rule, units: Sequence[Unit], settings: Settings) -> Iterator[Diagnostic]:
    """Yield what one rule has to say about some objects."""
    if isinstance(rule, InputRule):
        yield from (unit.document.diagnostic(rule.code, finding) for unit, finding in rule.check(units, settings))
        return
    for unit in units:
        subjects = unit.job_templates() if isinstance(rule, JobRule) else [unit.jobset] if unit.jobset else []
        for subject in subjects:
            yield from (unit.document.diagnostic(rule.code, finding) for finding in rule.check(subject, settings))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code.id)
@pytest.mark.parametrize("number", range(len(ODD)), ids=[str(odd) for odd in ODD])
def test_odd_data_raises_nothing(rule, number):
    for settings in SETTINGS:
        for item in diagnostics(rule, units(number), settings):
            assert item.message


def test_the_data_that_is_spoiled_gives_nearly_every_lint_something_to_say():
    silent = {
        rule.code.id
        for rule in RULES
        if not any(list(diagnostics(rule, [unit(BUSY)], settings)) for settings in SETTINGS)
    }
    # A set has a name or a generateName, a queued one may suspend its templates, this one runs something, and no
    # other object is here.
    assert silent == {"JSG611", "JSG513", "JSG526", "JSG530"}
