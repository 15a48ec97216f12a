"""JSG310, JSG311, JSG312 and JSG315: containers, their names and images."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_container_with_the_name_of_an_init_container():
    found = said("JSG311", jobset(main="name: setup"))
    assert found == ["25:21: two containers of the pod are named setup"]


def test_a_name_with_capitals():
    message = "25:21: the container's name 'Main' must have at most 63 lower-case letters, digits and dashes"
    found = said("JSG311", jobset(main="name: Main"))
    assert found == [message]


def test_a_name_that_is_too_long():
    message = (
        "21:21: the container's name "
        "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' must have at most "
        "63 lower-case letters, digits and dashes"
    )
    found = said("JSG311", jobset(setup=f"name: {'a' * 64}"))
    assert found == [message]


def test_an_empty_name():
    found = said("JSG311", jobset(main='name: ""'))
    assert found == ["25:21: the container's name '' must have at most 63 lower-case letters, digits and dashes"]


def test_a_name_may_begin_with_a_digit():
    assert said("JSG311", jobset(main="name: 1st-worker")) == []


def test_an_empty_image():
    found = said("JSG312", jobset(image='image: ""'))
    assert found == ["26:22: the container main has no image"]


def test_no_image_at_all():
    found = said("JSG312", jobset(image="# nothing"))
    assert found == ["25:15: the container main has no image"]


def test_an_image_with_a_space_at_its_end():
    found = said("JSG312", jobset(image='image: "registry.example.com/train:1.0 "'))
    assert found == ["26:22: the image 'registry.example.com/train:1.0 ' has a space at its beginning or end"]


def test_a_probe_of_an_init_container():
    found = said("JSG315", jobset(init="readinessProbe: {tcpSocket: {port: 80}}"))
    assert found == ["23:15: the init container setup has a readinessProbe, but no restartPolicy Always"]


def test_a_lifecycle_of_an_init_container():
    found = said("JSG315", jobset(init="lifecycle: {preStop: {exec: {command: [sync]}}}"))
    assert found == ["23:15: the init container setup has a lifecycle, but no restartPolicy Always"]


def test_a_sidecar_may_have_a_probe():
    found = said("JSG315", jobset(init="<<: {restartPolicy: Always, startupProbe: {tcpSocket: {port: 80}}}"))
    assert found == []


def test_before_1_34_an_init_container_restarts_always_or_as_its_pod():
    message = "23:30: before Kubernetes 1.34, the restartPolicy of the init container setup can only be Always"
    found = said("JSG315", jobset(init="restartPolicy: Never"), kubernetes_version="1.33")
    assert found == [message]


def test_before_1_34_a_container_restarts_as_its_pod():
    found = said("JSG315", jobset(container="restartPolicy: Always"), kubernetes_version="1.33")
    assert found == ["27:30: before Kubernetes 1.34, the container main can have no restartPolicy of its own"]


def test_before_1_34_a_sidecar_restarts_always():
    assert said("JSG315", jobset(init="restartPolicy: Always"), kubernetes_version="1.31") == []


def test_from_1_34_on_any_container_has_a_restart_policy():
    assert said("JSG315", jobset(container="restartPolicy: Never"), kubernetes_version="1.34") == []
