"""What they accept when it is applied, and what then never runs, or not as it is written: we refuse it."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from jobsetgen import Source, compile
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.oracles.admission import JOBSETS, Verdict, documents, judge, offer

Json = dict[str, Any]
POD: Json = {"containers": [{"name": "main", "image": "registry.example.com/train:1"}]}


def jobset(*, pod: Json | None = None, replicas: int = 1, **spec: Any) -> Json:
    job = {"template": {"spec": POD | (pod or {})}}
    replicated = [{"name": "workers", "replicas": replicas, "template": {"spec": job}}]
    return {
        "apiVersion": JOBSETS,
        "kind": "JobSet",
        "metadata": {"name": "train"},
        "spec": {"replicatedJobs": replicated, **spec},
    }


def codes(item: Json) -> set[str]:
    result = compile([Source(name="train.yaml", content=json.dumps(item).encode())])
    return {each.code for each in result.diagnostics if each.is_error}


def judged(plane: ControlPlane, item: Json) -> Verdict:
    return judge(plane, documents(json.dumps(item).encode()))


def test_a_pattern_that_does_not_compile_is_accepted_for_good_and_we_refuse_it(plane: ControlPlane) -> None:
    rule = {"name": "host", "action": "FailJobSet", "onJobFailureMessagePatterns": ["exit (1|2"]}
    item = jobset(failurePolicy={"maxRestarts": 1, "rules": [rule]})
    assert str(judged(plane, item)) == "accepted"
    assert codes(item) == {"JSG226"}


def test_the_restart_policy_always_is_refused_in_the_child_alone_and_we_refuse_it(plane: ControlPlane) -> None:
    item = jobset(pod={"restartPolicy": "Always"})
    verdict = judged(plane, item)
    assert (verdict.at_once, len(verdict.later)) == ((), 1)
    assert 'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"' in verdict.later[0]
    assert codes(item) == {"JSG343"}


def test_a_mount_without_its_volume_is_refused_in_the_child_alone_and_we_refuse_it(plane: ControlPlane) -> None:
    container = POD["containers"][0] | {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    item = jobset(pod={"containers": [container]})
    verdict = judged(plane, item)
    assert (verdict.at_once, len(verdict.later)) == ((), 1)
    assert 'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"' in verdict.later[0]
    assert codes(item) == {"JSG332"}


def test_negative_replicas_are_accepted_for_good_and_we_refuse_them(plane: ControlPlane) -> None:
    item = jobset(replicas=-1)
    assert str(judged(plane, item)) == "accepted"
    assert codes(item) == {"JSG106"}


DUPLICATE = json.dumps(jobset()).replace('"replicas": 1', '"replicas": 2, "replicas": 3').encode()


def test_a_key_that_stands_twice_is_refused_by_us_and_by_the_server_when_it_is_strict(plane: ControlPlane) -> None:
    (twice,) = documents(DUPLICATE)
    with pytest.raises(ApiError, match='key "replicas" already set in map'):
        offer(plane.client, twice)
    lenient = plane.client.create(twice.item, text=twice.text, dry_run=True)
    assert lenient["spec"]["replicatedJobs"][0]["replicas"] == 3
    result = compile([Source(name="train.yaml", content=DUPLICATE)])
    assert [each.code for each in result.diagnostics if each.is_error] == ["JSG003"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the PATH")
def test_kubectl_drops_the_first_of_two_keys_so_that_the_server_never_sees_it(plane: ControlPlane) -> None:
    command = ["kubectl", "create", "--validate=strict", "--dry-run=server", "-o", "json", "-f", "-"]
    done = plane.run(command, stdin=DUPLICATE.decode().replace("{", "# YAML\n{", 1))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["spec"]["replicatedJobs"][0]["replicas"] == 3
