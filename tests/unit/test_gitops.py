"""The annotations of training Jobs in each profile, with the sync options of the user."""

from __future__ import annotations

import pytest

from jobsetgen.gitops import annotated_job
from jobsetgen.model import keys
from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

OURS = "Force=true,ServerSideApply=false"


def sync_options(written: str | None, settings: Settings) -> str | None:
    annotations = {} if written is None else {keys.ARGOCD_SYNC_OPTIONS: written}
    job = annotated_job({"metadata": {"name": "a", "annotations": annotations}}, settings, watched=False)
    found: str | None = job["metadata"]["annotations"].get(keys.ARGOCD_SYNC_OPTIONS)
    return found


@pytest.mark.parametrize(
    ("written", "options"),
    [
        (None, OURS),
        ("Replace=true", OURS),
        ("Prune=false, Replace=true", f"Prune=false,{OURS}"),
        ("Replace=true,Force=true", "Force=true,ServerSideApply=false"),
        ("Replace=false", f"Replace=false,{OURS}"),
        ("Force=false,Replace=true", "Force=false,Replace=true,ServerSideApply=false"),
    ],
)
@pytest.mark.parametrize("profile", ["any", "argocd"])
def test_replace_is_left_out_beside_force(written, options, profile):
    assert sync_options(written, Settings(gitops=profile)) == options


@pytest.mark.parametrize(
    "settings",
    [
        Settings(gitops="flux"),
        Settings(gitops="none"),
        Settings(jobs="watcher"),
        Settings(gitops="argocd", update_policy="Block"),
    ],
)
def test_replace_is_kept_where_argocd_does_not_force(settings):
    assert sync_options("Replace=true", settings) == "Replace=true"


def test_a_force_of_the_user_counts_under_block():
    settings = Settings(gitops="argocd", update_policy="Block")
    assert sync_options("Force=true,Replace=true", settings) == "Force=true"


SET = """apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: demo}
spec:
  replicatedJobs:
  - name: workers
    template:
      metadata: {annotations: {argocd.argoproj.io/sync-options: "Replace=true"}}
      spec: {template: {spec: {containers: [{name: main, image: "example.com/train:1"}]}}}
"""


def test_the_generation_is_that_of_the_set_as_written():
    """A set that was compiled before Replace=true was left out keeps running: its pod template is the same."""
    (job,) = [
        item for item in compile([Source(name="set.yaml", content=SET.encode())]).objects() if item["kind"] == "Job"
    ]
    assert job["metadata"]["annotations"][keys.ARGOCD_SYNC_OPTIONS] == OURS
    assert job["spec"]["template"]["metadata"]["annotations"][keys.GENERATION] == "cc82534c70065aad"
