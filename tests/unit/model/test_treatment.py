"""How a set is treated: which pods are gated, how Jobs are placed, and which domains they get."""

from __future__ import annotations

import pytest

from jobsetgen.kubernetes.priorities import PriorityClass
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
CLASSES = (
    PriorityClass(name="high", value=2000, is_default=False, preemption_policy="Never"),
    PriorityClass(name="usual", value=1000, is_default=True, preemption_policy="Never"),
)


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


def of_class(name):
    """Return a replicatedJob whose pods name a class."""
    made = replicated_job(f"of-{name}", 1)
    made["template"]["spec"]["template"]["spec"]["priorityClassName"] = name
    return made


def read(document, **options):
    """Return the priority of each replicatedJob where the classes are in the input."""
    return [each.priority for each in treated(document, input_classes=CLASSES, **options).jobs]


def test_a_class_in_the_input_is_read_for_a_set_that_is_refused_without_it():
    assert read(annotated(EXCLUSIVE, of_class("high"))) == [2000]


def test_for_such_a_set_all_pods_are_labelled_by_the_input():
    document = annotated(EXCLUSIVE, of_class("high"), of_class("other"), DRIVER)
    assert read(document) == [2000, None, 1000]


def test_a_class_in_the_input_changes_no_set_that_compiles_without_it():
    assert read(jobset(of_class("high"), DRIVER)) == [None, 0]
    assert read(annotated(EXCLUSIVE, DRIVER)) == [0]
    assert read(annotated(EXCLUSIVE, of_class("high")), priority_classes={"high": 5}) == [5]
    assert read(annotated(BY_NODE_SELECTOR, of_class("high"))) == [None]


@pytest.mark.parametrize("annotations", [{}, EXCLUSIVE, BY_NODE_SELECTOR])
def test_with_compat_2_it_is_read_for_every_set(annotations):
    document = annotated(annotations, of_class("high"), DRIVER)
    assert read(document, compat=2) == [2000, 1000]
    assert read(document, compat=2, priority_classes={"high": 5}, default_priority=0) == [5, 0]


@pytest.mark.parametrize("strategy", ["node-selector", "domains"])
def test_a_class_in_the_input_changes_no_set_whose_placement_needs_no_priority(strategy):
    assert read(annotated(EXCLUSIVE, of_class("high")), placement=Placement(strategy=strategy)) == [None]


@pytest.mark.parametrize(
    ("annotations", "value", "label"),
    [({}, 5, "5"), ({}, -5, None), (EXCLUSIVE, 5, "5"), (BY_NODE_SELECTOR, 5, None)],
)
def test_pods_are_labelled_with_a_priority_that_a_label_can_hold_and_a_scheduler_reads(annotations, value, label):
    (each,) = treated(annotated(annotations, of_class("high")), priority_classes={"high": value}).jobs
    assert each.priority_label == label
