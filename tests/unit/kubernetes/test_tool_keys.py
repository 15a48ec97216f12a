"""The keys of a JobSet that are not copied to the objects of the set."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobsetgen.kubernetes.tool_keys import KEPT_ON_THE_JOBSET, allocates_costs, kept_on_the_jobset

PAGE = Path(__file__).resolve().parents[3] / "docs" / "from-jobset.md"


@pytest.mark.parametrize(
    "key",
    [
        "kueue.x-k8s.io/queue-name",
        "provreq.kueue.x-k8s.io/maxRunDurationSeconds",
        "slurmjob.slinky.slurm.net/timelimit",
        "alpha.jobset.sigs.k8s.io/exclusive-topology",
        "jobsetgen.io/jobset",
        "argocd.argoproj.io/hook",
        "kustomize.toolkit.fluxcd.io/prune",
        "helm.sh/hook",
        "meta.helm.sh/release-name",
        "internal.config.kubernetes.io/path",
        "kubectl.kubernetes.io/last-applied-configuration",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/managed-by",
        "sidecar.istio.io/inject",
        "configmanagement.gke.io/managed",
        "kapp.k14s.io/app",
        "objectset.rio.cattle.io/hash",
        "prometheus.io/scrape",
        "velero.io/exclude-from-backup",
        "tpu-provisioner.cloud.google.com/slice-autoprovisioning",
    ],
)
def test_a_key_that_a_tool_acts_on_stays_on_the_jobset(key):
    assert kept_on_the_jobset(key)


@pytest.mark.parametrize(
    "key",
    [
        "team",
        "helm.sh",
        "example.com/owner",
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance-type",
        "notkueue.x-k8s.io/queue-name",
        "cost-center",
    ],
)
def test_any_other_key_is_copied(key):
    assert kept_on_the_jobset(key) is None


@pytest.mark.parametrize("label", ["cost-center", "CostCode", "example.com/cost-centre", "billing", "x.io/chargeback"])
def test_costs_are_allocated_by_labels_with_such_names(label):
    assert allocates_costs(label)


@pytest.mark.parametrize("label", ["team", "low-cost", "cost.example.com/team"])
def test_costs_are_not_allocated_by_other_labels(label):
    assert allocates_costs(label) is None


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("kueue.x-k8s.io/max-exec-time-seconds", "Job"),
        ("kueue.x-k8s.io/priority-class", "Job"),
        ("kueue.x-k8s.io/prebuilt-workload-name", "Job"),
        ("provreq.kueue.x-k8s.io/maxRunDurationSeconds", "Job"),
        ("kueue.x-k8s.io/podset-required-topology", "pod"),
        ("kueue.x-k8s.io/pod-group-total-count", "pod"),
        ("slurmjob.slinky.slurm.net/timelimit", "Job"),
        ("kai.scheduler/queue", "pod"),
        ("kai.scheduler/topology", "Job"),
        ("tpu-provisioner.cloud.google.com/disable-autoprovisioning", "pod"),
        ("tpu-provisioner.cloud.google.com/slice-selection", ""),
    ],
)
def test_a_tool_finds_its_key_in_its_place(key, place):
    row = kept_on_the_jobset(key)
    assert row
    assert row.place == place


@pytest.mark.parametrize("row", KEPT_ON_THE_JOBSET, ids=lambda row: row.keys)
def test_every_row_has_a_source_and_is_on_the_page(row):
    assert row.source.startswith(("https://", "docs/"))
    assert f"`{row.keys}`" in PAGE.read_text()


@pytest.mark.parametrize("row", KEPT_ON_THE_JOBSET, ids=lambda row: row.keys)
def test_a_tool_that_misses_its_keys_has_a_place_to_find_them(row):
    assert bool(row.tool) == bool(row.place)
