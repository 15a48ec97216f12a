"""The content of a jobsetgen.yaml as settings, and one layer over another."""

from __future__ import annotations

import pytest

from jobsetgen.options.reading import laid_over, read_settings
from jobsetgen.options.table import OPTIONS, Lint, Placement, Settings
from jobsetgen.options.values import ImageOverride
from jobsetgen.options.watcher import Watcher

# Of each option a value that is not its default, and what it is as a setting.
EVERY = {
    "namespace": ("training", "training"),
    "images": ([{"name": "a", "newTag": "1"}], (ImageOverride(name="a", new_tag="1"),)),
    "replicas": (
        [{"jobSet": "a", "replicatedJob": "b", "replicas": 2}],
        {("a", "b"): 2},
    ),
    "gitops": ("flux", "flux"),
    "kubernetesVersion": ("1.31", "1.31"),
    "jobs": ("watcher", "watcher"),
    "updatePolicy": ("Block", "Block"),
    "restartWatcher": ("Never", "Never"),
    "runId": ("second", "second"),
    "placement": (
        {"strategy": "domains", "domains": {"rack": ["a", "b"]}},
        Placement(strategy="domains", domains={"rack": ("a", "b")}),
    ),
    "priorityClasses": ({"high": 10}, {"high": 10}),
    "defaultPriority": (5, 5),
    "compat": (2, 2),
    "maxJobs": (10, 10),
    "maxBytes": (1000, 1000),
    "output": ("rendered", "rendered"),
    "target": ("jobset", "jobset"),
    "readme": (False, False),
    "gitattributes": (False, False),
    "strict": (True, True),
    "lint": ({"ignore": ["JSG504"]}, Lint(ignore=("JSG504",))),
    "allowEmpty": (True, True),
    "watcher": ({"image": "python:3"}, Watcher(image="python:3")),
}


def test_nothing_is_the_defaults():
    assert read_settings({}) == Settings()


def test_every_option_is_here():
    assert {each.path[0] for each in OPTIONS if each.setting} == EVERY.keys()


@pytest.mark.parametrize("name", EVERY)
def test_an_option_is_read(name):
    written, read = EVERY[name]
    found, defaults = read_settings({name: written}), Settings()
    changed = [each for each in Settings.__slots__ if getattr(found, each) != getattr(defaults, each)]
    assert [getattr(found, each) for each in changed] == [read]


def test_a_whole_number_with_a_point_is_one():
    assert repr(read_settings({"maxJobs": 5.0}).max_jobs) == "5"
    assert repr(read_settings({"priorityClasses": {"high": 7.0}}).priority_classes["high"]) == "7"


@pytest.mark.parametrize(
    ("below", "above", "both"),
    [
        ({"jobs": "git"}, {"jobs": "watcher"}, {"jobs": "watcher"}),
        ({"jobs": "git"}, {"runId": "2"}, {"jobs": "git", "runId": "2"}),
        ({"resources": ["a"]}, {"resources": ["b"]}, {"resources": ["b"]}),
        ({"lint": {"ignore": ["a"]}}, {"lint": {"ignore": ["b"]}}, {"lint": {"ignore": ["a", "b"]}}),
        ({"images": [{"name": "a"}]}, {"images": [{"name": "b"}]}, {"images": [{"name": "b"}, {"name": "a"}]}),
        ({"replicas": [1]}, {"replicas": [2]}, {"replicas": [1, 2]}),
        (
            {"priorityClasses": {"a": 1, "b": 1}},
            {"priorityClasses": {"b": 2}},
            {"priorityClasses": {"a": 1, "b": 2}},
        ),
        (
            {"watcher": {"image": "a", "labels": {"a": "1", "b": "1"}, "imagePullSecrets": ["a"]}},
            {"watcher": {"memory": "1Gi", "labels": {"b": "2"}, "imagePullSecrets": ["b"]}},
            {
                "watcher": {
                    "image": "a",
                    "labels": {"a": "1", "b": "2"},
                    "imagePullSecrets": ["a", "b"],
                    "memory": "1Gi",
                }
            },
        ),
        (
            {"placement": {"domains": {"rack": ["a"]}}},
            {"placement": {"domains": {"pool": ["b"]}}},
            {"placement": {"domains": {"pool": ["b"]}}},
        ),
    ],
)
def test_a_layer_over_another(below, above, both):
    assert laid_over([below, above]) == both
