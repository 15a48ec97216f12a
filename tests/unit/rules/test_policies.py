"""JSG220 to JSG226: managedBy, and what success and failure policies name."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

REASONS = "BackoffLimitExceeded, DeadlineExceeded, FailedIndexes, MaxFailedIndexesExceeded, PodFailurePolicy"


def rules(*items: str) -> str:
    """Return a failure policy whose first rule begins at column 27 of line 5."""
    return f"failurePolicy: {{rules: [{', '.join(items)}]}}"


def rule(fields: str) -> str:
    return rules(f"{{{fields}, action: FailJobSet}}")


@pytest.mark.parametrize(
    "name", ["multikueue", "a.b/", "/path", "Example.com/x", "a.b/x y", "a_b/c", "'a.b/c#d'", "''"]
)
def test_managed_by(name):
    written = name.strip("'")
    assert said("JSG220", jobset(spec=f"managedBy: {name}")) == [
        f"5:14: managedBy '{written}' is no domain-prefixed path, such as example.com/controller"
    ]


def test_managed_by_of_64_characters():
    name = "example.com/" + "x" * 52
    assert said("JSG220", jobset(spec=f"managedBy: {name}")) == [
        "5:14: managedBy has 64 characters, 1 more than the 63 allowed"
    ]


@pytest.mark.parametrize(
    "name", ["example.com/" + "x" * 51, "kueue.x-k8s.io/multikueue", "a/b/c", "a/B_~!$&'()*+,;=:%."]
)
def test_managed_by_a_path(name):
    assert said("JSG220", jobset(spec=f'managedBy: "{name}"')) == []


def test_a_success_target():
    spec = "successPolicy: {operator: Any, targetReplicatedJobs: [workers, worker, xyz]}"
    assert said("JSG221", jobset(spec=spec)) == [
        "5:66: there is no replicatedJob worker\nhint: Did you mean 'workers'?",
        "5:74: there is no replicatedJob xyz",
    ]


def test_a_target_of_a_failure_rule():
    assert said("JSG221", jobset(spec=rule("targetReplicatedJobs: [Workers]"))) == [
        "5:51: there is no replicatedJob Workers\nhint: Did you mean 'workers'?"
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("host-gone", "host_gone"), ("a b", "a_b"), ("1st", ""), ("a:", ""), ("_a", ""), ("später", "sp_ter")],
)
def test_the_name_of_a_rule(name, meant):
    hint = f"\nhint: Did you mean '{meant}'?" if meant else ""
    assert said("JSG222", jobset(spec=rule(f'name: "{name}"'))) == [
        f"5:34: the rule's name '{name}' must have letters, digits and _,: and begin with a letter{hint}"
    ]


def test_the_name_of_a_rule_with_129_characters():
    assert said("JSG222", jobset(spec=rule(f"name: {'x' * 129}"))) == [
        "5:34: the rule's name has 129 characters, 1 more than the 128 allowed"
    ]


@pytest.mark.parametrize("name", ["a", "hostGone", "a_", "a,b:c_9", "x" * 128])
def test_a_good_name_of_a_rule(name):
    assert said("JSG222", jobset(spec=rule(f'name: "{name}"'))) == []


def test_two_rules_of_one_name():
    spec = rules("{name: a, action: FailJobSet}", "{name: b, action: FailJobSet}", "{name: a, action: RestartJobSet}")
    assert said("JSG223", jobset(spec=spec)) == ["5:96: two failure rules are named a"]


def test_a_rule_named_as_one_without_a_name_is():
    spec = rules("{name: failurePolicyRule1, action: FailJobSet}", "{action: FailJobSet}")
    assert said("JSG223", jobset(spec=spec)) == ["5:75: two failure rules are named failurePolicyRule1"]


def test_two_rules_without_a_name():
    assert said("JSG223", jobset(spec=rules("{action: FailJobSet}", "{action: FailJobSet}"))) == []


def test_a_reason():
    assert said("JSG224", jobset(spec=rule("onJobFailureReasons: [DeadlineExceeded, podfailurepolicy]"))) == [
        f"5:68: 'podfailurepolicy' is not a reason that a Job fails with; those are {REASONS}\n"
        "hint: Did you mean 'PodFailurePolicy'?"
    ]


def test_a_reason_like_no_other():
    assert said("JSG224", jobset(spec=rule("onJobFailureReasons: [OOMKilled]"))) == [
        f"5:50: 'OOMKilled' is not a reason that a Job fails with; those are {REASONS}"
    ]


def test_every_reason_there_is():
    assert said("JSG224", jobset(spec=rule(f"onJobFailureReasons: [{REASONS}]"))) == []


@pytest.mark.parametrize("action", ["RestartJob", "RestartJobAndIgnoreMaxRestarts"])
def test_restarting_one_job_of_too_many(action):
    text = jobset(job("replicas: 1024, name: a"), job("replicas: 1025, name: b"), spec=rules(f"{{action: {action}}}"))
    assert said("JSG225", text) == [f"8:16: the action {action} allows at most 1024 replicas; b has 1025"]


@pytest.mark.parametrize("action", ["RestartJobSet", "FailJobSet", "RestartJobSetAndIgnoreMaxRestarts"])
def test_restarting_all_of_many(action):
    assert said("JSG225", jobset(job("name: a, replicas: 1025"), spec=rules(f"{{action: {action}}}"))) == []


def test_a_pattern():
    assert said("JSG226", jobset(spec=rule("onJobFailureMessagePatterns: ['exit 1', 'exit (1|2']"))) == [
        "5:68: the pattern 'exit (1|2' is no RE2 regular expression: the group is not closed, at character 6"
    ]


def test_each_pattern_that_is_wrong():
    assert said("JSG226", jobset(spec=rule("onJobFailureMessagePatterns: ['(?=a)', '\\1']"))) == [
        "5:58: the pattern '(?=a)' is no RE2 regular expression: RE2 has no look-around, at character 1",
        "5:67: the pattern '\\1' is no RE2 regular expression: \\1 is a back-reference, which RE2 does not have, at "
        "character 1",
    ]


def test_a_pattern_that_only_re2_takes():
    assert said("JSG226", jobset(spec=rule(r"onJobFailureMessagePatterns: ['\pL+\z', '\Qa(b\E']"))) == []


def test_a_policy_without_rules():
    assert [said(f"JSG22{digit}", jobset(spec="failurePolicy: {}")) for digit in range(1, 7)] == [[]] * 6
