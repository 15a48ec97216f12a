"""The first two sentences answer a reviewer: what restarts, how many pods, which data is lost, whether to approve."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobsetgen.diff import words
from jobsetgen.diff.blocks import left_out, parts, policy_lines, within
from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.color import colored
from jobsetgen.diff.indexes import index_text
from jobsetgen.diff.overview import SEVERITY, overview
from jobsetgen.diff.sides import Side
from jobsetgen.diff.verdicts import VERDICTS
from jobsetgen.expand.objects import INDEX
from tests.unit.diff.builders import (
    IMAGE_CHANGE,
    change,
    claim,
    comparison,
    family,
    image_change,
    jobs_change,
    object_change,
    parameter_server,
    removal,
    replaced,
    training,
)

PLAIN = words.Medium(name=str, prose=str, strong=str)
LOST = "Deletes the claim and its data."


def said(*sets, **options):
    """Return the two sentences at the top."""
    whole = overview([comparison(*sets, **options)])
    return words.headline(whole), " ".join(words.facts(whole, PLAIN))


def test_every_consequence_has_words_and_a_color():
    assert list(VERDICTS) == list(SEVERITY)
    assert [each for each in VERDICTS if colored(each, "x") == "x"] == []


@pytest.mark.parametrize("consequence", list(SEVERITY)[:-1])
def test_every_verdict_can_be_said(consequence):
    old = training()
    first, second = said(change(old, old, jobs_change(consequence, "x")))
    assert "{" not in first + second
    assert second.count("Restarts when applied:") == second.count("Data deleted:") == 1
    assert not second.endswith("Data deleted: none.")


def test_a_set_that_is_recreated():
    assert said(image_change()) == (
        "Recreates 1 of 3 sets (32 pods, 128 TPU chips) when applied",
        "Restarts when applied: research/multislice (32 pods), if it is running. Data deleted: none."
        " Approve if running training may restart now, from its own last checkpoint.",
    )


def test_a_set_that_is_removed_with_its_claim_beside_one_that_is_recreated():
    assert said(removal(), image_change()) == (
        "Deletes data of 1 of 4 sets (1 claim) where Argo CD or Flux prunes",
        "Restarts when applied: research/multislice (32 pods), if it is running. Removed where Argo CD or Flux prunes:"
        " research/ablation (8 pods). Data deleted: claim research/checkpoints-ablation. Approve only if this data may be lost.",
    )


def test_a_set_that_is_removed_without_claims():
    first, second = said(removal(claims=()))
    assert first == "Removes 1 set (8 pods, 32 TPU chips) where Argo CD or Flux prunes"
    assert second.endswith("Approve if this training may end for good.")


def test_a_set_that_kubectl_apply_leaves_in_the_cluster():
    _, second = said(removal(claims=(), profile="none"))
    assert second.startswith("Restarts when applied: none. Left in the cluster: research/ablation (8 pods).")
    assert second.endswith("Safe for running pods: delete these sets by hand if they should end.")


def test_objects_that_are_removed_from_a_set_that_stays():
    old = training()
    first, second = said(change(old, old, object_change("Role", "x", "remove", "prunes", "Removes a Role.")))
    assert first == "Removes objects of 1 of 3 sets where Argo CD or Flux prunes"
    assert second.endswith("Approve if nothing needs these objects any more.")


def test_a_claim_that_goes_while_its_set_is_recreated():
    old = training()
    lost = object_change("PersistentVolumeClaim", "data", "remove", "deletes-data", LOST)
    recreated = jobs_change("recreates", "Recreates.", IMAGE_CHANGE)
    _, second = said(change(old, replace(old, generation="b"), lost, recreated))
    assert second.startswith(
        "Restarts when applied: research/multislice (32 pods), if it is running. Data deleted: claim research/data."
    )


def test_data_that_goes_without_a_claim_of_its_own_name():
    old = training()
    _, second = said(change(old, old, object_change("Job", "x", "remove", "deletes-data", LOST)))
    assert "Data deleted: that of research/multislice." in second


def test_a_claim_that_is_kept_is_not_deleted_with_its_set():
    claims = (claim("data"), claim("kept", retained=True))
    gone = removal()
    _, second = said(replace(gone, old=replace(gone.old, others=claims)))
    assert "Data deleted: claim research/data." in second


def test_an_object_with_data_that_belongs_to_no_set():
    lost = object_change("Namespace", "team-a", "remove", "deletes-data", LOST)
    first, second = said(pass_through=(lost,))
    assert first == "Deletes data of 1 object without a set (1 object) where Argo CD or Flux prunes"
    assert "Data deleted: object Namespace team-a." in second


@pytest.mark.parametrize(
    ("consequence", "operation", "first"),
    [
        ("creates", "add", "Creates 1 object without a set when applied"),
        ("prunes", "remove", "Removes 1 object without a set where Argo CD or Flux prunes"),
    ],
)
def test_objects_that_belong_to_no_set(consequence, operation, first):
    found = said(pass_through=(object_change("ConfigMap", "x", operation, consequence, "x"),))
    assert found[0] == first
    assert found[1].endswith("Review these objects yourself: jobsetgen does not know what they do.")


def test_new_objects_of_a_set_that_exists_are_no_new_set():
    old = training()
    first, second = said(change(old, old, object_change("Job", "watcher", "add", "creates", "Creates a watcher.")))
    assert first == "Creates objects of 1 of 3 sets when applied"
    assert "Starts" not in second


def test_a_new_set_starts():
    _, second = said(change(None, training(), object_change("JobSet", "x", "add", "creates", "Creates it.")))
    assert second.startswith("Restarts when applied: none. Starts: research/multislice (32 pods).")


def test_a_new_set_that_is_suspended_does_not_start():
    new = training(is_suspended=True)
    assert "Starts" not in said(change(None, new, object_change("JobSet", "x", "add", "creates", "x")))[1]


def test_a_set_that_is_resumed_starts():
    old = training(is_suspended=True)
    _, second = said(change(old, training(), jobs_change("resumes", "Resumes.")))
    assert second.startswith("Restarts when applied: none. Starts: research/multislice (32 pods).")


def test_a_set_that_is_suspended_at_once_with_other_changes_does_not_restart():
    old, new = training(), training(is_suspended=True, generation="b")
    _, second = said(change(old, new, jobs_change("recreates", "x"), jobs_change("suspends", "y")))
    assert second.startswith("Restarts when applied: none. Suspended: research/multislice (32 pods).")


@pytest.mark.parametrize(("consequence", "is_told"), [("in-place", True), ("prunes", True), ("at-next-restart", False)])
def test_pods_that_end_although_nothing_restarts(consequence, is_told):
    old, new = training(), training("multislice", family(jobs=8))
    _, second = said(change(old, new, jobs_change(consequence, "x")))
    assert ("Fewer pods: research/multislice (32 → 16 pods)." in second) == is_told


def renamed(profile="argocd", consequence="recreates"):
    """Return a set with a claim that moves to another namespace and gets another name."""
    old = training("a", namespace="team-a", profile=profile, others=(claim("data"),))
    new = training("b", namespace="team-b", profile=profile)
    lost = object_change("JobSet", "a", "remove", "deletes-data", LOST)
    changes = [jobs_change(consequence, "Creates it anew.", IMAGE_CHANGE)]
    changes += [lost] if consequence == "recreates" else []
    return change(old, new, *changes, renamed_from=("team-a", "a"))


def test_a_set_that_gets_another_name_and_namespace():
    _, second = said(renamed())
    assert second.startswith(
        "Restarts when applied: team-a/a → team-b/b (32 pods), if it is running. Data deleted: claim team-a/data."
    )


def test_a_set_that_gets_another_name_where_nothing_prunes():
    first, second = said(renamed("none", "creates"))
    assert first == "Creates 1 set (32 pods, 128 TPU chips) when applied"
    assert second.startswith(
        "Restarts when applied: none. Left in the cluster: team-a/a (32 pods). Starts: team-b/b (32 pods)."
    )


def test_a_claim_that_belongs_to_no_set():
    lost = object_change("PersistentVolumeClaim", "shared", "remove", "deletes-data", LOST)
    first, second = said(pass_through=(lost,))
    assert first == "Deletes data of 1 object without a set (1 claim) where Argo CD or Flux prunes"
    assert "Data deleted: claim shared." in second


def test_a_set_that_is_suspended_has_no_pods_to_restart():
    old = training(is_suspended=True)
    _, second = said(change(old, replace(old, generation="b"), jobs_change("recreates", "Recreates.", IMAGE_CHANGE)))
    assert second.startswith("Restarts when applied: none.")


def test_a_set_that_becomes_suspended_stops():
    old = training()
    _, second = said(change(old, replace(old, is_suspended=True), jobs_change("suspends", "Suspends.")))
    assert second.startswith("Restarts when applied: none. Suspended: research/multislice (32 pods).")


def test_a_set_that_also_grows():
    old, new = training(), training("multislice", family(jobs=32), generation="b")
    first, second = said(change(old, new, jobs_change("recreates", "Recreates.", IMAGE_CHANGE)))
    assert first == "Recreates 1 of 3 sets (32 → 64 pods, 128 → 256 TPU chips) when applied"
    assert "research/multislice (32 → 64 pods)" in second


def test_one_job_of_a_set_that_keeps_its_generation():
    old = training()
    edited = replace(jobs_change("recreates", "Recreates Job 3.", IMAGE_CHANGE), indexes=(3,))
    first, second = said(change(old, old, edited))
    assert first == "Recreates 1 of 3 sets (2 pods, 8 TPU chips) when applied"
    assert "research/multislice (2 pods)" in second


def test_sets_with_and_without_accelerators():
    old = parameter_server()
    recreated = change(old, replace(old, generation="b"), jobs_change("recreates", "Recreates."))
    first, _ = said(recreated, image_change(), unchanged=0)
    assert first == "Recreates both sets (42 pods, 64 GPUs, 128 TPU chips) when applied"


def test_what_a_comparison_with_a_broken_side_says_is_not_taken():
    broken = Side(kind="project", label="main:b", is_broken=True)
    lost = comparison(removal(), old=broken, notes=("a note",))
    whole = overview([comparison(image_change()), lost])
    assert words.headline(whole) == "Recreates 1 of 3 sets (32 pods, 128 TPU chips) when applied"
    assert (whole.broken, whole.notes) == ((broken,), ())
    assert words.unknown(whole.broken, PLAIN) == (
        "Cannot be compared: main:b does not compile. What restarts, and which data is deleted, is unknown."
    )


def test_each_of_several_projects_has_its_label():
    gone = comparison(removal(), old=Side(kind="project", label="old/b"), new=Side(kind="nothing", label=""))
    stays = comparison(image_change(), new=Side(kind="project", label="a"))
    assert [(each.project, each.name) for each in overview([stays, gone]).entries] == [
        ("old/b", "research/ablation"),
        ("a", "research/multislice"),
    ]


def test_a_single_project_needs_no_label():
    assert [each.project for each in overview([comparison(image_change())]).entries] == [""]


def test_the_totals_of_all_comparisons():
    whole = overview([comparison(image_change(), unchanged=0), comparison(removal(), unchanged=0)])
    assert (
        words.totals(whole, PLAIN)
        == "All sets together, changed or not: 20 → 16 Jobs, 40 → 32 pods, 160 → 128 TPU chips (google.com/tpu)."
    )


def test_totals_of_many_resources():
    families = [family(f"f{index}", jobs=1, pods=1, resource=f"example.com/gpu-{index}") for index in range(6)]
    old = training("a", *families)
    whole = overview([comparison(change(old, old, jobs_change("in-place", "x")), unchanged=0)])
    assert words.totals(whole, PLAIN).endswith("4 GPUs (example.com/gpu-3), 2 more resources.")


def test_what_happens_to_a_set_besides_its_verdict():
    old = training()
    lost = object_change("PersistentVolumeClaim", "data", "remove", "deletes-data", LOST)
    entry = overview([comparison(change(old, old, lost, jobs_change("recreates", "x")))]).entries[0]
    assert words.label(entry) == "Deletes data, recreates"


def test_three_names_then_the_number_of_the_others():
    _, second = said(*(image_change(f"set-{index}") for index in range(5)))
    assert "research/set-0, research/set-1, research/set-2 and 2 more (160 pods), if they are running." in second


def test_a_renamed_set_has_both_names():
    renamed = image_change("b", renamed_from=("research", "a"))
    assert words.set_name(renamed, str) == "research/a → research/b"


@pytest.mark.parametrize(
    ("indexes", "text"),
    [
        ((3,), "Job 3"),
        (range(16), "Jobs 0-15"),
        ((0, 1, 2, 5), "Jobs 0-2, 5"),
        (range(0, 20, 2), "Jobs 0, 2, 4, 6, 8 and 5 more"),
    ],
)
def test_the_indexes_of_jobs(indexes, text):
    assert index_text(tuple(indexes)) == text


def shown(*fields):
    """Return the lines of changed fields."""
    return [
        line for part in parts([jobs_change("in-place", "x", *fields)]) for each in part.blocks for line in each.lines
    ]


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        (replaced(("a",), "x:1", "x:2"), ["- x:1", "+ x:2"]),
        (replaced(("a",), 1, "1"), ["- 1", '+ "1"']),
        (replaced(("a",), "", " x"), ['- ""', '+ " x"']),
        (replaced(("a",), "true", True), ['- "true"', "+ true"]),
        (replaced(("a",), INDEX, "x\ny"), ["- <job index>", r"+ x\ny"]),
        (replaced(("a",), None, None), ["  changed"]),
        (FieldChange(path=("a",), operation="move"), ["  moved"]),
        (FieldChange(path=("a",), operation="add", new={"b": [INDEX]}), ['+ {"b": ["<job index>"]}']),
        (FieldChange(path=("a",), operation="remove", old=False), ["- false"]),
        (
            replaced(("a",), "x", "y", ["@@ -1 +1 @@", "-a\tb", "+c", "no diff"]),
            ["@@ -1 +1 @@", "-a  b", "+c", " no diff"],
        ),
    ],
)
def test_the_lines_of_a_field(field, lines):
    assert shown(field) == lines


def test_changes_are_shown_by_their_consequence_the_worst_first():
    found = parts([jobs_change("in-place", "a"), jobs_change("recreates", "b"), jobs_change("in-place", "a")])
    assert [(each.consequence, len(each.blocks)) for each in found] == [("recreates", 1), ("in-place", 2)]


def test_objects_to_which_the_same_happens_are_told_in_one_sentence():
    found = parts(
        [object_change(kind, "x", "add", "creates", f"Creates {kind} x") for kind in ("Role", "Job", "Service")]
    )
    assert [each.sentence for each in found] == ["Creates 3 objects"]
    assert [block.lines for block in found[0].blocks] == [("+ Role x",), ("+ Job x",), ("+ Service x",)]


def test_what_happens_to_a_whole_set_is_only_said():
    found = parts([object_change("JobSet", "x", "add", "creates", "Creates the set"), jobs_change("in-place", "x")])
    assert [len(each.blocks) for each in found] == [0, 1]
    assert [each.sentence for each in within(found, 20, 1)] == ["Creates the set", "x"]


def test_a_cause_is_named_once():
    assert words.cause(replace(image_change(), causes=("a", "a", "b")), PLAIN) == "a; b"


def test_what_is_left_out_is_counted_over_all_parts():
    fields = [replaced((f"f{index}",), 1, 2) for index in range(4)]
    every = parts([jobs_change("recreates", "a", *fields), jobs_change("in-place", "b", *fields)])
    shown = within(every, 12, 1)
    assert [len(each.blocks) for each in shown] == [3]
    assert left_out(every, shown) == 5


def test_a_policy_shows_only_what_differs():
    def policy(old, new):
        return policy_lines(image_change(failure_policy=(old, new)))

    assert policy(("a", "b"), ("a", "c")) == ("- b", "+ c")
    assert policy(("a", "b"), ("b", "a")) == ("- a", "- b", "+ b", "+ a")
    assert policy(("a",), ("a",)) == ()


def test_a_set_that_goes_needs_no_words_about_its_policy():
    assert policy_lines(replace(removal(), failure_policy=(("a",), ()))) == ()
