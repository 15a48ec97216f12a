"""JSG501: retries that hide a failure from the failurePolicy."""

from __future__ import annotations

from tests.unit.rules.lints.sets import jobset, said

HINT = "\nhint: Write backoffLimit: 0, so that the first failure reaches the failurePolicy."
POLICY = "failurePolicy: {maxRestarts: 3}"


def test_a_limit_above_0_is_shown_at_its_value():
    message = "backoffLimit is 4: a failed pod is retried up to 4 times before the failurePolicy learns of it"
    assert said("JSG501", jobset(spec=POLICY, job="backoffLimit: 4")) == [f"15:23: warning: {message}{HINT}"]


def test_a_limit_of_1_is_one_retry():
    message = "backoffLimit is 1: a failed pod is retried once before the failurePolicy learns of it"
    assert said("JSG501", jobset(spec=POLICY, job="backoffLimit: 1")) == [f"15:23: warning: {message}{HINT}"]


def test_an_unset_limit_is_kubernetes_default_shown_at_the_job_spec():
    message = (
        "backoffLimit is not set, so Kubernetes takes 6: "
        "a failed pod is retried up to 6 times before the failurePolicy learns of it"
    )
    assert said("JSG501", jobset(spec=POLICY)) == [f"14:7: warning: {message}{HINT}"]


def test_an_empty_policy_is_one():
    assert len(said("JSG501", jobset(spec="failurePolicy: {}", job="backoffLimit: 1"))) == 1


def test_a_limit_of_0_hides_nothing():
    assert said("JSG501", jobset(spec=POLICY, job="backoffLimit: 0")) == []


def test_without_a_policy_nobody_waits_for_the_failure():
    assert said("JSG501", jobset(job="backoffLimit: 4")) == []


def test_in_place_restarts_need_a_high_limit():
    spec = "failurePolicy: {maxRestarts: 3, restartStrategy: InPlaceRestart}"
    assert said("JSG501", jobset(spec=spec, job="backoffLimit: 2147483647")) == []


def test_a_limit_per_index_counts_in_another_way():
    assert said("JSG501", jobset(spec=POLICY, job="backoffLimitPerIndex: 1")) == []


def test_a_limit_that_is_no_number_is_left_to_the_schema():
    assert said("JSG501", jobset(spec=POLICY, job="backoffLimit: four")) == []
