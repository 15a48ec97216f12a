"""JSG611: runs that are named by what they run."""

from __future__ import annotations

from tests.unit.rules.lints.sets import jobset, said

EACH = "4:17: notice: each change of the spec is a new run under a new name;"


def test_a_gitops_tool_removes_the_old_run_if_it_prunes():
    found = said("JSG611", jobset(name="generateName: sweep-"))
    assert found == [f"{EACH} the GitOps tool removes the old one only if its pruning is on"]


def test_without_gitops_the_old_run_stays():
    found = said("JSG611", jobset(name="generateName: sweep-"), gitops="none")
    assert found == [f"{EACH} the old one stays until somebody deletes it"]


def test_a_name_wins_over_generate_name():
    assert said("JSG611", jobset(metadata="generateName: sweep-")) == []
