"""JSG359 and JSG360: users of a pod's own, and sysctls."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def messages(code: str, text: str, **options: str) -> list[str]:
    return [line.partition(": ")[2] for line in said(code, text, **options)]


@pytest.mark.parametrize("field", ["hostNetwork", "hostPID", "hostIPC"])
def test_what_a_pod_with_users_of_its_own_cannot_share(field):
    text = jobset(pod=f"<<: {{hostUsers: false, {field}: true}}")
    assert messages("JSG359", text) == [f"{field} cannot be true in a pod whose hostUsers is false"]
    # There the field is dropped.
    assert messages("JSG359", text, kubernetes_version="1.32") == []


@pytest.mark.parametrize("pod", ["hostUsers: false", "<<: {hostUsers: true, hostPID: true}", "hostPID: true"])
def test_a_pod_that_shares_users_or_nothing_else(pod):
    assert said("JSG359", jobset(pod=pod)) == []


def test_a_device_in_a_pod_with_users_of_its_own():
    text = jobset(
        pod="<<: {hostUsers: false, volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}",
        container="volumeDevices: [{name: data, devicePath: /dev/data}]",
    )
    assert messages("JSG359", text) == ["a pod whose hostUsers is false cannot have volumeDevices"]
    assert messages("JSG359", text, kubernetes_version="1.34") == []


def test_the_whole_of_proc():
    context = "securityContext: {procMount: Unmasked}"
    assert messages("JSG359", jobset(container=context)) == [
        "the procMount Unmasked needs hostUsers: false in the pod's spec"
    ]
    assert said("JSG359", jobset(container=context, pod="hostUsers: false")) == []


def sysctls(*names: str, more: str = "") -> str:
    listed = ", ".join(f"{{name: '{name}', value: '1'}}" for name in names)
    return jobset(pod=f"<<: {{{more}securityContext: {{sysctls: [{listed}]}}}}")


@pytest.mark.parametrize("name", ["net.core.somaxconn", "net/ipv4/conf/eno2.100/rp_filter", "a", "a-b_c.d0"])
def test_a_sysctl(name):
    assert said("JSG360", sysctls(name)) == []


@pytest.mark.parametrize("name", ["", "A", "a..b", "a-.b", "a.", "a" * 254])
def test_a_sysctl_of_no_name(name):
    assert messages("JSG360", sysctls(name)) == [
        f"'{name}' cannot be the name of a sysctl: it must have at most 253 lower-case letters, digits and -_, and "
        "dots or slashes between"
    ]


def test_a_sysctl_twice():
    assert messages("JSG360", sysctls("kernel.shmmax", "kernel.shmmax")) == ["the sysctl kernel.shmmax is here twice"]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("hostNetwork", "net.core.somaxconn"),
        ("hostNetwork", "net/ipv4/conf/eno2.100/rp_filter"),
        ("hostIPC", "kernel.shmmax"),
        ("hostIPC", "fs/mqueue/msg_max"),
    ],
)
def test_a_sysctl_of_the_node(field, name):
    assert messages("JSG360", sysctls(name, more=f"{field}: true, ")) == [
        f"the sysctl {name} is the node's in a pod with {field}: true"
    ]


@pytest.mark.parametrize("name", ["netx.a", "kernel.shmx", "kernel.domainname", "user.max"])
def test_a_sysctl_that_is_the_pods_even_so(name):
    assert said("JSG360", sysctls(name, more="hostNetwork: true, hostIPC: true, ")) == []
