"""Options as layers: the settings of a program are one, and what does not fit has a place and no traceback."""

from __future__ import annotations

import pytest

from jobsetgen import Memory, Settings, Source, compile, compile_project
from jobsetgen.options.table import Placement
from jobsetgen.options.values import ImageOverride
from jobsetgen.options.watcher import Watcher
from tests.cases import FIXTURES

MULTISLICE = Source(name="set.yaml", content=(FIXTURES / "valid" / "multislice" / "jobset.yaml").read_bytes())
NOT_YAML = Source(name="broken.yaml", content=b"a: [")
MISSPELT = Source(name="misspelt.yaml", content=MULTISLICE.content.replace(b"replicas", b"replica"))


def errors(settings: Settings, *sources: Source) -> list[tuple[str, str, str]]:
    result = compile(sources or [MULTISLICE], settings)
    return [(each.file, each.code, each.message) for each in result.diagnostics if each.is_error]


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        ({"gitops": "helm"}, "JSG103", 'gitops is "helm", but must be one of any, argocd, flux, none'),
        ({"max_jobs": 0}, "JSG106", "maxJobs is 0, but must be at least 1"),
        ({"max_jobs": "many"}, "JSG102", "maxJobs is a string, but must be an integer"),
        (
            {"default_priority": 2**31},
            "JSG106",
            "defaultPriority is 2147483648, which is out of range for int32",
        ),
        ({"namespace": 5}, "JSG102", "namespace is an integer (5), but must be a string"),
        ({"strict": "yes"}, "JSG102", "strict is a string, but must be a boolean"),
        ({"compat": 3}, "JSG103", "compat is 3, but must be one of 1, 2"),
        ({"priority_classes": {"a": "b"}}, "JSG102", "priorityClasses.a is a string, but must be an integer"),
        ({"replicas": {("a", "b"): -1}}, "JSG106", "replicas[0].replicas is -1, but must be at least 0"),
        ({"images": (ImageOverride(name=5),)}, "JSG102", "images[0].name is an integer (5), but must be a string"),
        (
            {"placement": Placement(domains={"a": [1]})},
            "JSG102",
            "placement.domains.a[0] is an integer (1), but must be a string",
        ),
        (
            {"watcher": Watcher(labels={"a": 5})},
            "JSG102",
            "watcher.labels.a is an integer (5), but must be a string",
        ),
        (
            {"update_policy": "OnRestart"},
            "JSG706",
            "updatePolicy OnRestart requires jobs: watcher; a GitOps tool applies changes at once",
        ),
        (
            {"watcher": Watcher(tolerations=({"key": "a", "effect": "Never"},))},
            "JSG103",
            'watcher.tolerations[0].effect is "Never", but must be one of NoExecute, NoSchedule, PreferNoSchedule',
        ),
        ({"watcher": Watcher(image="a b")}, "JSG705", "invalid image 'a b'"),
        ({"watcher": Watcher(memory="64MB")}, "JSG705", "invalid quantity '64MB'"),
        ({"output": ".."}, "JSG708", "output folder '..' must be inside the project folder"),
        (
            {"images": (ImageOverride(name="python", new_tag="a b"),)},
            "JSG710",
            "invalid newTag 'a b'",
        ),
        ({"replicas": {("multislice", "a"): 1}}, "JSG703", "JobSet multislice has no replicatedJob a"),
    ],
)
def test_a_setting_that_cannot_be_is_an_error_at_the_settings(settings, code, message):
    assert errors(Settings(**settings)) == [("settings", code, message)]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(watcher=None),
        Settings(placement=5),
        Settings(images=("a",)),
        Settings(images=5),
        Settings(replicas={"demo/workers": 3}),
        Settings(priority_classes=None),
        Settings(run_id="\udc80"),
        Settings(watcher=Watcher(tolerations=("a",))),
        Settings(watcher=Watcher(resources={"requests": 5})),
        Settings(watcher=Watcher(image_pull_secrets="abc")),
    ],
)
def test_settings_of_another_shape_are_errors_and_no_exceptions(settings):
    assert [(file, code) for file, code, _ in errors(settings)] == [("settings", "JSG102")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"watcher": object()}, "JSG102"),
        ({"runId": "\ud800"}, "JSG102"),
        ({"maxJobs": float("nan")}, "JSG102"),
        ({"resources": ["a.yaml"]}, "JSG702"),
        ({"gitops": 5}, "JSG102"),
        ({"compat": "1"}, "JSG102"),
    ],
)
def test_options_that_cannot_be_are_one_error_each(options, code):
    found = compile_project(Memory({"a.yaml": b"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"}), options)
    assert [(item.file, item.code) for item in found.diagnostics] == [("options", code)]


def test_beside_settings_that_do_not_fit_only_what_is_not_yaml_is_said():
    found = errors(Settings(max_jobs=0, strict="yes"), NOT_YAML, MISSPELT)
    assert [(file, code) for file, code, _ in found] == [
        ("broken.yaml", "JSG002"),
        ("settings", "JSG102"),
        ("settings", "JSG106"),
    ]


def test_settings_that_contradict_each_other_hide_nothing():
    found = errors(Settings(update_policy="OnRestart"), MISSPELT)
    assert {(file, code) for file, code, _ in found} == {("misspelt.yaml", "JSG101"), ("settings", "JSG706")}


def test_the_watchers_memory_is_a_setting_although_no_file_has_it():
    settings = Settings(namespace="training", watcher=Watcher(memory="200Mi"))
    result = compile([MULTISLICE], settings)
    assert result.ok
    assert result.settings == settings
    assert "memory: 200Mi\n" in result.text()
    assert "memory: 200Mi\n" not in compile([MULTISLICE]).text()
