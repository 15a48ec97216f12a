"""JSG350, JSG351, JSG356 and JSG357: the pod's own fields."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, plain, said


def test_a_service_account_with_capitals():
    found = said("JSG350", jobset(pod="serviceAccountName: Trainer"))
    assert found == ["19:33: serviceAccountName 'Trainer' must have lower-case letters, digits, dashes and dots"]


def test_a_priority_class_with_a_space():
    message = "19:32: priorityClassName 'high priority' must have lower-case letters, digits, dashes and dots"
    found = said("JSG350", jobset(pod="priorityClassName: high priority"))
    assert found == [message]


def test_a_hostname_with_a_dot():
    found = said("JSG350", jobset(pod="hostname: a.b"))
    assert found == ["19:23: hostname 'a.b' must have at most 63 lower-case letters, digits and dashes"]


def test_an_empty_runtime_class():
    found = said("JSG350", jobset(pod='runtimeClassName: ""'))
    assert found == ["19:31: runtimeClassName '' must have lower-case letters, digits, dashes and dots"]


def test_an_empty_priority_class_is_as_none():
    assert said("JSG350", jobset(pod='priorityClassName: ""')) == []


def test_the_subdomain_of_a_set_is_not_the_pods():
    assert said("JSG350", jobset(pod="subdomain: Not_Used")) == []


def test_the_subdomain_of_a_plain_job():
    found = said("JSG350", plain(pod="subdomain: not_a_label"))
    assert found == ["12:18: subdomain 'not_a_label' must have at most 63 lower-case letters, digits and dashes"]


def test_no_nameserver_for_the_policy_none():
    found = said("JSG351", jobset(pod="dnsPolicy: None"))
    assert found == ["19:24: the dnsPolicy None needs at least one nameserver in dnsConfig"]


def test_a_nameserver_for_the_policy_none():
    assert said("JSG351", jobset(pod="<<: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}}")) == []


def test_too_many_nameservers():
    found = said("JSG351", jobset(pod="dnsConfig: {nameservers: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]}"))
    assert found == ["19:38: dnsConfig has at most 3 nameservers, not 4"]


def test_a_nameserver_by_its_name():
    found = said("JSG351", jobset(pod="dnsConfig: {nameservers: [dns.example.com]}"))
    assert found == ["19:39: 'dns.example.com' is no IP address"]


def test_an_address_with_a_zone():
    found = said("JSG351", jobset(pod='dnsConfig: {nameservers: ["fe80::1%eth0"]}'))
    assert found == ["19:39: 'fe80::1%eth0' is no IP address"]


@pytest.mark.parametrize("address", ["010.000.0.001", "::ffff:10.0.0.1"])
def test_an_address_in_a_form_that_was_taken_before_1_36(address):
    text = jobset(pod=f'hostAliases: [{{ip: "{address}", hostnames: [a]}}]')
    assert said("JSG351", text) == [f"19:32: '{address}' is no IP address"]
    assert said("JSG351", text, kubernetes_version="1.35") == []


def test_an_address_of_the_sixth_version():
    assert said("JSG351", jobset(pod='dnsConfig: {nameservers: ["fd00::a"]}')) == []


def test_a_search_with_capitals():
    found = said("JSG351", jobset(pod="dnsConfig: {searches: [Example.com]}"))
    assert found == ["19:36: 'Example.com' is no DNS name in lower case"]


def test_a_search_with_an_underscore_and_the_root():
    assert said("JSG351", jobset(pod="dnsConfig: {searches: [_tcp.example.com., .]}")) == []


def test_too_many_searches():
    found = said("JSG351", jobset(pod="dnsConfig: {searches: [" + "a, " * 33 + "]}"))
    assert found == ["19:35: dnsConfig has at most 32 searches, not 33"]


def test_searches_that_are_too_long():
    found = said("JSG351", jobset(pod="dnsConfig: {searches: [" + f"{'a' * 60}.{'b' * 60}, " * 17 + "]}"))
    assert found == ["19:35: the searches have 2073 characters; at most 2048 are allowed"]


def test_an_option_without_a_name():
    found = said("JSG351", jobset(pod='dnsConfig: {options: [{value: "2"}]}'))
    assert found == ["19:35: an option of dnsConfig has no name"]


def test_a_host_alias_without_an_address():
    found = said("JSG351", jobset(pod="hostAliases: [{ip: localhost, hostnames: [a]}]"))
    assert found == ["19:32: 'localhost' is no IP address"]


def test_a_host_alias_of_a_name_that_none_has():
    found = said("JSG351", jobset(pod="hostAliases: [{ip: 10.0.0.1, hostnames: [My_Host]}]"))
    assert found == ["19:54: 'My_Host' is no DNS name in lower case"]


def test_ephemeral_containers():
    found = said("JSG356", jobset(pod='ephemeralContainers: [{name: debug, image: "busybox:1.36"}]'))
    assert found == ["19:13: a pod template cannot have ephemeralContainers"]


def test_processes_shared_with_the_host_and_among_themselves():
    found = said("JSG357", jobset(pod="<<: {hostPID: true, shareProcessNamespace: true}"))
    assert found == ["19:56: hostPID and shareProcessNamespace exclude each other"]


def test_processes_shared_with_the_host():
    assert said("JSG357", jobset(pod="<<: {hostPID: true, shareProcessNamespace: false}")) == []


@pytest.mark.parametrize("field", ["hostNetwork", "setHostnameAsFQDN"])
def test_a_hostname_override_beside_another_name(field):
    text = jobset(pod=f"<<: {{hostnameOverride: trainer, {field}: true}}")
    assert [line.partition(": ")[2] for line in said("JSG364", text)] == [
        f"hostnameOverride and {field}: true exclude each other"
    ]
    assert said("JSG364", text, kubernetes_version="1.34") == []


@pytest.mark.parametrize("name", ["", "A", "a_b", "a." * 32 + "a"])
def test_a_hostname_override_that_is_no_name(name):
    assert said("JSG364", jobset(pod=f"hostnameOverride: '{name}'")) == [
        f"19:31: hostnameOverride '{name}' must have at most 64 lower-case letters, digits, dashes and dots"
    ]


def test_a_hostname_override():
    assert said("JSG364", jobset(pod=f"hostnameOverride: {'a' * 62}.a")) == []


def test_a_readiness_gate():
    assert said("JSG365", jobset(pod="readinessGates: [{conditionType: example.com/loaded}]")) == []
    assert said("JSG365", jobset(pod="readinessGates: [{conditionType: data loaded}]")) == [
        "19:46: 'data loaded' cannot be the type of a condition: its name must have letters, digits and -_. and begin "
        "and end with a letter or digit"
    ]
