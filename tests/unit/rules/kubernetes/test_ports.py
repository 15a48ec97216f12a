"""JSG313 and JSG314: ports of containers and of the host."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_port_above_65535():
    found = said("JSG313", jobset(container="ports: [{containerPort: 80801}]"))
    assert found == ["27:39: containerPort is 80801, but must be from 1 to 65535"]


def test_a_port_of_zero():
    found = said("JSG313", jobset(container="ports: [{containerPort: 0}]"))
    assert found == ["27:39: containerPort is 0, but must be from 1 to 65535"]


def test_a_host_port_below_zero():
    found = said("JSG313", jobset(container="ports: [{containerPort: 80, hostPort: -1}]"))
    assert found == ["27:53: hostPort is -1, but must be from 1 to 65535"]


def test_a_host_port_of_zero_is_none():
    assert said("JSG313", jobset(container="ports: [{containerPort: 80, hostPort: 0}]")) == []


def test_a_name_that_is_too_long():
    message = (
        "27:30: the port's name 'coordinator-port' must have at most 15 lower-case letters, digits and single dashes"
    )
    found = said("JSG313", jobset(container="ports: [{name: coordinator-port, containerPort: 80}]"))
    assert found == [message]


def test_a_name_without_a_letter():
    message = (
        "27:30: the port's name '8080' must have at most 15 lower-case letters, digits and "
        "single dashes\nhint: There must be a letter in it."
    )
    found = said("JSG313", jobset(container='ports: [{name: "8080", containerPort: 8080}]'))
    assert found == [message]


def test_a_name_with_two_dashes_in_a_row():
    message = "27:30: the port's name 'a--b' must have at most 15 lower-case letters, digits and single dashes"
    found = said("JSG313", jobset(container="ports: [{name: a--b, containerPort: 8080}]"))
    assert found == [message]


def test_two_ports_of_one_name():
    found = said(
        "JSG313", jobset(container="ports: [{name: http, containerPort: 80}, {name: http, containerPort: 81}]")
    )
    assert found == ["27:63: two ports of the container are named http"]


def test_two_ports_of_one_number():
    found = said("JSG313", jobset(container="ports: [{name: http, containerPort: 80}, {name: web, containerPort: 80}]"))
    assert found == ["27:83: the container has the port 80/TCP twice"]


def test_one_number_with_two_protocols():
    found = said("JSG313", jobset(container="ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]"))
    assert found == []


def test_one_name_in_two_containers():
    found = said(
        "JSG313",
        jobset(init="ports: [{name: http, containerPort: 80}]", container="ports: [{name: http, containerPort: 80}]"),
    )
    assert found == []


def test_another_host_port_under_host_network():
    found = said("JSG314", jobset(pod="hostNetwork: true", container="ports: [{containerPort: 80, hostPort: 8080}]"))
    assert found == ["27:53: under hostNetwork, hostPort 8080 must be the containerPort, 80"]


def test_another_host_port_without_host_network():
    assert said("JSG314", jobset(container="ports: [{containerPort: 80, hostPort: 8080}]")) == []


def test_a_port_of_the_host_that_is_wanted_twice():
    found = said(
        "JSG314", jobset(container="ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81, hostPort: 8080}]")
    )
    assert found == ["27:90: the port 8080 of the host is wanted twice in this pod"]


def test_under_host_network_every_port_is_one_of_the_host():
    found = said(
        "JSG314", jobset(pod="hostNetwork: true", container="ports: [{containerPort: 80}, {containerPort: 80}]")
    )
    assert found == ["27:60: the port 80 of the host is wanted twice in this pod"]


def test_a_port_on_two_addresses_of_the_host():
    container = (
        "ports: [{containerPort: 80, hostPort: 80, hostIP: 10.0.0.1}, {containerPort: 81, "
        "hostPort: 80, hostIP: 10.0.0.2}]"
    )
    found = said("JSG314", jobset(container=container))
    assert found == []


def test_an_init_container_gives_its_port_back():
    found = said(
        "JSG314",
        jobset(
            init="ports: [{containerPort: 80, hostPort: 8080}]",
            container="ports: [{containerPort: 81, hostPort: 8080}]",
        ),
    )
    assert found == []


def test_an_init_container_that_wants_a_port_twice():
    found = said(
        "JSG314", jobset(init="ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81, hostPort: 8080}]")
    )
    assert found == ["23:90: the port 8080 of the host is wanted twice in this pod"]
