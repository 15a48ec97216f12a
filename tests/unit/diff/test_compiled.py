"""The side of a compiled spec."""

from __future__ import annotations

from jobsetgen.diff.compiled import compiled_side
from jobsetgen.expand.objects import DOMAIN, INDEX, NAME
from jobsetgen.model import keys
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source
from tests.cases import FIXTURES
from tests.unit.diff.rendering import SET, fixture, only_set, trained

TEXT = SET % {"workers": 3, "restarts": 3}


def test_a_set_has_its_families_as_templates():
    found = only_set(compiled_side(trained(), "specs", "train.yaml", "abc"))
    assert (found.namespace, found.name, found.mode) == ("research", "train", "git")
    workers, driver = found.families
    assert (workers.replicated_job, workers.indexes, workers.irregular, workers.missing) == (
        "workers",
        (0, 1, 2),
        (),
        (),
    )
    assert workers.template["metadata"]["name"] is NAME
    assert workers.template["metadata"]["labels"][keys.JOB_INDEX] is INDEX
    assert driver.indexes == (0,)
    assert [each["kind"] for each in found.others] == [
        "ServiceAccount", "Role", "RoleBinding", "ConfigMap", "ConfigMap", "Service", "Job",
    ]  # fmt: skip
    assert found.plan is not None
    assert found.plan["jobset"] == "train"


def test_the_side_carries_its_label_and_revision():
    side = compiled_side(trained(), "project", "main:train", "abc")
    assert (side.kind, side.label, side.revision, side.is_broken) == ("project", "main:train", "abc", False)


def test_the_place_is_that_of_each_jobset_in_its_file():
    other = TEXT.replace("name: train,", "name: other,")
    content = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n---{TEXT}---{other}"
    side = compiled_side(compile([Source(name="all.yaml", content=content.encode())]), "specs", "all")
    lines = content.splitlines()
    assert [each.place.line for each in side.sets if each.place] == [
        number for number, line in enumerate(lines, start=1) if line.startswith("apiVersion: jobset")
    ]
    assert [each["metadata"]["name"] for each in side.pass_through] == ["a"]


def test_a_compilation_with_errors_is_broken():
    content = TEXT.replace("replicas: 3", "replica: 3")
    result = compile([Source(name="a.yaml", content=content.encode())])
    side = compiled_side(result, "specs", "a.yaml")
    assert side.is_broken
    assert side.diagnostics == result.diagnostics
    assert (side.sets, side.pass_through) == ((), ())


def test_warnings_are_kept_and_break_nothing():
    result = fixture(FIXTURES / "valid" / "unknown-priority-class")
    side = compiled_side(result, "specs", "a.yaml")
    assert result.diagnostics
    assert side.diagnostics == result.diagnostics
    assert not side.is_broken
    assert side.sets


def test_the_watchers_jobs_are_the_families_of_its_set():
    found = only_set(compiled_side(trained(jobs="watcher"), "specs", "a"))
    assert found.mode == "watcher"
    assert [each.indexes for each in found.families] == [(0, 1, 2), (0,)]
    assert [each["kind"] for each in found.others].count("Job") == 1


def test_a_domain_is_a_slot_only_where_the_jobs_of_a_family_have_different_ones():
    one, two = compiled_side(fixture(FIXTURES / "valid" / "domains"), "project", "a").sets
    (pinned,), (single,) = one.families, two.families
    selector = pinned.template["spec"]["template"]["spec"]["nodeSelector"]
    assert selector["cloud.google.com/gke-nodepool"] is DOMAIN
    assert pinned.domains == ("pool-1", "pool-2")
    selector = single.template["spec"]["template"]["spec"]["nodeSelector"]
    assert selector == {"disk": "ssd", "cloud.google.com/gke-nodepool": "pool-7"}
    assert single.domains == ("pool-7",)


def test_what_the_objects_do_not_tell_is_as_it_was_set():
    content = TEXT.replace("{maxRestarts: 3}", "{maxRestarts: 0}").replace("replicas: 3", "replicas: 0")
    settings = Settings(gitops="flux", update_policy="Block")
    found = only_set(compiled_side(compile([Source(name="a", content=content.encode())], settings), "specs", "a"))
    assert found.plan is None
    assert (found.profile, found.update_policy) == ("flux", "Block")
