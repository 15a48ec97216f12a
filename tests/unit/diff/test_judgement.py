"""What edits of a set do: each edit with its triggers, their consequences, and the causes in words."""

from __future__ import annotations

from typing import Any

import pytest

from jobsetgen.diff.changes import Comparison
from jobsetgen.diff.comparison import compare
from jobsetgen.diff.compiled import compiled_side
from jobsetgen.diff.folding import rendered_side
from jobsetgen.diff.sides import Side
from jobsetgen.options.table import Settings
from jobsetgen.options.watcher import Watcher
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source
from tests.diff_scenarios import GENERATED, IMAGE, OTHER, SPEC, SUSPEND, SUSPEND_QUEUED, WITH_CLAIM, compiled, edited

WATCHER = {"jobs": "watcher"}
NONE = {"gitops": "none"}


def side(text: str, settings: dict[str, Any]) -> Side:
    return compiled_side(compiled(text, settings), "specs", "set.yaml")


def comparison(old: str, new: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None):
    return compare(side(old, before or {}), side(new, before or {} if after is None else after))


def judged(found: Comparison) -> list[tuple[str, str]]:
    return [(each.trigger, each.consequence) for change in found.sets for each in change.changes]


EDITS = {
    "an image": (IMAGE, {}, [("jobs-changed", "recreates")]),
    "an image, blocked": (IMAGE, {"update_policy": "Block"}, [("jobs-changed", "sync-fails")]),
    "an image, with kubectl": (IMAGE, NONE, [("jobs-changed", "sync-fails")]),
    "an image, watcher": (IMAGE, WATCHER, [("jobs-changed", "recreates")]),
    "an image, on restart": (
        IMAGE,
        {**WATCHER, "update_policy": "OnRestart"},
        [("jobs-changed", "at-next-restart")],
    ),
    "an image, blocked watcher": (IMAGE, {**WATCHER, "update_policy": "Block"}, [("jobs-changed", "not-taken-up")]),
    "more replicas": (edited("replicas: 4", "replicas: 6"), {}, [("jobs-changed", "recreates")]),
    "fewer replicas": (edited("replicas: 4", "replicas: 3"), {}, [("jobs-changed", "recreates")]),
    "another replicatedJob": (edited("name: workers", "name: slices"), {}, [("jobs-changed", "recreates")]),
    "suspended": (SUSPEND, {}, [("suspended", "suspends")]),
    "resumed": (SUSPEND[::-1], WATCHER, [("resumed", "resumes")]),
    "suspended in a queue": (SUSPEND_QUEUED, {}, [("queued-and-suspended", "suspends")]),
    "resumed in a queue": (SUSPEND_QUEUED[::-1], WATCHER, [("queued-and-resumed", "not-taken-up")]),
    "a limit of a Job": (
        edited("backoffLimit: 0", "backoffLimit: 1"),
        {},
        [("job-limits-changed", "in-place")],
    ),
    "a limit of a watcher's Job": (
        edited("backoffLimit: 0", "backoffLimit: 1"),
        WATCHER,
        [("job-limits-changed", "at-next-restart")],
    ),
    "more restarts": (edited("maxRestarts: 3", "maxRestarts: 5"), {}, [("policy-changed", "policy-only")]),
    "another name": (edited("name: demo", "name: other"), {}, [("set-renamed", "recreates")]),
    "another namespace": (edited("team", "ops"), {}, [("set-renamed", "recreates")]),
    "a generated name": (
        edited("train:1", "train:2", GENERATED),
        {},
        [("set-named-anew", "runs-again"), ("jobs-changed", "runs-again")],
    ),
    "a removed claim": (
        (WITH_CLAIM, SPEC),
        {},
        [("claim-removed", "deletes-data"), ("jobs-changed", "recreates")],
    ),
    "a removed claim, with kubectl": (
        (WITH_CLAIM, SPEC),
        NONE,
        [("jobs-changed", "sync-fails"), ("claim-removed", "prunes"), ("changed", "in-place")],
    ),
    "a retained claim": (
        (WITH_CLAIM.replace(": Delete", ": Retain"), SPEC),
        {},
        [("jobs-changed", "recreates"), ("retained-claim-removed", "ownership")],
    ),
    "a larger claim": (edited("10Gi", "20Gi", WITH_CLAIM), {}, [("changed", "in-place")]),
    "a smaller claim": (edited("10Gi", "5Gi", WITH_CLAIM), {}, [("claim-immutable", "sync-fails")]),
    "another access mode": (
        edited("ReadWriteMany", "ReadWriteOnce", WITH_CLAIM),
        {},
        [("claim-immutable", "sync-fails")],
    ),
    "a renamed set with a claim": (
        edited("name: demo", "name: other", WITH_CLAIM),
        {},
        [("set-removed-with-claims", "deletes-data"), ("set-renamed", "recreates")],
    ),
    "a removed set": ((f"{SPEC}---{OTHER}", SPEC), {}, [("set-removed", "prunes")]),
    "a removed set with a claim": (
        (f"{WITH_CLAIM}---{OTHER}", OTHER),
        {},
        [("set-removed-with-claims", "deletes-data")],
    ),
    "a new set": ((SPEC, f"{SPEC}---{OTHER}"), {}, [("set-created", "creates")]),
    "no pods": (edited("parallelism: 2", "parallelism: 0"), {}, [("parallelism-zero", "suspends")]),
    "a deadline": (
        edited("backoffLimit: 0", "backoffLimit: 0\n        activeDeadlineSeconds: 60"),
        {},
        [("deadline-lowered", "in-place")],
    ),
    "a later deadline": (
        edited("Seconds: 60", "Seconds: 90", SPEC.replace("backoffLimit: 0", "activeDeadlineSeconds: 60")),
        {},
        [("job-limits-changed", "in-place")],
    ),
    "comments": (edited("spec:\n  fail", "spec:  # limits\n  fail"), {}, []),
    "a default": (edited("parallelism: 2", "parallelism: 2\n        completionMode: Indexed"), {}, []),
    # The generation is a hash over what is written, so this replaces the Jobs.
    "an equal quantity": (edited("google.com/tpu: 4", "google.com/tpu: '4'"), {}, [("jobs-respelled", "recreates")]),
    "an equal quantity of a claim": (edited("10Gi", "10240Mi", WITH_CLAIM), {}, []),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit(name):
    (old, new), settings, expected = EDITS[name]
    found = comparison(old, new, settings)
    assert judged(found) == expected
    assert found.verdict == (expected[0][1] if expected else "none")


SETTINGS = {
    "the run": ({}, {"run_id": "2"}, [("run-changed", "runs-again")]),
    "who creates the Jobs": (
        {},
        WATCHER,
        [("jobs-handed-over", "recreates"), ("mode-changed", "ownership")],
    ),
    "who creates the Jobs, back": (
        WATCHER,
        {},
        [("mode-changed", "ownership")],
    ),
    "the profile": ({"gitops": "argocd"}, {"gitops": "flux"}, [("profile-changed", "ownership")]),
    "the update policy": ({}, {"update_policy": "Block"}, [("update-policy-changed", "policy-only")]),
    "an option of the watcher": (
        {},
        {"watcher": Watcher(log_level="debug")},
        [("watcher-changed", "watcher-only")],
    ),
    "an option of a blocked watcher": (
        {"update_policy": "Block"},
        {"update_policy": "Block", "watcher": Watcher(log_level="debug")},
        [("watcher-changed", "sync-fails")],
    ),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_another_setting(name):
    before, after, expected = SETTINGS[name]
    assert judged(comparison(SPEC, SPEC, before, after)) == expected


def test_block_does_not_hold_back_the_change_that_comes_with_it():
    for profile, verdict in (("any", "sync-fails"), ("argocd", "sync-fails"), ("flux", "recreates")):
        found = comparison(*IMAGE, {"gitops": profile}, {"gitops": profile, "update_policy": "Block"})
        assert found.verdict == verdict


def test_the_causes_are_those_of_the_verdict():
    old, new = SPEC, SPEC.replace("train:1", "train:2").replace("maxRestarts: 3", "maxRestarts: 5")
    (change,) = comparison(old, new).sets
    image = "registry.example.com/train"
    assert change.causes == (f"workers: containers[main].image {image}:1 → {image}:2",)


def test_sentences_have_the_numbers_of_the_set():
    (change,) = comparison(*edited("replicas: 4", "replicas: 6")).sets
    assert change.sentence.startswith("Recreates all 6 Jobs (12 pods) when applied, ")
    assert change.causes == ("workers: replicas 4 → 6",)


def test_a_renamed_set_says_what_it_was():
    (change,) = comparison(*edited("name: demo", "name: other")).sets
    assert change.renamed_from == ("team", "demo")
    assert "as team/other, and deletes those of team/demo" in change.sentence


def test_an_old_side_that_does_not_compile_makes_everything_unknown():
    broken = compile([Source(name="set.yaml", content=b"kind: JobSet\n")], Settings())
    found = compare(compiled_side(broken, "specs", "set.yaml"), side(SPEC, {}))
    assert found.verdict == "unknown"
    assert found.sets == ()
    assert found.notes == ("set.yaml does not compile, so what changes is unknown",)


def test_totals_count_all_sets_of_both_sides():
    totals = comparison(SPEC, f"{SPEC}---{OTHER}").totals
    assert (totals.jobs, totals.pods) == ((4, 8), (8, 16))
    assert totals.accelerators == ({"google.com/tpu": 32}, {"google.com/tpu": 64})


@pytest.mark.parametrize(
    ("settings", "begin"),
    [
        ({}, "Ends the training of the set: deletes all 4 Jobs (8 pods) where Argo CD or Flux prunes"),
        ({"update_policy": "Block"}, "Ends the training of the set: "),
        ({**WATCHER, "update_policy": "OnRestart"}, "Ends the training of the set: "),
        (NONE, "Leaves all 4 Jobs (8 pods) in the cluster: "),
    ],
    ids=["recreate", "block", "on-restart", "none"],
)
def test_a_set_that_loses_its_last_job_and_its_watcher_ends(settings, begin):
    (change,) = comparison(*edited("replicas: 4", "replicas: 0"), settings).sets
    assert {each.trigger for each in change.changes} == {"jobs-removed", "removed"}
    assert change.verdict == "prunes"
    assert change.sentence.startswith(begin)


def test_a_set_that_comes_to_its_first_jobs_creates_them():
    for settings in ({}, WATCHER, NONE):
        found = comparison(*edited("replicas: 4", "replicas: 0")[::-1], settings)
        assert found.verdict == "creates"


def test_what_is_removed_goes_by_the_profile_that_has_applied_it():
    found = comparison(WITH_CLAIM, SPEC, {"gitops": "argocd"}, NONE)
    assert ("claim-removed", "deletes-data") in judged(found)
    renamed = comparison(*edited("name: demo", "name: other", WITH_CLAIM), {"gitops": "argocd"}, NONE)
    assert ("set-removed-with-claims", "deletes-data") in judged(renamed)


def test_a_claim_that_stays_in_the_input_is_not_deleted_with_its_set():
    claim = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ckpt-demo
  namespace: team
  labels: {jobset.sigs.k8s.io/jobset-name: demo}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 10Gi}}}
"""
    found = comparison(f"{WITH_CLAIM}---{OTHER}", f"{OTHER}---{claim}")
    assert judged(found) == [("set-removed", "prunes")]
    assert found.pass_through == ()


@pytest.mark.parametrize(
    ("profile", "consequence"),
    [("flux", "prunes"), ("argocd", "deletes-data"), ("any", "deletes-data")],
)
def test_a_claim_is_kept_only_from_the_tool_that_its_annotation_is_for(profile, consequence):
    claim = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: team
  annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 10Gi}}}
"""
    (change,) = comparison(f"{SPEC}---{claim}", SPEC, {"gitops": profile}).pass_through
    assert change.consequence == consequence


def rendered(text: str, *edits: tuple[str, str]) -> Side:
    """Return the set as it is rendered, after edits by hand, each of which must change something."""
    result = compile([Source(name="set.yaml", content=text.encode())], Settings())
    output = result.text()
    for before, after in edits:
        assert before in output
        output = output.replace(before, after)
    return rendered_side([("all.yaml", output)], "rendered")


def without(text: str, ending: str) -> Side:
    """Return the rendered set without the ConfigMap whose name has an ending."""
    result = compile([Source(name="set.yaml", content=text.encode())], Settings())
    kept = [each for each in result.documents() if f"name: demo-restart-{ending}" not in each]
    return rendered_side([("all.yaml", "---\n".join(kept))], "rendered")


def test_an_edited_program_of_the_watcher_is_refused_as_it_is_immutable():
    found = compare(rendered(SPEC), rendered(SPEC, ("import argparse", "import argparse, os")))
    assert judged(found) == [("data-immutable", "sync-fails")]


_DRIVER = """
  - name: driver
    template: {spec: {backoffLimit: 0, template: {spec: {containers: [{name: main, image: example.com/train:1}]}}}}
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [("queued-and-suspended", "Jobs demo-workers-0, demo-workers-1"), ("suspended", "Job demo-driver-0")]),
        (WATCHER, [("suspended", "Job demo-driver-0")]),
    ],
)
def test_only_the_jobs_without_a_queue_are_suspended_for_good(settings, expected):
    old, new = (f"{text.rstrip()}{_DRIVER}" for text in SUSPEND_QUEUED)
    (found,) = comparison(old, new, settings).sets
    assert [each.trigger for each in found.changes] == [trigger for trigger, _ in expected]
    for change, (_, words) in zip(found.changes, expected, strict=True):
        assert f"Suspends {words}" in change.sentence


def test_a_changed_program_is_one_value_with_the_number_of_its_instructions():
    policy = "failurePolicy:\n    maxRestarts: 3\n    rules: [{action: FailJobSet, onJobFailureMessagePatterns: [(foo|PART)+x]}]"
    old, new = (SPEC.replace("failurePolicy: {maxRestarts: 3}", policy.replace("PART", part)) for part in ("bar", "ba"))
    (found,) = comparison(old, new).sets
    (field,) = found.changes[0].fields
    assert field.path == ("failurePolicy", "rules", 0, "programs", 0)
    assert (field.old[:16], field.new[:16]) == ("10 instructions,", "9 instructions, ")


def test_an_edited_plan_takes_effect_at_the_next_restart():
    image = '"image": "registry.example.com/train:1"'
    found = compare(rendered(SPEC), rendered(SPEC, (image, image.replace("train:1", "train:9"))))
    assert judged(found) == [("plan-edited", "at-next-restart")]


@pytest.mark.parametrize("ending", ["plan", "state"])
def test_an_object_of_the_watcher_that_is_gone_is_named(ending):
    found = compare(rendered(SPEC), without(SPEC, ending))
    assert ("removed", "prunes") in judged(found)


def test_a_plan_with_a_wrong_type_is_no_traceback():
    broken = rendered(SPEC, ('"replicatedJobs": [', '"replicatedJobs": 5, "others": ['))
    assert compare(rendered(SPEC), broken).verdict


def test_a_rendered_set_without_jobs_and_annotations_may_be_pruned():
    none = WITH_CLAIM.replace("replicas: 4", "replicas: 0").replace("maxRestarts: 3", "maxRestarts: 0")
    found = compare(rendered(f"{none}---{OTHER}"), rendered(OTHER))
    assert ("set-removed-with-claims", "deletes-data") in judged(found)


def test_a_spec_without_jobs_is_what_is_rendered_of_it():
    none = SPEC.replace("replicas: 4", "replicas: 0").replace("maxRestarts: 3", "maxRestarts: 0")
    assert judged(compare(side(none, {}), rendered(none))) == []
