"""`--target jobset`: what it writes compiles to the same plain objects, whatever the options, and to itself."""

from __future__ import annotations

import os
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobsetgen.cli.compiling import compiled
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.options import values
from jobsetgen.options.watcher import CARRIED_FIELDS, LOG_LEVELS
from jobsetgen.pipeline import Compilation, compile, compile_inputs, with_jobsets
from jobsetgen.project.inputs import Inputs
from jobsetgen.project.layer import options_layer
from jobsetgen.source.text import Source
from jobsetgen.target.keys import CARRIED
from tests.cases import VALID, arguments, parsed

CORPUS = os.environ.get("JOBSETGEN_CORPUS")
MANIFESTS = sorted(Path(CORPUS).rglob("*.yaml")) if CORPUS else []
MODES = {"git": (), "watcher": ("--jobs", "watcher"), "flux": ("--gitops", "flux", "--namespace", "research")}


def built(folder: Path, *words: str) -> Compilation:
    with chdir(folder):
        return compiled(*parsed(*words))


def again(output: str) -> Compilation:
    """Compile an output as somebody does who has nothing else: not even the options."""
    return compile([Source(name="jobsets.yaml", content=output.encode())])


def refuse_loss(result: Compilation) -> None:
    """Fail unless the JobSets of a compilation compile to its objects, and to themselves."""
    target = with_jobsets(result)
    read = again(target.text())
    assert [item for item in read.diagnostics if item.is_error] == []
    assert read.text() == result.text()
    assert with_jobsets(read).text() == target.text()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", VALID, ids=lambda case: case.name)
def test_the_jobsets_of_a_fixture_give_its_plain_objects(case, mode):
    result = built(case, *arguments(case), *MODES[mode])
    if mode == "git":
        assert result.ok
    if result.ok:
        refuse_loss(result)


def test_most_fixtures_can_be_built_in_each_mode():
    for words in MODES.values():
        assert sum(built(case, *arguments(case), *words).ok for case in VALID) > len(VALID) * 0.9


@pytest.mark.skipif(not CORPUS, reason="JOBSETGEN_CORPUS names no folder of manifests")
def test_the_jobsets_of_real_manifests_give_their_plain_objects():
    results = [built(path.parent, path.name) for path in MANIFESTS]
    valid = [each for each in results if each.ok and not each.is_empty]
    assert valid
    for each in valid:
        refuse_loss(each)


NAMES = st.sampled_from(["a", "research", "team-b"])
MAPS = st.dictionaries(NAMES, NAMES, min_size=1, max_size=3)
TEXT = st.text(max_size=20).filter(lambda text: "\0" not in text)
WATCHER: dict[str, st.SearchStrategy[Any]] = {
    "image": st.sampled_from(["python:3.12", f"registry.example.com/python@sha256:{'0' * 64}"]),
    "logLevel": st.sampled_from(LOG_LEVELS),
    "resources": st.just({"limits": {"memory": "1Gi", "cpu": 1.5}}),
    "serviceAccountName": NAMES,
    "priorityClassName": NAMES,
    "imagePullSecrets": st.lists(NAMES, max_size=2, unique=True),
    "nodeSelector": MAPS,
    "tolerations": st.lists(st.fixed_dictionaries({"key": NAMES, "operator": st.just("Exists")}), max_size=2),
    "carriedFields": st.lists(st.sampled_from(CARRIED_FIELDS), max_size=2, unique=True),
    "labels": MAPS,
    "annotations": st.dictionaries(NAMES, TEXT, max_size=2),
}
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "namespace": NAMES,
    "gitops": st.sampled_from(values.PROFILES),
    "kubernetesVersion": st.sampled_from(VERSIONS),
    "jobs": st.sampled_from(values.JOBS_OWNERS),
    "updatePolicy": st.sampled_from(["Recreate", "Block"]),
    "restartWatcher": st.sampled_from(["Auto", "Always"]),
    "runId": TEXT,
    "priorityClasses": st.dictionaries(NAMES, st.integers(-9, 2**31 - 1), max_size=2),
    "defaultPriority": st.integers(-9, 2**31 - 1),
    "maxJobs": st.integers(1000, 10**30),
    "maxBytes": st.integers(2**24, 10**30),
    "compat": st.sampled_from(values.COMPAT_LEVELS),
    "placement": st.fixed_dictionaries(
        {"strategy": st.sampled_from(["affinity", "node-selector"])},
        optional={"domains": st.dictionaries(NAMES, st.lists(NAMES, unique=True), max_size=2)},
    ),
    "watcher": st.fixed_dictionaries({}, optional=WATCHER),
}
OPTIONS = st.fixed_dictionaries({}, optional=CHOICES)
# Sets with and without a watcher, exclusive placement, several sets, objects beside them, a project.
SHOWN = ["multislice", "domains", "project", "existing-claim", "priority-classes"]


@cache
def documents(name: str) -> Inputs:
    case = next(each for each in VALID if each.name == name)
    result = built(case, *arguments(case))
    return Inputs(documents=tuple(unit.document for unit in result.units))


def test_every_option_that_is_carried_is_tried():
    watcher = {f"jobsetgen.io/watcher.{name}" for name in WATCHER}
    tried = {f"jobsetgen.io/{name}" for name in CHOICES}
    placement = {"jobsetgen.io/placement.strategy", "jobsetgen.io/placement.domains"}
    of_a_flag = {"jobsetgen.io/watcher.memory"}
    assert (
        CARRIED.keys() == (tried - {"jobsetgen.io/placement", "jobsetgen.io/watcher"}) | watcher | placement | of_a_flag
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(SHOWN), options=OPTIONS)
def test_the_jobsets_carry_random_options(name, options):
    layer, wrong = options_layer(options)
    assert wrong == []
    result = compile_inputs(documents(name).with_layer(layer, wrong))
    if result.ok:
        refuse_loss(result)
