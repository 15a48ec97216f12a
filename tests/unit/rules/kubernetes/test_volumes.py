"""JSG330 to JSG333: volumes and where they are mounted."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_two_volumes_of_one_name():
    found = said("JSG330", jobset(pod="volumes: [{name: data, emptyDir: {}}, {name: data, emptyDir: {}}]"))
    assert found == ["19:58: two volumes of the pod are named data"]


def test_a_name_with_an_underscore():
    message = "19:30: the volume's name 'model_cache' must have at most 63 lower-case letters, digits and dashes"
    found = said("JSG330", jobset(pod="volumes: [{name: model_cache, emptyDir: {}}]"))
    assert found == [message]


def test_an_empty_name():
    found = said("JSG330", jobset(pod='volumes: [{name: "", emptyDir: {}}]'))
    assert found == ["19:30: the volume's name '' must have at most 63 lower-case letters, digits and dashes"]


def test_two_sources():
    found = said("JSG331", jobset(pod="volumes: [{name: data, emptyDir: {}, hostPath: {path: /data}}]"))
    assert found == ["19:23: the volume data has several sources: emptyDir, hostPath"]


def test_no_source_is_an_empty_dir():
    assert said("JSG331", jobset(pod="volumes: [{name: data}]")) == []


def test_a_secret_without_a_name():
    found = said("JSG331", jobset(pod="volumes: [{name: keys, secret: {defaultMode: 256}}]"))
    assert found == ["19:36: the secret of the volume keys has no secretName"]


def test_a_config_map_without_a_name():
    found = said("JSG331", jobset(pod="volumes: [{name: settings, configMap: {}}]"))
    assert found == ["19:40: the configMap of the volume settings has no name"]


def test_a_claim_of_no_name():
    found = said("JSG331", jobset(pod='volumes: [{name: data, persistentVolumeClaim: {claimName: ""}}]'))
    assert found == ["19:71: the persistentVolumeClaim of the volume data has no claimName"]


def test_an_ephemeral_volume_without_a_template():
    found = said("JSG331", jobset(pod="volumes: [{name: data, ephemeral: {}}]"))
    assert found == ["19:36: the ephemeral of the volume data has no volumeClaimTemplate"]


def test_a_path_of_the_host_that_goes_up():
    found = said("JSG331", jobset(pod="volumes: [{name: data, hostPath: {path: /var/../etc}}]"))
    assert found == ["19:53: the path '/var/../etc' of a hostPath cannot have a '..'"]


def test_a_csi_driver_and_its_secret():
    def source(text):
        found = said("JSG331", jobset(pod=f"volumes: [{{name: data, csi: {text}}}]"))
        return [line.partition(": ")[2] for line in found]

    assert source("{driver: Disk.csi.example.com, nodePublishSecretRef: {name: disk}}") == []
    driver = "the driver's name 'disk_driver' must have at most 63 letters, digits, dashes and dots"
    assert source("{driver: disk_driver}") == [driver]
    name = "is no name: it must have lower-case letters, digits, dashes and dots"
    assert source("{driver: disk, nodePublishSecretRef: {name: My Disk}}") == [f"'My Disk' {name}"]
    assert source("{driver: disk, nodePublishSecretRef: {}}") == [f"'' {name}"]


def test_a_relative_path_of_a_server():
    found = said("JSG331", jobset(pod="volumes: [{name: data, nfs: {server: files.example.com, path: exports}}]"))
    assert found == ["19:75: the path 'exports' of an nfs volume must begin with a slash"]


def test_a_mount_without_its_volume():
    found = said(
        "JSG332",
        jobset(pod="volumes: [{name: data, emptyDir: {}}]", container="volumeMounts: [{name: dta, mountPath: /data}]"),
    )
    assert found == ["27:37: the pod has no volume dta to mount\nhint: Did you mean 'data'?"]


def test_a_mount_of_no_volume():
    found = said("JSG332", jobset(container='volumeMounts: [{name: "", mountPath: /data}]'))
    assert found == ["27:37: the volume to mount has no name"]


def test_a_mount_of_an_init_container():
    found = said("JSG332", jobset(init="volumeMounts: [{name: data, mountPath: /data}]"))
    assert found == ["23:37: the pod has no volume data to mount"]


def test_a_mount_of_a_claim_of_the_set():
    found = said(
        "JSG332",
        jobset(
            spec="volumeClaimPolicies: [{templates: [{metadata: {name: cache}, spec: {}}]}]",
            container="volumeMounts: [{name: cache, mountPath: /cache}]",
        ),
    )
    assert found == []


def test_a_device_without_its_volume():
    found = said("JSG332", jobset(container="volumeDevices: [{name: disk, devicePath: /dev/disk}]"))
    assert found == ["27:38: the pod has no volume disk to mount"]


def test_a_variable_from_a_file_of_no_volume():
    found = said(
        "JSG332",
        jobset(container="env: [{name: A, valueFrom: {fileKeyRef: {volumeName: settings, path: env, key: A}}}]"),
    )
    assert found == ["27:68: the pod has no volume settings to mount"]


def test_an_empty_mount_path():
    found = said(
        "JSG333", jobset(pod="volumes: [{name: data}]", container='volumeMounts: [{name: data, mountPath: ""}]')
    )
    assert found == ["27:54: the mountPath is empty"]


def test_two_volumes_at_one_place():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: a}, {name: b}]",
            container="volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /data}]",
        ),
    )
    assert found == ["27:80: two volumes are mounted at /data"]


def test_one_volume_at_one_place_in_two_containers():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: a}]",
            init="volumeMounts: [{name: a, mountPath: /data}]",
            container="volumeMounts: [{name: a, mountPath: /data}]",
        ),
    )
    assert found == []


def test_a_sub_path_that_leads_out():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: data}]",
            container="volumeMounts: [{name: data, mountPath: /data, subPath: a/../../b}]",
        ),
    )
    assert found == ["27:70: the subPath 'a/../../b' must lead into the volume: relative, and without '..'"]


def test_an_absolute_sub_path():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: data}]",
            container="volumeMounts: [{name: data, mountPath: /data, subPathExpr: /$(POD)}]",
        ),
    )
    assert found == ["27:74: the subPathExpr '/$(POD)' must lead into the volume: relative, and without '..'"]


def test_a_sub_path_with_dots_in_a_name():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: data}]", container="volumeMounts: [{name: data, mountPath: /data, subPath: a..b/...}]"
        ),
    )
    assert found == []


def test_both_kinds_of_sub_path():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: data}]",
            container="volumeMounts: [{name: data, mountPath: /data, subPath: a, subPathExpr: b}]",
        ),
    )
    assert found == ["27:73: subPath and subPathExpr exclude each other"]


def test_a_mount_that_reaches_the_host():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: data}]",
            container="volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]",
        ),
    )
    assert found == ["27:79: mountPropagation Bidirectional needs a privileged container"]


def test_a_mount_that_reaches_the_host_from_a_privileged_container():
    container = (
        "<<: {securityContext: {privileged: true}, volumeMounts: [{name: data, mountPath: "
        "/data, mountPropagation: Bidirectional}]}"
    )
    found = said("JSG333", jobset(pod="volumes: [{name: data}]", container=container))
    assert found == []


def test_a_device_at_a_path_that_goes_up():
    found = said(
        "JSG333",
        jobset(
            pod="volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]",
            container="volumeDevices: [{name: disk, devicePath: /dev/../disk}]",
        ),
    )
    assert found == ["27:56: the devicePath '/dev/../disk' cannot have a '..'"]


def mounted(fields: str) -> str:
    return jobset(
        pod="volumes: [{name: data, emptyDir: {}}]",
        container=f"volumeMounts: [{{name: data, mountPath: /data, {fields}}}]",
    )


@pytest.mark.parametrize("value", ["Enabled", "IfPossible"])
def test_a_recursive_mount_that_can_be_written_to(value):
    assert said("JSG333", mounted(f"recursiveReadOnly: {value}")) == [
        f"27:80: recursiveReadOnly {value} needs readOnly: true"
    ]
    assert said("JSG333", mounted(f"readOnly: true, recursiveReadOnly: {value}, mountPropagation: None")) == []


def test_a_recursive_mount_that_is_propagated():
    text = mounted("readOnly: true, recursiveReadOnly: Enabled, mountPropagation: HostToContainer")
    assert [line.partition(": ")[2] for line in said("JSG333", text)] == [
        "recursiveReadOnly Enabled and mountPropagation HostToContainer exclude each other"
    ]


def test_a_mount_that_is_not_recursive():
    assert said("JSG333", mounted("recursiveReadOnly: Disabled")) == []


def devices(*names: str, volumes: str, more: str = "", spec: str = "# nothing") -> str:
    listed = ", ".join(f"{{name: {name}, devicePath: /dev/{index}}}" for index, name in enumerate(names))
    return jobset(spec=spec, pod=f"volumes: [{volumes}]", container=f"<<: {{volumeDevices: [{listed}]{more}}}")


CLAIM = "{name: data, persistentVolumeClaim: {claimName: data}}"


@pytest.mark.parametrize("volume", ["{name: data, emptyDir: {}}", "{name: data}", "{name: data, hostPath: {path: /a}}"])
def test_a_device_that_is_no_claim(volume):
    assert [line.partition(": ")[2] for line in said("JSG337", devices("data", volumes=volume))] == [
        "the volume data is no claim, so it cannot be a device"
    ]


def test_devices_that_are_claims():
    template = "volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
    assert said("JSG337", devices("data", volumes=CLAIM)) == []
    assert said("JSG337", devices("data", volumes=f"{{name: data, ephemeral: {{{template}}}}}")) == []
    of_set = "spec: {accessModes: [ReadWriteOnce], volumeMode: Block, resources: {requests: {storage: 1Gi}}}"
    spec = f"volumeClaimPolicies: [{{templates: [{{metadata: {{name: data}}, {of_set}}}]}}]"
    assert said("JSG337", devices("data", volumes="", spec=spec)) == []


def test_a_device_twice():
    assert [line.partition(": ")[2] for line in said("JSG337", devices("data", "data", volumes=CLAIM))] == [
        "the container takes the volume data already"
    ]


def test_a_device_that_is_mounted():
    text = devices("data", volumes=CLAIM, more=", volumeMounts: [{name: data, mountPath: /data}]")
    assert [line.partition(": ")[2] for line in said("JSG337", text)] == [
        "the container mounts the volume data already"
    ]
