"""Jobs that were edited by hand are compared one by one, also where both sides have such an edit."""

from __future__ import annotations

import pytest

from jobsetgen.diff.changes import ObjectChange
from jobsetgen.diff.comparison import compare
from tests.unit.diff.rendering import folded, rendered_files, trained

pytestmark = pytest.mark.usefixtures("short_program")

WORKER = "train/job.train-workers-%d.yaml"
IMAGE = "registry.example.com/train:1"
Files = dict[str, str]


def files(workers: int = 3) -> Files:
    return rendered_files(trained(workers=workers))


def edited(texts: Files, old: str, new: str, *indexes: int) -> Files:
    """Return files in which the texts of some workers are changed."""
    names = [WORKER % index for index in indexes]
    assert all(old in texts[name] for name in names)
    return {name: text.replace(old, new) if name in names else text for name, text in texts.items()}


def changes(old: Files, new: Files) -> list[ObjectChange]:
    return [each for found in compare(folded(old), folded(new)).sets for each in found.changes]


def told(old: Files, new: Files) -> list[tuple[str, tuple[int, ...], list[object]]]:
    """Return each change: its consequence, its Jobs, and the new values."""
    return [(each.consequence, each.indexes, [field.new for field in each.fields]) for each in changes(old, new)]


def test_a_job_that_differs_on_both_sides_alike_is_no_change():
    old = edited(files(), IMAGE, f"{IMAGE}-debug", 1)
    assert told(old, dict(old)) == []


def test_a_job_that_differs_on_both_sides_is_compared():
    old = edited(files(), IMAGE, f"{IMAGE}-debug", 1)
    new = edited(old, f"{IMAGE}-debug", f"{IMAGE}-trace", 1)
    assert told(old, new) == [("recreates", (1,), [f"{IMAGE}-trace"])]


def test_an_edit_of_the_first_job_is_none_of_the_others():
    old = files()
    assert told(old, edited(old, IMAGE, f"{IMAGE}-debug", 0)) == [("recreates", (0,), [f"{IMAGE}-debug"])]


def test_equal_edits_of_several_jobs_are_one_change():
    old = files(8)
    (change,) = changes(old, edited(old, IMAGE, f"{IMAGE}-debug", 1, 2, 3, 5, 7))
    assert (change.indexes, change.name) == ((1, 2, 3, 5, 7), "workers")
    assert "Jobs train-workers-1, train-workers-2, train-workers-3 and 2 more alone" in change.sentence


def test_a_change_of_all_jobs_is_told_once_beside_that_of_one():
    old = edited(files(), "backoffLimit: 0", "backoffLimit: 1", 1)
    new = edited(edited(old, IMAGE, f"{IMAGE}-new", 0, 1, 2), "backoffLimit: 1", "backoffLimit: 2", 1)
    assert told(old, new) == [("recreates", (0, 1, 2), [f"{IMAGE}-new"]), ("in-place", (1,), [2])]


@pytest.mark.parametrize(
    ("before", "after", "consequence", "sentence"),
    [
        (
            "backoffLimit: 0",
            "backoffLimit: 2",
            "in-place",
            "Changes backoffLimit of Job train-workers-1 in place; this replaces no pod",
        ),
        (
            "parallelism: 2",
            "parallelism: 0",
            "suspends",
            "Terminates all pods of Job train-workers-1, because parallelism becomes 0",
        ),
        (
            "backoffLimit: 0",
            "backoffLimit: 0\n  suspend: true",
            "suspends",
            "Suspends Job train-workers-1: the pods are terminated, and none run until the set is resumed",
        ),
        (
            "  labels:\n    jobset.sigs.k8s.io/global-replicas",
            "  labels:\n    team: a\n    jobset.sigs.k8s.io/global-replicas",
            "metadata-only",
            "Changes labels or annotations of Job train-workers-1; no pod is replaced",
        ),
    ],
    ids=["limit", "no-pods", "suspended", "label"],
)
def test_what_changes_in_place_replaces_no_job(before, after, consequence, sentence):
    old = files()
    (change,) = changes(old, edited(old, before, after, 1))
    assert (change.consequence, change.sentence, change.indexes) == (consequence, sentence, (1,))


def test_a_job_that_is_no_longer_edited_is_replaced_alone():
    old = edited(files(), IMAGE, f"{IMAGE}-debug", 2)
    assert told(old, files()) == [("recreates", (2,), [IMAGE])]


def test_a_new_generation_replaces_an_edited_job_with_all_others():
    old = edited(files(), IMAGE, f"{IMAGE}-debug", 1)
    new = rendered_files(trained(workers=3, run_id="2"))
    found = changes(old, new)
    assert {each.consequence for each in found} == {"recreates"}
    assert not any("alone" in each.sentence for each in found)


def test_a_number_that_is_wrong_is_a_change_of_that_job():
    old = files()
    new = edited(old, 'job-global-index: "1"', 'job-global-index: "8"', 1)
    assert {index for each in changes(old, new) for index in each.indexes} == {1}


def test_more_edited_jobs_than_are_kept_are_named():
    old = files(100)
    new = dict(old)
    for index in range(1, 100):
        new = edited(new, IMAGE, f"{IMAGE}-{index}", index)
    found = {index for each in changes(old, new) for index in each.indexes}
    assert found == set(range(1, 100))
    (change,) = compare(folded(old), folded(new)).sets
    assert any("(not all of them are compared)" in note for note in change.notes)
