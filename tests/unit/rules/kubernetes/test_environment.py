"""JSG320 to JSG322 and JSG324: environment variables."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_variable_twice():
    found = said("JSG320", jobset(container="env: [{name: MODE, value: fast}, {name: MODE, value: safe}]"))
    assert found == ["27:55: the environment variable MODE is here twice; the last one wins"]


def test_one_variable_in_two_containers():
    found = said(
        "JSG320", jobset(init="env: [{name: MODE, value: fast}]", container="env: [{name: MODE, value: safe}]")
    )
    assert found == []


def test_a_name_with_an_equals_sign():
    found = said("JSG321", jobset(container='env: [{name: "MODE=fast", value: "1"}]'))
    assert found == ["27:28: 'MODE=fast' cannot be the name of an environment variable"]


def test_an_empty_name():
    found = said("JSG321", jobset(container='env: [{name: "", value: "1"}]'))
    assert found == ["27:28: '' cannot be the name of an environment variable"]


def test_a_name_that_is_not_ascii():
    found = said("JSG321", jobset(container='env: [{name: Größe, value: "1"}]'))
    assert found == ["27:28: 'Größe' cannot be the name of an environment variable"]


def test_a_name_that_only_newer_versions_take():
    assert said("JSG321", jobset(container='env: [{name: "1st value", value: "1"}]')) == []


def test_a_prefix_with_an_equals_sign():
    found = said("JSG321", jobset(container='envFrom: [{prefix: "A=", configMapRef: {name: settings}}]'))
    assert found == ["27:34: 'A=' cannot begin the name of an environment variable"]


def test_both_a_value_and_a_source():
    found = said(
        "JSG322", jobset(container="env: [{name: POD, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]")
    )
    assert found == ["27:43: the environment variable POD has both a value and a valueFrom"]


def test_an_empty_value_beside_a_source():
    found = said(
        "JSG322", jobset(container='env: [{name: POD, value: "", valueFrom: {fieldRef: {fieldPath: metadata.name}}}]')
    )
    assert found == []


def test_a_source_that_is_none():
    found = said("JSG322", jobset(container="env: [{name: POD, valueFrom: {}}]"))
    assert found == ["27:33: the valueFrom of the environment variable POD has no source"]


def test_two_sources():
    container = "env: [{name: POD, valueFrom: {configMapKeyRef: {name: a, key: b}, secretKeyRef: {name: a, key: b}}}]"
    message = "27:33: the valueFrom of the environment variable POD has several sources: configMapKeyRef, secretKeyRef"
    found = said("JSG322", jobset(container=container))
    assert found == [message]


def test_a_config_map_without_a_name():
    found = said("JSG324", jobset(container="env: [{name: LEVEL, valueFrom: {configMapKeyRef: {key: level}}}]"))
    assert found == ["27:47: the configMapKeyRef names no ConfigMap"]


def test_a_secret_of_a_name_that_none_has():
    found = said(
        "JSG324", jobset(container="env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: Access_Keys, key: token}}}]")
    )
    assert found == ["27:68: 'Access_Keys' cannot be the name of a Secret: it must be a DNS name in lower case"]


def test_a_key_that_none_has():
    found = said("JSG324", jobset(container="env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: a/b}}}]"))
    assert found == ["27:79: 'a/b' cannot be a key of a Secret: it must have letters, digits and -_."]


def test_an_env_from_of_nothing():
    found = said("JSG324", jobset(container="envFrom: [{prefix: A_}]"))
    assert found == ["27:25: the envFrom has neither a configMapRef nor a secretRef"]


def test_an_env_from_of_two():
    found = said("JSG324", jobset(container="envFrom: [{configMapRef: {name: a}, secretRef: {name: b}}]"))
    assert found == ["27:25: the envFrom has both a configMapRef and a secretRef"]


def test_an_env_from_without_a_name():
    found = said("JSG324", jobset(container="envFrom: [{secretRef: {}}]"))
    assert found == ["27:26: the secretRef names no Secret"]


def test_an_env_from_of_a_name_that_none_has():
    found = said("JSG324", jobset(container="envFrom: [{configMapRef: {name: Settings}}]"))
    assert found == ["27:47: 'Settings' cannot be the name of a ConfigMap: it must be a DNS name in lower case"]


def test_the_name_of_an_env_from_may_end_in_a_dash():
    assert said("JSG324", jobset(container="envFrom: [{configMapRef: {name: settings-}}]")) == []
