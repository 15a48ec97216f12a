"""The watcher's own Job is judged as any Job: what the rules refuse in it, the checks of its options report."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jobsetgen.arrange import arrange
from jobsetgen.diagnostics import Place
from jobsetgen.kubernetes.labels import MAX_ANNOTATIONS
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.model.build import build_jobset
from jobsetgen.model.unit import Unit
from jobsetgen.options.table import Settings
from jobsetgen.options.values import JOBS_OWNERS, PROFILES
from jobsetgen.options.watcher import CARRIED_FIELDS, LOG_LEVELS, Watcher
from jobsetgen.project.watcher_options import watcher_problems
from jobsetgen.rules.run import check
from jobsetgen.source.documents import Document, computed
from tests.unit.expand.builds import jobset


def unit(data: dict[str, Any], **fields: Any) -> Unit:
    return Unit(document=Document(root=computed(data, Place("in.yaml"))), data=data, **fields)


def watcher_job(settings: Settings) -> dict[str, Any]:
    """Return the watcher's Job of a small set, whatever the settings say."""
    document = jobset(failurePolicy={"maxRestarts": 3})
    (group,) = arrange([unit(document, jobset=build_jobset(document))], settings).groups
    job = group.parts[-1]
    assert isinstance(job, dict)
    assert job["metadata"]["name"] == "demo-restart-watcher"
    return job


def refused(settings: Settings) -> dict[str, str]:
    """Return what the rules refuse in the watcher's Job: their messages, by code."""
    found = check([unit(watcher_job(settings))], settings)
    return {item.code: item.message for item in found if item.is_error}


# Options that make a rule refuse the watcher's Job, by the rule's code.
REFUSED = [
    ("JSG301", {"memory": "1 Gi"}),
    ("JSG301", {"resources": {"limits": {"cpu": "one"}}}),
    ("JSG301", {"resources": {"requests": {"memory": "-1"}}}),
    ("JSG302", {"resources": {"limits": {"gpu": 1}}}),
    ("JSG302", {"resources": {"requests": {"a b/c": 1}}}),
    ("JSG303", {"resources": {"requests": {"cpu": 2}, "limits": {"cpu": 1}}}),
    ("JSG304", {"resources": {"requests": {"nvidia.com/gpu": 1}}}),
    ("JSG304", {"resources": {"limits": {"nvidia.com/gpu": "500m"}}}),
    ("JSG304", {"resources": {"limits": {"hugepages-2Mi": "4Mi"}}}),
    ("JSG306", {"labels": {"team": "Research & Development"}}),
    ("JSG306", {"labels": {"a/b/c": "x"}}),
    ("JSG306", {"node_selector": {"pool": "a b"}}),
    ("JSG307", {"annotations": {"run id": "7"}}),
    ("JSG307", {"annotations": {"note": "x" * MAX_ANNOTATIONS}}),
    ("JSG307", {"annotations": {"note": "x" * (MAX_ANNOTATIONS - len("note"))}}),
    ("JSG312", {"image": ""}),
    ("JSG312", {"image": "python:3 "}),
    ("JSG346", {"labels": {"batch.kubernetes.io/controller-uid": "1"}}),
    ("JSG346", {"labels": {"job-name": "other"}}),
    ("JSG350", {"service_account": "Trainer"}),
    ("JSG350", {"priority_class": "very high"}),
    ("JSG352", {"tolerations": ({"key": "a", "operator": "Exists", "value": "b"},)}),
    ("JSG352", {"tolerations": ({"value": "a"},)}),
    ("JSG352", {"tolerations": ({"key": "a b"},)}),
    ("JSG352", {"tolerations": ({"key": "a", "tolerationSeconds": 1},)}),
]


@pytest.mark.parametrize(("code", "options"), REFUSED)
def test_what_a_rule_refuses_in_the_watchers_job_is_reported_of_its_options(code, options):
    watcher = Watcher(**options)
    assert code in refused(Settings(watcher=watcher))
    assert list(watcher_problems(watcher))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_largest_annotations_that_are_taken_leave_room_for_those_of_the_compiler(profile):
    longest = "x" * (MAX_ANNOTATIONS - 256 - len("note"))
    watcher = Watcher(annotations={"note": longest})
    assert list(watcher_problems(watcher)) == []
    assert refused(Settings(watcher=watcher, gitops=profile)) == {}
    assert list(watcher_problems(Watcher(annotations={"note": f"{longest}x"})))


KEYS = st.sampled_from(
    [
        "team",
        "example.com/team",
        "Example.com/a",
        "a b",
        "",
        "/",
        "a/b/c",
        "-a",
        "x" * 64,
        "job-name",
        "kubernetes.io/os",
    ]
) | st.text(max_size=4)
VALUES = st.sampled_from(["", "a", "a b", "-", "x" * 63, "x" * 64, "${VAR}", "true"]) | st.text(max_size=4)
NAMES = st.sampled_from(["a", "a.b-c", "A", "a_b", "", "x" * 254, "system-cluster-critical"]) | st.text(max_size=4)
AMOUNTS = st.sampled_from(
    [0, 1, 2, -1, 0.5, "1", "500m", "1Gi", "4Mi", "3Mi", "1e3", "-1", "1 Gi", "", "one", " 1", ".5", "+1"]
)
STANDARD = st.sampled_from(["cpu", "memory", "ephemeral-storage", "storage", "gpu", "hugepages-2Mi", "hugepages-x", ""])
OTHERS = st.sampled_from(["nvidia.com/gpu", "requests.a.b/c", "a b/c", "kubernetes.io/x", "x" * 64 + "/y"])
RESOURCES = st.dictionaries(STANDARD | OTHERS, AMOUNTS, max_size=3)
TOLERATION = st.fixed_dictionaries(
    {},
    optional={
        "key": KEYS,
        "operator": st.sampled_from(["Equal", "Exists", "Gt", "Is"]),
        "value": VALUES,
        "effect": st.sampled_from(["NoSchedule", "NoExecute", "PreferNoSchedule", "Never"]),
        "tolerationSeconds": st.integers(-1, 60),
    },
)
BY_FIELD = {
    "image": st.sampled_from(["python:3", "", " ", "a b", "a:1 ", "example.com/a@sha256:0e"]) | st.text(max_size=4),
    "log_level": st.sampled_from(LOG_LEVELS),
    "resources": st.fixed_dictionaries({}, optional={"requests": RESOURCES, "limits": RESOURCES}),
    "memory": AMOUNTS.map(str),
    "service_account": NAMES,
    "priority_class": NAMES,
    "image_pull_secrets": st.lists(NAMES, max_size=2).map(tuple),
    "node_selector": st.dictionaries(KEYS, VALUES, max_size=2),
    "tolerations": st.lists(TOLERATION, max_size=2).map(tuple),
    "labels": st.dictionaries(KEYS, VALUES, max_size=2),
    "annotations": st.dictionaries(KEYS, VALUES, max_size=2),
    "carried_fields": st.lists(st.sampled_from(CARRIED_FIELDS), max_size=2).map(tuple),
}
"""What a person may write for each option, sensible or not."""


def test_every_option_is_tried():
    assert set(BY_FIELD) == {field.name for field in fields(Watcher)}


@pytest.mark.parametrize("field", BY_FIELD)
@given(data=st.data())
def test_options_without_a_problem_make_a_job_that_no_rule_refuses(field, data):
    """Beside the option may stand the memory, which is laid over the resources."""
    memory = data.draw(st.sampled_from(["", "64Mi"]))
    watcher = Watcher(**{"memory": memory, field: data.draw(BY_FIELD[field])})
    assume(not list(watcher_problems(watcher)))
    settings = Settings(
        watcher=watcher,
        kubernetes_version=data.draw(st.sampled_from(VERSIONS)),
        gitops=data.draw(st.sampled_from(PROFILES)),
        jobs=data.draw(st.sampled_from(JOBS_OWNERS)),
    )
    assert refused(settings) == {}
