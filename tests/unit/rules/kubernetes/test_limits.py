"""Limits that the rules of pods check, with values too long for a case in YAML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source


def said(code: str, *, job: dict[str, Any] | None = None, pod: dict[str, Any] | None = None) -> list[str]:
    """Return the messages of a code about a JobSet with those fields in its Job and its pod."""
    containers = [{"name": "main", "image": "registry.example.com/train:1.0"}]
    spec = {**(job or {}), "template": {"spec": {"restartPolicy": "Never", "containers": containers, **(pod or {})}}}
    jobset = {
        "apiVersion": "jobset.x-k8s.io/v1alpha2",
        "kind": "JobSet",
        "metadata": {"name": "demo"},
        "spec": {"replicatedJobs": [{"name": "workers", "template": {"spec": spec}}]},
    }
    found = compile([Source(name="set.json", content=json.dumps(jobset).encode())], Settings()).diagnostics
    return [item.message for item in found if item.code == code]


def failure_policy(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"podFailurePolicy": {"rules": list(rules)}}


def exit_codes(count: int) -> dict[str, Any]:
    codes = {"operator": "In", "values": list(range(1, count + 1))}
    return failure_policy({"action": "FailJob", "onExitCodes": codes})


def conditions(count: int) -> dict[str, Any]:
    return {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}] * count}


def test_a_pod_failure_policy():
    assert said("JSG344", job=failure_policy(*[conditions(1)] * 20)) == []
    assert said("JSG344", job=failure_policy(*[conditions(1)] * 21)) == [
        "the podFailurePolicy has 21 rules; at most 20 are allowed"
    ]
    assert said("JSG344", job=failure_policy(conditions(20))) == []
    assert said("JSG344", job=failure_policy(conditions(21))) == [
        "the rule has 21 onPodConditions; at most 20 are allowed"
    ]
    assert said("JSG344", job=exit_codes(255)) == []
    assert said("JSG344", job=exit_codes(256)) == ["onExitCodes has 256 exit codes; at most 255 are allowed"]


def test_a_success_policy():
    def indexes(length: int) -> dict[str, Any]:
        return {"successPolicy": {"rules": [{"succeededIndexes": "0" * length}]}}

    too_long = "succeededIndexes has 65,537 characters; at most 65,536 are allowed"
    assert said("JSG345", job=indexes(65537)) == [too_long]
    assert too_long not in said("JSG345", job=indexes(65536))
    rules = [{"succeededCount": 1}] * 21
    assert said("JSG345", job={"successPolicy": {"rules": rules}}) == [
        "the successPolicy has 21 rules, but must have 1 to 20"
    ]
    assert said("JSG345", job={"successPolicy": {"rules": rules[1:]}}) == []


def test_the_searches_of_a_dns_config():
    def searches(*names: str) -> list[str]:
        return said("JSG351", pod={"dnsConfig": {"searches": list(names)}})

    long = f"{'a' * 60}.{'b' * 60}"
    assert searches(*["a"] * 32) == []
    assert searches(*["a"] * 33) == ["dnsConfig has 33 searches; at most 32 are allowed"]
    assert searches(*[long] * 16) == []
    assert searches(*[long] * 17) == ["the searches have 2073 characters; at most 2048 are allowed"]


def test_an_app_armor_profile():
    def profile(length: int) -> list[str]:
        file = {"type": "Localhost", "localhostProfile": "a" * length}
        return said("JSG358", pod={"securityContext": {"appArmorProfile": file}})

    assert profile(4095) == []
    assert profile(4096) == ["the localhostProfile has 4096 bytes; at most 4095 are allowed"]


NETBIOS = "n" * 15
DNS = ".".join(["d" * 63] * 4)
TOO_LONG_DNS = ".".join([*["d" * 60] * 4, "d" * 12])


@pytest.mark.parametrize("name", ["u" * 104, NETBIOS + "\\" + "u" * 104, DNS + "\\u"])
def test_the_longest_windows_users(name):
    assert said("JSG358", pod={"securityContext": {"windowsOptions": {"runAsUserName": name}}}) == []


@pytest.mark.parametrize("name", ["u" * 105, NETBIOS + "\\" + "u" * 105, TOO_LONG_DNS + "\\u"])
def test_windows_users_that_are_too_long(name):
    assert said("JSG358", pod={"securityContext": {"windowsOptions": {"runAsUserName": name}}}) == [
        f"invalid Windows user '{name}': must be a user, or a domain, a backslash and a user"
    ]


def test_a_windows_account():
    def account(length: int) -> list[str]:
        return said("JSG358", pod={"securityContext": {"windowsOptions": {"gmsaCredentialSpec": "a" * length}}})

    assert account(65536) == []
    assert account(65537) == ["gmsaCredentialSpec has 65537 bytes, but must have 1 to 65536"]
