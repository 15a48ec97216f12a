"""JSG344 and JSG345: the Job's podFailurePolicy and successPolicy."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said

FAIL_JOB = "{rules: [{action: FailJob, onExitCodes: {operator: In, values: %s}}]}"


def test_an_exit_code_of_success():
    job = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0, 1]}}]}"
    found = said("JSG344", jobset(job=job))
    assert found == ["14:91: the exit code 0 is a success; the operator In cannot have it"]


def test_exit_codes_out_of_order():
    job = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [3, 1]}}]}"
    found = said("JSG344", jobset(job=job))
    assert found == ["14:94: exit codes must be in order and unique; 1 stands behind 3"]


def test_an_exit_code_twice():
    job = "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: NotIn, values: [0, 1, 1]}}]}"
    found = said("JSG344", jobset(job=job))
    assert found == ["14:100: exit codes must be in order and unique; 1 is here twice"]


def test_no_exit_codes():
    found = said(
        "JSG344", jobset(job="podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: []}}]}")
    )
    assert found == ["14:90: onExitCodes needs at least one exit code"]


def test_too_many_exit_codes():
    found = said("JSG344", jobset(job=f"podFailurePolicy: {FAIL_JOB % list(range(1, 257))}"))
    assert found == ["14:90: onExitCodes has at most 255 exit codes, not 256"]


def test_a_container_that_is_not_there():
    job = (
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: mian, operator: In, values: [1]}}]}"
    )
    found = said("JSG344", jobset(job=job))
    assert found == ["14:83: the pod has no container mian\nhint: Did you mean 'main'?"]


def test_an_init_container():
    job = (
        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: setup, operator: In, values: [1]}}]}"
    )
    found = said("JSG344", jobset(job=job))
    assert found == []


def test_a_rule_without_a_condition():
    found = said("JSG344", jobset(job="podFailurePolicy: {rules: [{action: Ignore}]}"))
    assert found == ["14:36: a rule needs onExitCodes or onPodConditions"]


def test_a_rule_with_both_kinds_of_conditions():
    job = (
        "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}, "
        "onPodConditions: [{type: DisruptionTarget}]}]}"
    )
    found = said("JSG344", jobset(job=job))
    assert found == ["14:36: a rule has either onExitCodes or onPodConditions, not both"]


def test_an_empty_list_beside_the_exit_codes():
    job = "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}, onPodConditions: []}]}"
    found = said("JSG344", jobset(job=job))
    assert found == []


def test_fail_index_without_a_limit_per_index():
    found = said(
        "JSG344",
        jobset(job="podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [1]}}]}"),
    )
    assert found == ["14:45: the action FailIndex needs backoffLimitPerIndex"]


def test_another_replacement_policy():
    found = said("JSG344", jobset(job="<<: {podReplacementPolicy: TerminatingOrFailed, podFailurePolicy: {rules: []}}"))
    assert found == ["14:36: beside a podFailurePolicy, podReplacementPolicy must be Failed"]


def test_too_many_rules():
    found = said(
        "JSG344",
        jobset(job="podFailurePolicy: {rules: [" + "{action: Ignore, onPodConditions: [{type: A}]}, " * 21 + "]}"),
    )
    assert found == ["14:35: a podFailurePolicy has at most 20 rules, not 21"]


def test_too_many_conditions():
    found = said(
        "JSG344",
        jobset(job="podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [" + "{type: A}, " * 21 + "]}]}"),
    )
    assert found == ["14:70: a rule has at most 20 onPodConditions, not 21"]


def test_a_condition_that_cannot_be():
    job = "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: Disruption Target}]}]}"
    message = (
        "14:78: 'Disruption Target' cannot be the type of a condition: its name must have "
        "letters, digits and -_. and begin and end with a letter or digit"
    )
    found = said("JSG344", jobset(job=job))
    assert found == [message]


def test_success_without_indices():
    found = said(
        "JSG345", jobset(job="<<: {completionMode: NonIndexed, successPolicy: {rules: [{succeededCount: 1}]}}")
    )
    assert found == ["14:57: a Job's successPolicy needs completionMode Indexed"]


def test_no_rule_of_success():
    found = said("JSG345", jobset(job="successPolicy: {rules: []}"))
    assert found == ["14:32: a Job's successPolicy has 1 to 20 rules, not 0"]


def test_a_rule_of_success_that_says_nothing():
    found = said("JSG345", jobset(job="successPolicy: {rules: [{}]}"))
    assert found == ["14:33: a rule needs succeededIndexes or succeededCount"]


def test_an_index_beyond_the_last():
    found = said(
        "JSG345", jobset(job="<<: {parallelism: 2, completions: 2, successPolicy: {rules: [{succeededIndexes: 0-2}]}}")
    )
    assert found == ["14:89: succeededIndexes '0-2' has the index 2, but the last of 2 completions is 1"]


def test_indexes_out_of_order():
    job = '<<: {parallelism: 4, completions: 4, successPolicy: {rules: [{succeededIndexes: "2,0-1"}]}}'
    found = said("JSG345", jobset(job=job))
    assert found == ["14:89: succeededIndexes '2,0-1' is not in order at 0-1"]


def test_indexes_that_are_no_list():
    found = said(
        "JSG345",
        jobset(job="<<: {parallelism: 4, completions: 4, successPolicy: {rules: [{succeededIndexes: leader}]}}"),
    )
    assert found == ["14:89: succeededIndexes 'leader' is no list of indexes and ranges, such as 0,2-4"]


def test_a_list_of_indexes_beyond_64_kib():
    found = said("JSG345", jobset(job=f"successPolicy: {{rules: [{{succeededIndexes: {'0' * 65537!r}}}]}}"))
    assert found == ["14:52: succeededIndexes has 65,537 characters; at most 65,536 are allowed"]


def test_more_successes_than_completions():
    found = said(
        "JSG345", jobset(job="<<: {parallelism: 2, completions: 2, successPolicy: {rules: [{succeededCount: 3}]}}")
    )
    assert found == ["14:87: succeededCount is 3, but must be from 0 to 2"]


def test_more_successes_than_indexes():
    job = "<<: {parallelism: 4, completions: 4, successPolicy: {rules: [{succeededIndexes: 0-1, succeededCount: 3}]}}"
    found = said("JSG345", jobset(job=job))
    assert found == ["14:110: succeededCount is 3, but must be from 0 to 2"]


def test_an_index_where_completions_are_still_to_be_written():
    found = said("JSG345", jobset(job='<<: {parallelism: 4, successPolicy: {rules: [{succeededIndexes: "3"}]}}'))
    assert found == []
