"""JSG509: exclusive placement by affinity on a set that is too large for it."""

from __future__ import annotations

from jobsetgen.options.table import Placement
from tests.unit.rules.lints.sets import jobset, other, said

TOPOLOGY = "annotations: {alpha.jobset.sigs.k8s.io/exclusive-topology: pool}"
PODS = "{parallelism: 16, completions: 16}"
SAID = (
    "warning: exclusive placement by affinity slows scheduling above about 1,000 pods; this set has 1,280 of them"
    "\nhint: List the topology domains with jobsetgen domains and choose placement.strategy: domains."
)


def large(**parts):
    return jobset(replicated_job="replicas: 80", job="<<: {parallelism: 16, completions: 16}", **parts)


def test_the_annotation_of_the_set():
    assert said("JSG509", large(metadata=TOPOLOGY)) == [f"5:62: {SAID}"]


def test_the_annotation_of_the_template():
    assert said("JSG509", large(template=TOPOLOGY)) == [f"13:68: {SAID}"]


def test_the_annotation_of_the_pods():
    assert said("JSG509", large(pods=TOPOLOGY)) == [f"18:72: {SAID}"]


def test_only_pods_that_are_placed_by_affinity_count():
    beside = other("readers", "replicas: 5000")
    assert said("JSG509", jobset(template=TOPOLOGY, replicated_job="replicas: 1000", more=beside)) == []


def test_a_set_of_1000_pods():
    assert said("JSG509", jobset(metadata=TOPOLOGY, replicated_job="replicas: 1000")) == []


def test_placement_by_domains():
    assert said("JSG509", large(metadata=TOPOLOGY), placement=Placement(strategy="domains")) == []


def test_placement_by_nodes_labelled_beforehand():
    topology = "alpha.jobset.sigs.k8s.io/exclusive-topology: pool"
    both = f"annotations: {{{topology}, alpha.jobset.sigs.k8s.io/node-selector: 'true'}}"
    assert said("JSG509", large(metadata=both)) == []


def test_a_large_set_that_is_not_exclusive():
    assert said("JSG509", large()) == []
