"""JSG240 to JSG244: claims that can be made, and that somebody mounts."""

from __future__ import annotations

import pytest

from tests.unit.rules.sets import job, jobset, said

SPEC = "spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Ti}}}"
MOUNTED = job("name: workers", container="volumeMounts: [{name: cache, mountPath: /cache}]")


def claims(*templates: str) -> str:
    """Return a claim policy whose first template begins at column 38 of line 5."""
    return f"volumeClaimPolicies: [{{templates: [{', '.join(templates)}]}}]"


def template(name: str) -> str:
    return f"{{metadata: {{name: {name}}}, {SPEC}}}"


def test_a_claim():
    text = jobset(MOUNTED, spec=claims(template("cache")))
    assert [said(f"JSG24{digit}", text) for digit in range(5)] == [[]] * 5


def test_a_template_without_a_name():
    assert said("JSG240", jobset(MOUNTED, spec=claims(f"{{{SPEC}}}"))) == [
        "5:38: the claim template has no metadata.name"
    ]


@pytest.mark.parametrize("name", ["Cache", "a_b", "-a", "a.", "a.b"])
def test_the_name_of_a_template(name):
    assert said("JSG240", jobset(MOUNTED, spec=claims(template(name)))) == [
        f"5:56: the claim template's name '{name}' must consist of lower-case letters, digits and dashes"
    ]


def test_two_templates_of_one_name():
    assert said("JSG240", jobset(MOUNTED, spec=claims(template("cache"), template("cache")))) == [
        "5:160: two claim templates are named cache"
    ]


def test_templates_of_two_policies():
    spec = f"volumeClaimPolicies: [{{templates: [{template('cache')}]}}, {{templates: [{template('cache')}]}}]"
    assert said("JSG240", jobset(MOUNTED, spec=spec)) == ["5:175: two claim templates are named cache"]


def test_a_name_of_63_characters():
    assert said("JSG240", jobset(MOUNTED, spec=claims(template("x" * 58)))) == []


def test_a_name_of_64_characters():
    name = "x" * 59
    assert said("JSG240", jobset(MOUNTED, spec=claims(template(name)))) == [
        f"5:56: the claim's name '{name}-demo' has 64 characters, 1 more than the 63 allowed\n"
        "hint: Shorten the template's name or metadata.name of the JobSet."
    ]


def test_a_claim_of_a_generated_name():
    text = jobset(MOUNTED, metadata="generateName: demo-", spec=claims(template("x" * 50)))
    assert [line.split("'")[2][-14:] for line in said("JSG240", text)] == ["-demo-01234567"]


def test_a_namespace():
    assert said("JSG241", jobset(MOUNTED, spec=claims(f"{{metadata: {{name: cache, namespace: a}}, {SPEC}}}"))) == [
        "5:74: a claim template cannot name a namespace"
    ]


def test_an_empty_namespace_is_none():
    assert said("JSG241", jobset(MOUNTED, spec=claims(f"{{metadata: {{name: cache, namespace: ''}}, {SPEC}}}"))) == []


def test_a_claim_that_nobody_mounts():
    assert said("JSG242", jobset(MOUNTED, spec=claims(template("cache"), template("data")))) == [
        "5:160: no container mounts the claim data\nhint: Add a volumeMount named data to the container that needs it."
    ]


def test_an_init_container_of_a_second_replicated_job_mounts_it():
    init = "initContainers: [{name: get, image: 'a:1', volumeMounts: [{name: cache, mountPath: /a}]}]"
    assert (
        said("JSG242", jobset(job("name: driver"), job("name: workers", pod=init), spec=claims(template("cache"))))
        == []
    )


def test_a_volume_of_a_claims_name():
    mounts = "volumeMounts: [{name: cache, mountPath: /cache}]"
    workers = job(
        "name: workers", pod="volumes: [{name: own, emptyDir: {}}, {name: cache, emptyDir: {}}]", container=mounts
    )
    assert said("JSG243", jobset(workers, spec=claims(template("cache")))) == [
        "7:101: the volume cache has the name of a claim template, which makes a volume itself"
    ]


def test_no_access_mode_and_no_storage():
    assert said("JSG244", jobset(MOUNTED, spec=claims("{metadata: {name: cache}, spec: {}}"))) == [
        "5:64: the claim template cache does not say how much storage it requests",
        "5:64: the claim template cache has no accessModes",
    ]
