"""JSG201 to JSG204: which replicatedJob may wait for which."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

DRIVER = job("name: driver")


def workers(depends_on: str) -> str:
    return job(f"dependsOn: {depends_on}, name: workers")


@pytest.mark.parametrize("depends_on", ["[]", "[{name: driver, status: Ready}]"])
def test_the_first_has_nothing_to_wait_for(depends_on):
    assert said("JSG201", jobset(workers(depends_on))) == [
        "7:6: the first replicatedJob cannot have dependsOn, not even an empty one"
    ]


def test_null_is_as_good_as_absent():
    assert said("JSG201", jobset(workers("null"))) == []


def test_a_later_one_may_have_an_empty_list():
    text = jobset(DRIVER, workers("[]"))
    assert [said(code, text) for code in ("JSG201", "JSG202", "JSG203")] == [[], [], []]


def test_an_earlier_one_is_waited_for():
    assert said("JSG202", jobset(DRIVER, workers("[{name: driver, status: Ready}]"))) == []


def test_a_near_miss():
    assert said("JSG202", jobset(DRIVER, workers("[{name: drivers, status: Ready}]"))) == [
        "8:25: replicatedJob workers depends on drivers, but there is no replicatedJob of that name\n"
        "hint: Did you mean 'driver'?"
    ]


def test_a_name_like_no_other():
    assert said("JSG202", jobset(DRIVER, workers("[{name: xyz, status: Ready}]"))) == [
        "8:25: replicatedJob workers depends on xyz, but there is no replicatedJob of that name"
    ]


def test_one_that_comes_later():
    text = jobset(DRIVER, workers("[{name: evaluators, status: Ready}]"), job("name: evaluators"))
    assert said("JSG202", text) == [
        "8:25: replicatedJob workers depends on evaluators, which comes after it\n"
        "hint: Put the replicatedJob that is waited for first."
    ]


def test_itself():
    assert said("JSG202", jobset(DRIVER, workers("[{name: workers, status: Complete}]"))) == [
        "8:25: replicatedJob workers depends on itself and would never start"
    ]


def test_each_wrong_name_is_shown():
    depends_on = "[{name: driver, status: Ready}, {name: one, status: Ready}, {name: two, status: Ready}]"
    assert [line.split(":")[1] for line in said("JSG202", jobset(DRIVER, workers(depends_on)))] == ["56", "84"]


@pytest.mark.parametrize("depends_on", ["[]", "[{name: driver, status: Ready}]"])
def test_in_order_and_depends_on(depends_on):
    text = jobset(DRIVER, workers(depends_on), spec="startupPolicy: {startupPolicyOrder: InOrder}")
    assert said("JSG203", text) == [
        "8:6: replicatedJob workers has dependsOn, which startupPolicyOrder InOrder excludes\n"
        "hint: Keep dependsOn, which says more, and take startupPolicy out."
    ]


def test_any_order_and_depends_on():
    text = jobset(DRIVER, workers("[]"), spec="startupPolicy: {startupPolicyOrder: AnyOrder}")
    assert said("JSG203", text) == []


def test_in_order_alone():
    assert said("JSG203", jobset(DRIVER, spec="startupPolicy: {startupPolicyOrder: InOrder}")) == []


def test_a_dependency_twice():
    depends_on = "[{name: driver, status: Ready}, {name: driver, status: Complete}]"
    assert said("JSG204", jobset(DRIVER, workers(depends_on))) == [
        "8:56: replicatedJob workers names its dependency driver twice"
    ]


def test_five_dependencies_are_enough_and_six_too_many():
    jobs = [job(f"name: j{index}") for index in range(6)]
    listed = [f"{{name: j{index}, status: Ready}}" for index in range(6)]
    assert said("JSG106", jobset(*jobs, workers(f"[{', '.join(listed[:5])}]"))) == []
    assert said("JSG106", jobset(*jobs, workers(f"[{', '.join(listed)}]"))) == [
        "13:17: spec.replicatedJobs[6].dependsOn has 6 items; at most 5 are allowed"
    ]
