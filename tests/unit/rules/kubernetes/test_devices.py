"""JSG363: claims of devices."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def messages(text: str, **options: str) -> list[str]:
    return [line.partition(": ")[2] for line in said("JSG363", text, **options)]


def claims(*written: str) -> str:
    return jobset(pod=f"resourceClaims: [{', '.join(f'{{{each}}}' for each in written)}]")


def uses(*written: str) -> str:
    return jobset(
        pod="resourceClaims: [{name: gpus, resourceClaimName: a}, {name: nics, resourceClaimTemplateName: b}]",
        container=f"resources: {{claims: [{', '.join(f'{{{each}}}' for each in written)}]}}",
    )


def test_claims():
    assert said("JSG363", claims("name: a, resourceClaimName: b", "name: b, resourceClaimTemplateName: b.c")) == []


def test_two_claims_of_one_name():
    text = claims("name: a, resourceClaimName: b", "name: a, resourceClaimName: c")
    assert messages(text) == ["two resourceClaims of the pod are named a"]
    assert messages(text, kubernetes_version="1.33") == []


@pytest.mark.parametrize("name", ["''", "A", "a.b", "a" * 64])
def test_the_name_of_a_claim(name):
    assert messages(claims(f"name: {name}, resourceClaimName: b")) == [
        f"the resourceClaim's name '{name.strip(chr(39))}' must have at most 63 lower-case letters, digits and dashes"
    ]


@pytest.mark.parametrize(
    ("sources", "has"),
    [
        ("", "neither a resourceClaimName nor a resourceClaimTemplateName"),
        (
            ", resourceClaimName: b, resourceClaimTemplateName: c",
            "both a resourceClaimName and a resourceClaimTemplateName",
        ),
    ],
)
def test_the_source_of_a_claim(sources, has):
    assert messages(claims(f"name: a{sources}")) == [f"the resourceClaim a has {has}"]


@pytest.mark.parametrize("field", ["resourceClaimName", "resourceClaimTemplateName"])
def test_a_source_that_cannot_be(field):
    assert messages(claims(f"name: a, {field}: B_1")) == [
        f"{field} 'B_1' must have lower-case letters, digits, dashes and dots"
    ]


def test_uses():
    assert messages(uses("name: gpus, request: a", "name: nics", "name: gpus, request: b")) == []


def test_a_claim_that_is_not_there():
    assert messages(uses("name: gpu")) == ["the pod has no resourceClaim gpu\nhint: Did you mean 'gpus'?"]
    assert messages(uses("name: ''")) == ["the claim to use has no name"]


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ("name: gpus", "name: gpus", "gpus"),
        ("name: gpus", "name: gpus, request: a", "gpus (a)"),
        ("name: gpus, request: a", "name: gpus", "gpus"),
        ("name: gpus, request: a", "name: gpus, request: a", "gpus (a)"),
    ],
)
def test_a_claim_twice(first, second, what):
    assert messages(uses(first, second)) == [f"the container uses the claim {what} twice"]


def test_a_request_that_cannot_be():
    assert messages(uses("name: gpus, request: A")) == [
        "the request 'A' must have at most 63 lower-case letters, digits and dashes"
    ]
