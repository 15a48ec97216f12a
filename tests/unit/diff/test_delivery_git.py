"""In real repositories: which objects that decide what Argo CD and Flux apply differ between two states."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobsetgen.cli.delivery import deliveries_between
from jobsetgen.git import Repository
from jobsetgen.project.changed_files import States
from jobsetgen.stop import StopError
from tests.repositories import LFS_POINTER, Clone, commands_in, isolated, record_git
from tests.unit.diff.test_delivery import APPLICATION, CHANGED, LONG, SEEMING, SOURCE, TRAIN, Named, named

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")


@pytest.fixture(autouse=True)
def patch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with isolated(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def clone(tmp_path: Path, patch) -> Clone:
    found = Clone(tmp_path / "clone")
    patch.chdir(found.folder)
    found.commit({"apps/train.yaml": APPLICATION, "apps/a.json": "{}", ".gitignore": "ignored/\n"})
    return found


def since(clone: Clone, old: str = "HEAD", new: str = "") -> list[Named]:
    commits = [clone.git("rev-parse", each) if each else "" for each in (old, new)]
    return named(deliveries_between(States(Repository(clone.folder), *commits)))


def test_nothing_differs_in_a_clean_work_tree(clone):
    assert since(clone) == []
    assert since(clone, "HEAD", "HEAD") == []


@pytest.mark.parametrize("is_staged", [False, True])
def test_what_is_not_committed_counts(clone, is_staged):
    clone.write({"apps/train.yaml": CHANGED, "flux/source.yml": SOURCE.format("Bucket")})
    if is_staged:
        clone.git("add", "--all")
    assert since(clone) == [
        ("replace", TRAIN, "apps/train.yaml"),
        ("add", "Bucket flux-system/train", "flux/source.yml"),
    ]


def test_what_is_ignored_or_has_another_ending_does_not(clone):
    clone.write({"ignored/a.yaml": CHANGED, "apps/train.yaml.bak": CHANGED, "apps/notes.md": CHANGED})
    assert since(clone) == []


def test_a_file_that_is_gone_is_removed(clone):
    (clone.folder / "apps" / "train.yaml").unlink()
    assert since(clone) == [("remove", TRAIN, "apps/train.yaml")]


def test_one_that_is_only_taken_out_of_the_index_is_still_there(clone):
    clone.git("rm", "--quiet", "--cached", "apps/train.yaml")
    assert since(clone) == []


def test_a_file_that_is_only_touched_is_the_same(clone):
    os.utime(clone.folder / "apps" / "train.yaml", (1, 1))
    assert since(clone) == []


def test_a_renamed_file_is_the_same_in_its_folder(clone):
    clone.git("mv", "apps/train.yaml", "apps/training.yaml")
    clone.git("mv", "apps/a.json", "b.json")
    assert since(clone) == []
    clone.git("mv", "apps/training.yaml", "training.yaml")
    assert since(clone) == [("move", TRAIN, "apps/train.yaml>training.yaml")]


def test_two_commits_are_compared_without_the_work_tree(clone):
    clone.commit({"apps/train.yaml": CHANGED})
    clone.write({"apps/other.yaml": CHANGED})
    assert since(clone, "HEAD~1", "HEAD") == [("replace", TRAIN, "apps/train.yaml")]
    assert since(clone, "HEAD", "HEAD~1") == [("replace", TRAIN, "apps/train.yaml")]


def test_the_work_tree_may_be_the_old_side(clone):
    clone.write({"more/train.yaml": APPLICATION.replace("name: train", "name: more")})
    commit = clone.git("rev-parse", "HEAD")
    changes = deliveries_between(States(Repository(clone.folder), "", commit))
    assert named(changes) == [("remove", "Application argocd/more", "more/train.yaml")]


def test_what_a_sparse_checkout_leaves_out_is_not_removed(clone):
    clone.commit({"teams/a/note": "text"})
    clone.git("sparse-checkout", "set", "teams")
    assert not (clone.folder / "apps").exists()
    assert since(clone) == []


def test_a_file_with_a_conflict_is_read_from_the_work_tree(clone):
    clone.git("switch", "--quiet", "--create", "topic")
    clone.commit({"apps/train.yaml": CHANGED})
    clone.git("switch", "--quiet", "main")
    clone.commit({"apps/train.yaml": APPLICATION.replace("train:1", "train:3")})
    with pytest.raises(AssertionError):
        clone.git("merge", "topic")
    (change,) = {each[1:] for each in since(clone, "topic")} - {(TRAIN, "apps/train.yaml")}
    assert change == (SEEMING, "apps/train.yaml")


def test_nothing_outside_the_repository_is_read(clone, tmp_path):
    (tmp_path / "secret.yaml").write_text(CHANGED)
    (clone.folder / "apps" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (clone.folder / "linked").symlink_to(tmp_path)
    os.mkfifo(clone.folder / "apps" / "pipe.yaml")
    Clone(clone.folder / "nested").commit({"a.yaml": APPLICATION})
    assert since(clone) == []


def test_a_committed_link_is_nobodys_content(clone):
    (clone.folder / "apps" / "link.yaml").symlink_to("train.yaml")
    clone.commit()
    assert since(clone, "HEAD~1") == since(clone, "HEAD~1", "HEAD") == []


def test_a_pointer_of_lfs_holds_no_object(clone):
    clone.commit({"apps/big.yaml": LFS_POINTER})
    assert since(clone, "HEAD~1", "HEAD") == []


def test_a_huge_file_counts_by_what_it_seems_to_hold(clone):
    clone.commit({"big.yaml": APPLICATION.encode() + LONG, "other.yaml": LONG})
    clone.write({"big.yaml": APPLICATION.encode() + LONG + b"y", "other.yaml": LONG + b"y"})
    assert since(clone) == [("replace", SEEMING, "big.yaml")]
    # The pipe from git is usable again after a file that was not read to its end.
    clone.commit({"z.yaml": CHANGED})
    assert since(clone, "HEAD~1", "HEAD") == [
        ("replace", SEEMING, "big.yaml"),
        ("add", TRAIN, "z.yaml"),
    ]


@pytest.mark.parametrize("name", ["a b.yaml", "a\nb\t.yaml", "ä.yaml", "-n.yaml", ":(top)*.yaml"])
def test_a_file_may_have_any_name(clone, name):
    clone.write({name: CHANGED.replace("name: train,", "name: odd,")})
    assert since(clone) == [("add", "Application argocd/odd", name)]
    clone.commit()
    assert since(clone, "HEAD~1", "HEAD") == [("add", "Application argocd/odd", name)]


def test_nor_need_it_be_utf_8(clone):
    path = os.path.join(os.fsencode(clone.folder), b"caf\xe9.yaml")
    Path(os.fsdecode(path)).write_text(CHANGED.replace("name: train,", "name: odd,"))
    assert since(clone) == [("add", "Application argocd/odd", "caf\\xe9.yaml")]


def test_names_are_from_the_current_folder(clone, patch):
    clone.write({"apps/train.yaml": CHANGED})
    patch.chdir(clone.folder / "apps")
    assert since(clone) == [("replace", TRAIN, "train.yaml")]


def test_git_runs_no_program_to_show_what_differs(clone, tmp_path):
    marker = tmp_path / "ran"
    for key in ("filter.x.smudge", "diff.x.textconv", "diff.x.command", "diff.external"):
        clone.git("config", key, f"touch {marker}; cat")
    clone.write({".gitattributes": "*.yaml filter=x diff=x\n", "apps/train.yaml": CHANGED})
    assert since(clone) == [("replace", TRAIN, "apps/train.yaml")]
    assert not marker.exists()


def test_few_processes_read_many_files(clone, tmp_path, patch):
    base = clone.git("rev-parse", "HEAD")
    head = clone.commit({f"many/{n}.yaml": CHANGED.replace("name: train,", f"name: t{n},") for n in range(50)})
    log = record_git(tmp_path, patch)
    assert len(deliveries_between(States(Repository(clone.folder), base, head))) == 50
    assert [words[0] for words in commands_in(log)] == ["diff-tree", "cat-file"]


def test_a_failing_git_is_an_error_of_the_machine(clone):
    with pytest.raises(StopError, match=r"^git cannot compare .*: fatal: ") as stop:
        deliveries_between(States(Repository(clone.folder), "0" * 40, ""))
    assert stop.value.cause == "machine"
