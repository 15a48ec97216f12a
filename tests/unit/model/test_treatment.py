"""How a set is treated: which pods are gated, how Jobs are placed, and which domains they get."""

from __future__ import annotations

import pytest

from jobsetgen.model.build import build_jobset
from jobsetgen.model.treatment import Exclusivity, treatment, treatments
from jobsetgen.options.table import Placement, Settings
from tests.unit.expand.builds import jobset, replicated_job

EXCLUSIVE = {"alpha.jobset.sigs.k8s.io/exclusive-topology": "rack"}
BY_NODE_SELECTOR = {**EXCLUSIVE, "alpha.jobset.sigs.k8s.io/node-selector": "true"}
IN_ORDER = {"startupPolicy": {"startupPolicyOrder": "InOrder"}}
BLOCKING = {"failurePolicy": {"maxRestarts": 1, "restartStrategy": "BlockingRecreate"}}
DEPENDENT = replicated_job("workers", dependsOn=[{"name": "driver", "status": "Ready"}])
DRIVER = replicated_job("driver", 1)


def treated(document, **options):
    return treatment(build_jobset(document), Settings(**options))


def annotated(annotations, *replicated_jobs):
    document = jobset(*replicated_jobs)
    return {**document, "metadata": {**document["metadata"], "annotations": annotations}}


@pytest.mark.parametrize(
    ("document", "gated"),
    [
        (jobset(DRIVER, replicated_job("workers")), []),
        (jobset(DRIVER, DEPENDENT), ["workers"]),
        (jobset(DRIVER, replicated_job("workers"), **IN_ORDER), ["workers"]),
        (jobset(DRIVER, replicated_job("workers"), **BLOCKING), ["driver", "workers"]),
    ],
)
def test_what_the_controller_would_create_later_is_gated_where_git_owns_the_jobs(document, gated):
    assert [each.name for each in treated(document).gated] == gated
    assert treated(document, jobs="watcher").gated == ()
    assert treated(document, restart_watcher="Never").gated == ()


def test_replicated_jobs_of_one_name_are_told_apart():
    """A rule reports the name; until then the second of two is treated for itself."""
    document = jobset(replicated_job("workers", 1), replicated_job("workers", 1), **IN_ORDER)
    assert [each.is_gated for each in treated(document).jobs] == [False, True]


def test_only_blocking_recreate_blocks():
    assert treated(jobset(**BLOCKING)).is_blocking
    assert not treated(jobset(failurePolicy={"maxRestarts": 1})).is_blocking
    assert not treated(jobset()).is_blocking


@pytest.mark.parametrize("strategy", ["affinity", "node-selector", "domains"])
def test_the_strategy_takes_the_place_of_the_pod_webhook(strategy):
    (each,) = treated(annotated(EXCLUSIVE), placement=Placement(strategy=strategy)).jobs
    assert each.exclusivity == Exclusivity(
        topology="rack",
        by_webhook=True,
        affinity=strategy == "affinity",
        node_selector=strategy == "node-selector",
        domains=strategy == "domains",
    )


@pytest.mark.parametrize("strategy", ["affinity", "node-selector", "domains"])
def test_a_node_selector_annotation_stays_what_it_is_under_every_strategy(strategy):
    (each,) = treated(annotated(BY_NODE_SELECTOR), placement=Placement(strategy=strategy)).jobs
    assert each.exclusivity == Exclusivity(
        topology="rack", by_webhook=False, affinity=False, node_selector=True, domains=False
    )


def test_pinned_jobs_take_the_listed_domains_in_the_order_of_the_input():
    placement = Placement(strategy="domains", domains={"rack": ("a", "b", "c", "d")})
    first = build_jobset(annotated(EXCLUSIVE, replicated_job("driver", 1), replicated_job("workers", 2)))
    elsewhere = build_jobset(jobset(replicated_job("workers", 2)))
    second = build_jobset(annotated(EXCLUSIVE, replicated_job("workers", 1)))
    found = treatments([first, elsewhere, second], Settings(placement=placement))
    assert [[each.domains for each in one.jobs] for one in found] == [[("a",), ("b", "c")], [()], [("d",)]]


def test_domains_of_a_topology_that_is_not_listed_are_not_known():
    placement = Placement(strategy="domains", domains={"zone": ("a",)})
    (found,) = treatments([build_jobset(annotated(EXCLUSIVE))], Settings(placement=placement))
    assert [each.domains for each in found.jobs] == [()]
