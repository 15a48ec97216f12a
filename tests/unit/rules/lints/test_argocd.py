"""JSG511 and JSG512: Argo CD annotations that do harm on training Jobs."""

from __future__ import annotations

import pytest

from tests.unit.rules.lints.sets import jobset, said


def options(value):
    return f"annotations: {{argocd.argoproj.io/sync-options: '{value}'}}"


@pytest.mark.parametrize("value", ["Replace=true", "Force=true,Replace=true", "Prune=false, Replace=true"])
def test_replace_with_force(value):
    message = "Replace=true with Force=true makes Argo CD delete and create these Jobs at every sync"
    hint = "Take Replace=true out: Force=true alone replaces a Job when it has changed."
    assert said("JSG511", jobset(template=options(value))) == [f"13:56: warning: {message}\nhint: {hint}"]


def test_force_written_by_a_person_counts_under_block_too():
    text = jobset(template=options("Force=true,Replace=true"))
    assert len(said("JSG511", text, update_policy="Block")) == 1


def test_replace_alone_is_what_block_asks_for():
    assert said("JSG511", jobset(template=options("Replace=true")), update_policy="Block") == []


@pytest.mark.parametrize("value", ["Force=true", "Replace=false", "Force=false,Replace=true", "PruneLast=true"])
def test_other_options(value):
    assert said("JSG511", jobset(template=options(value))) == []


@pytest.mark.parametrize("profile", ["flux", "none"])
def test_options_where_there_is_no_argo_cd(profile):
    assert said("JSG511", jobset(template=options("Replace=true")), gitops=profile) == []


@pytest.mark.parametrize(
    ("annotation", "column"),
    [
        ("argocd.argoproj.io/sync-wave: '1'", 53),
        ("argocd.argoproj.io/hook: PreSync", 48),
        ("helm.sh/hook: pre-install", 37),
    ],
)
def test_a_wave_or_a_hook_on_the_jobs(annotation, column):
    key = annotation.partition(":")[0]
    message = f"{key} makes Argo CD wait until these Jobs have finished, and heal nothing meanwhile"
    hint = "Leave the Jobs in the one wave of everything else, and use no hooks."
    found = said("JSG512", jobset(template=f"annotations: {{{annotation}}}"))
    assert found == [f"13:{column}: warning: {message}\nhint: {hint}"]


def test_a_wave_on_the_set_does_nothing():
    message = "argocd.argoproj.io/sync-wave on the JobSet does nothing: it is not copied to the Jobs"
    hint = "On the Jobs it would make the sync last as long as the training."
    found = said("JSG512", jobset(metadata="annotations: {argocd.argoproj.io/sync-wave: '1'}"))
    assert found == [f"5:47: warning: {message}\nhint: {hint}"]


@pytest.mark.parametrize("annotation", ["argocd.argoproj.io/sync-wave: '0'", "argocd.argoproj.io/hook: Skip"])
def test_the_wave_of_everything_else(annotation):
    assert said("JSG512", jobset(template=f"annotations: {{{annotation}}}")) == []


@pytest.mark.parametrize("profile", ["flux", "none"])
def test_a_wave_where_there_is_no_argo_cd(profile):
    text = jobset(template="annotations: {argocd.argoproj.io/sync-wave: '1'}")
    assert said("JSG512", text, gitops=profile) == []


@pytest.mark.parametrize("code", ["JSG511", "JSG512"])
def test_argocd_does_not_sync_what_the_watcher_creates(code):
    options = "argocd.argoproj.io/sync-options: Replace=true, argocd.argoproj.io/sync-wave: '1'"
    assert said(code, jobset(template=f"annotations: {{{options}}}"), jobs="watcher") == []
