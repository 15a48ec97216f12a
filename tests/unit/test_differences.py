"""What the tests beside the real controller allow is what the page for readers says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jobsetgen.model import keys
from jobsetgen.naming import jobset_uid
from tests.cluster.oracles.allowed_differences import ALLOWED, ALLOWED_IN_BEHAVIOUR, without_allowed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "differences.md"
NUMBERS = re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.M)


def test_every_difference_that_is_allowed_is_on_the_page():
    assert {number for number, *_ in (*ALLOWED, *ALLOWED_IN_BEHAVIOUR)} <= set(NUMBERS)


def test_the_page_is_in_order():
    assert sorted(NUMBERS, key=int) == NUMBERS


KEY = {"key": keys.JOB_KEY, "operator": "In", "values": ["k"]}
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def job(labels: dict, annotations: dict, **pod: object) -> dict:
    """Return a Job as a server would, with the same labels and annotations on its pods."""
    names = {keys.JOBSET_NAME: "set", **labels}
    template = {
        "metadata": {"labels": names, "annotations": annotations},
        "spec": {"containers": [{"name": "main"}], **pod},
    }
    meta = {"name": "set-workers-0", "namespace": "ours", "labels": dict(names)}
    return {"kind": "Job", "metadata": meta, "spec": {"selector": {}, "template": template}}


def theirs() -> dict:
    return job({keys.JOBSET_UID: "theirs", keys.RESTART_ATTEMPT: "0"}, {keys.EXCLUSIVE_TOPOLOGY: "rack"})


def ours(topology: str = "rack", **labels: str) -> dict:
    term = {"labelSelector": {"matchExpressions": [KEY]}, "topologyKey": topology}
    affinity = {kind: {REQUIRED: [term]} for kind in ("podAffinity", "podAntiAffinity")}
    uid = {keys.JOBSET_UID: jobset_uid("ours", "set"), keys.PRIORITY: "0", **labels}
    made = job(uid, {keys.GENERATION: "0123456789abcdef"}, affinity=affinity)
    made["metadata"]["labels"].pop(keys.PRIORITY)
    return made


def is_equal(theirs: dict, ours: dict) -> bool:
    mine, own, _ = without_allowed(theirs, ours)
    return mine == own


def test_what_may_differ_is_taken_out():
    assert is_equal(theirs(), ours())


@pytest.mark.parametrize(
    "wrong",
    [
        ours("zone"),
        ours(**{keys.JOBSET_UID: jobset_uid("ours", "other")}),
        ours(**{keys.RESTART_ATTEMPT: "7"}),
        ours() | {"metadata": {**ours()["metadata"], "ownerReferences": [{"kind": "ConfigMap", "name": "other"}]}},
        job({}, {keys.EXCLUSIVE_TOPOLOGY: "rack"}),
        job({}, {keys.GENERATION: "none"}),
    ],
    ids=["topology", "uid", "attempt", "owner", "annotation", "generation"],
)
def test_what_is_nearly_what_is_meant_is_left(wrong):
    assert not is_equal(theirs(), wrong)
