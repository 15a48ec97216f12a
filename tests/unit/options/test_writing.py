"""Settings as the content of a jobsetgen.yaml, both ways."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options import values
from jobsetgen.options.reading import laid_over, read_settings
from jobsetgen.options.table import OPTIONS, Lint, Placement, Settings
from jobsetgen.options.values import ImageOverride
from jobsetgen.options.watcher import CARRIED_FIELDS, LOG_LEVELS, Watcher
from jobsetgen.options.writing import content_of
from jobsetgen.schema import problems

HEAD = {"apiVersion": "jobsetgen.io/v1alpha1", "kind": "JobSetGenerator"}
TEXT = st.text(max_size=4)
INT32 = st.integers(-(2**31), 2**31 - 1)
TEXT_MAP = st.dictionaries(TEXT, TEXT, max_size=2)
AMOUNTS = st.dictionaries(TEXT, TEXT | INT32 | st.floats(allow_nan=False, allow_infinity=False), max_size=2)
TOLERATION = st.fixed_dictionaries(
    {},
    optional={
        "key": TEXT,
        "operator": st.sampled_from(["Equal", "Exists"]),
        "value": TEXT,
        "effect": st.sampled_from(["NoExecute", "NoSchedule", "PreferNoSchedule"]),
        "tolerationSeconds": st.integers(-(2**63), 2**63 - 1),
    },
)
IMAGE = st.builds(ImageOverride, name=TEXT, new_name=TEXT, new_tag=TEXT, digest=TEXT)
PLACEMENT = {
    "strategy": st.sampled_from(values.STRATEGIES),
    "domains": st.dictionaries(TEXT, st.lists(TEXT, max_size=2).map(tuple), max_size=2),
}
WATCHER = {
    "image": TEXT,
    "log_level": st.sampled_from(LOG_LEVELS),
    "resources": st.fixed_dictionaries({}, optional={"requests": AMOUNTS, "limits": AMOUNTS}),
    "memory": TEXT,
    "service_account": TEXT,
    "priority_class": TEXT,
    "image_pull_secrets": st.lists(TEXT, max_size=2).map(tuple),
    "node_selector": TEXT_MAP,
    "tolerations": st.lists(TOLERATION, max_size=2).map(tuple),
    "carried_fields": st.lists(st.sampled_from(CARRIED_FIELDS), max_size=2).map(tuple),
    "labels": TEXT_MAP,
    "annotations": TEXT_MAP,
}
SETTINGS = {
    "namespace": st.none() | st.text(min_size=1, max_size=4),
    "images": st.lists(IMAGE, max_size=2).map(tuple),
    "replicas": st.dictionaries(st.tuples(TEXT, TEXT), st.integers(0, 2**31 - 1), max_size=2),
    "gitops": st.sampled_from(values.PROFILES),
    "kubernetes_version": st.sampled_from(VERSIONS),
    "jobs": st.sampled_from(values.JOBS_OWNERS),
    "update_policy": st.sampled_from(values.UPDATE_POLICIES),
    "restart_watcher": st.sampled_from(values.RESTART_WATCHERS),
    "run_id": TEXT,
    "placement": st.builds(Placement, **PLACEMENT),
    "priority_classes": st.dictionaries(TEXT, INT32, max_size=2),
    "default_priority": INT32,
    "max_jobs": st.integers(1, 10**9),
    "max_bytes": st.integers(1, 2**32),
    "output": TEXT,
    "target": st.sampled_from(values.TARGETS),
    "readme": st.booleans(),
    "gitattributes": st.booleans(),
    "strict": st.booleans(),
    "lint": st.builds(Lint, ignore=st.lists(TEXT, max_size=2).map(tuple)),
    "allow_empty": st.booleans(),
    "compat": st.sampled_from([1, 2]),
    "watcher": st.builds(Watcher, **WATCHER),
}


@pytest.mark.parametrize(("made", "strategies"), [(Settings, SETTINGS), (Placement, PLACEMENT), (Watcher, WATCHER)])
def test_every_setting_is_generated(made, strategies):
    assert {each.name for each in fields(made)} - {"namespace_required", "input_classes"} == strategies.keys()


def differing(some, default):
    """Return how many options of some settings differ from their defaults."""
    pairs = [(getattr(some, each.name), getattr(default, each.name)) for each in fields(default)]
    return sum(differing(*pair) if is_dataclass(pair[1]) else pair[0] != pair[1] for pair in pairs)


def without_flags_own(content):
    """Return content without what only a flag has."""
    own = {row.path for row in OPTIONS if not row.in_file}
    return {
        name: {inner: text for inner, text in value.items() if (name, inner) not in own}
        if isinstance(value, dict)
        else value
        for name, value in content.items()
    }


@given(st.builds(Settings, **SETTINGS))
def test_what_is_written_is_read_as_the_same_settings(settings):
    assert read_settings(content_of(settings)) == settings


@given(st.builds(Settings, **SETTINGS))
def test_what_is_written_fits_the_schema(settings):
    content = {**HEAD, **without_flags_own(content_of(settings))}
    assert problems(content, "JobSetGenerator", VERSIONS[-1]) == []


@given(st.builds(Settings, **SETTINGS))
def test_just_what_differs_from_the_defaults_is_written(settings):
    content = content_of(settings)
    in_sections = [content[name] for name in ("placement", "watcher", "lint") if name in content]
    assert len(content) + sum(len(each) - 1 for each in in_sections) == differing(settings, Settings())


def test_the_defaults_are_nothing():
    assert content_of(Settings()) == {}


def test_an_empty_namespace_is_none():
    assert content_of(Settings(namespace="")) == {}


def test_an_option_that_only_a_flag_has_is_written_at_its_path():
    assert content_of(Settings(watcher=Watcher(memory="1Gi"))) == {"watcher": {"memory": "1Gi"}}


def test_settings_are_a_layer_over_a_file():
    file = {"jobs": "watcher", "watcher": {"image": "a", "labels": {"a": "1"}}}
    above = content_of(Settings(run_id="2", watcher=Watcher(labels={"b": "2"})))
    assert laid_over([file, above]) == {
        "jobs": "watcher",
        "watcher": {"image": "a", "labels": {"a": "1", "b": "2"}},
        "runId": "2",
    }
