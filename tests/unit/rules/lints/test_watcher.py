"""JSG510: what the Jobs alone do not do."""

from __future__ import annotations

from tests.unit.rules.lints.sets import jobset, other, said

NEXT = "the restart-watcher comes with the next release"


def test_restarts():
    message = f"nothing in the output will restart the set after a failure (maxRestarts 3): {NEXT}"
    assert said("JSG510", jobset(spec="failurePolicy: {maxRestarts: 3}")) == [f"7:32: warning: {message}"]


def test_restarts_by_rules():
    spec = "failurePolicy: {maxRestarts: 3, rules: [{action: FailJobSet}]}"
    task = "restart the set after a failure (maxRestarts 3, by the rules of failurePolicy)"
    assert said("JSG510", jobset(spec=spec)) == [f"7:32: warning: nothing in the output will {task}: {NEXT}"]


def test_restarts_that_are_not_counted():
    spec = "failurePolicy: {rules: [{action: RestartJobSetAndIgnoreMaxRestarts}]}"
    task = "restart the set after a failure (RestartJobSetAndIgnoreMaxRestarts)"
    assert said("JSG510", jobset(spec=spec)) == [f"7:36: warning: nothing in the output will {task}: {NEXT}"]


def test_shared_fate_of_two_jobs():
    message = f"nothing in the output will end the other Job when one fails: {NEXT}"
    assert said("JSG510", jobset(more=other("driver"))) == [f"9:3: warning: {message}"]


def test_shared_fate_of_many_jobs():
    message = f"nothing in the output will end the other 1,499 Jobs when one fails: {NEXT}"
    assert said("JSG510", jobset(replicated_job="replicas: 1500")) == [f"9:3: warning: {message}"]


def test_success_of_any():
    task = "end the set when one Job has succeeded (successPolicy) or end the other 3 Jobs when one fails"
    found = said("JSG510", jobset(spec="successPolicy: {operator: Any}", replicated_job="replicas: 4"))
    assert found == [f"7:18: warning: nothing in the output will {task}: {NEXT}"]


def test_success_of_some():
    spec = "successPolicy: {operator: All, targetReplicatedJobs: [driver]}"
    task = "end the set when every Job of driver has succeeded (successPolicy) or end the other Job when one fails"
    found = said("JSG510", jobset(spec=spec, more=other("driver")))
    assert found == [f"7:18: warning: nothing in the output will {task}: {NEXT}"]


def test_success_of_all_by_name_needs_nobody():
    spec = "successPolicy: {operator: All, targetReplicatedJobs: [workers]}"
    assert said("JSG510", jobset(spec=spec)) == []


def test_start_in_order():
    task = "hold Jobs back until it is their turn (InOrder) or end the other Job when one fails"
    found = said("JSG510", jobset(spec="startupPolicy: {startupPolicyOrder: InOrder}", more=other("driver")))
    assert found == [f"7:39: warning: nothing in the output will {task}: {NEXT}"]


def test_start_after_another():
    task = "hold Jobs back until it is their turn (dependsOn) or end the other Job when one fails"
    found = said("JSG510", jobset(more=other("driver", "dependsOn: [{name: workers, status: Ready}]")))
    assert found == [f"25:31: warning: nothing in the output will {task}: {NEXT}"]


def test_ttl_without_gitops():
    message = f"nothing in the output will remove the finished set (ttlSecondsAfterFinished): {NEXT}"
    found = said("JSG510", jobset(spec="ttlSecondsAfterFinished: 60"), gitops="none")
    assert found == [f"7:28: warning: {message}"]


def test_ttl_under_gitops_has_a_warning_of_its_own():
    assert said("JSG510", jobset(spec="ttlSecondsAfterFinished: 60")) == []


def test_everything_at_once_is_one_sentence():
    spec = "failurePolicy: {maxRestarts: 3}\n  startupPolicy: {startupPolicyOrder: InOrder}"
    task = (
        "restart the set after a failure (maxRestarts 3), hold Jobs back until it is their turn (InOrder) "
        "or end the other Job when one fails"
    )
    found = said("JSG510", jobset(spec=spec, more=other("driver")))
    assert found == [f"7:32: warning: nothing in the output will {task}: {NEXT}"]


def test_one_job_that_nothing_restarts():
    assert said("JSG510", jobset(spec="failurePolicy: {maxRestarts: 0, rules: [{action: FailJobSet}]}")) == []
