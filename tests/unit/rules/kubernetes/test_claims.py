"""JSG336: claims of ephemeral volumes and of the set."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_an_ephemeral_claim_without_access_modes():
    pod = "volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 1Gi}}}}}}]"
    found = said("JSG336", jobset(pod=pod))
    assert found == ["19:67: the claim has no accessModes"]


def test_an_ephemeral_claim_for_no_storage():
    pod = "volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}]"
    found = said("JSG336", jobset(pod=pod))
    assert found == ["19:67: the claim does not say how much storage it requests"]


def test_an_ephemeral_claim_for_nothing():
    pod = (
        "volumes: [{name: a, ephemeral: {volumeClaimTemplate: {spec: {accessModes: "
        "[ReadWriteOnce], resources: {requests: {storage: 0}}}}}}]"
    )
    found = said("JSG336", jobset(pod=pod))
    assert found == ["19:136: the claim requests 0 of storage, but must request some"]


def test_a_claim_for_what_is_no_quantity():
    spec = (
        "volumeClaimPolicies: [{templates: [{metadata: {name: a}, spec: {accessModes: "
        "[ReadWriteMany], resources: {requests: {storage: 10GB}}}}]}]"
    )
    found = said("JSG336", jobset(spec=spec))
    assert found == ["7:129: invalid quantity '10GB'\nhint: Did you mean '10Gi', or '10G' (powers of 1000)?"]


def test_an_access_mode_that_excludes_the_others():
    spec = (
        "volumeClaimPolicies: [{templates: [{metadata: {name: a}, spec: {accessModes: "
        "[ReadWriteOncePod, ReadWriteMany], resources: {requests: {storage: 1Gi}}}}]}]"
    )
    found = said("JSG336", jobset(spec=spec))
    assert found == ["7:80: the accessMode ReadWriteOncePod excludes any other"]


def test_a_storage_class_of_a_name_that_none_has():
    spec = (
        "volumeClaimPolicies: [{templates: [{metadata: {name: a}, spec: {storageClassName: "
        "Fast, accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}]}]"
    )
    found = said("JSG336", jobset(spec=spec))
    assert found == ["7:85: storageClassName 'Fast' must have lower-case letters, digits, dashes and dots"]


def test_no_storage_class_at_all():
    spec = (
        'volumeClaimPolicies: [{templates: [{metadata: {name: a}, spec: {storageClassName: "", '
        "accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}]}]"
    )
    found = said("JSG336", jobset(spec=spec))
    assert found == []
