"""Each control of the pod-security profile `restricted`, those of `baseline` included, on the watcher's pod.

The list is that of https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from __future__ import annotations

import pytest

from jobsetgen.options.watcher import Watcher
from tests.unit.expand.builds import jobset, objects

FULL = Watcher(
    resources={"limits": {"memory": "1Gi"}},
    service_account="trainer",
    node_selector={"pool": "system"},
    tolerations=({"operator": "Exists"},),
    priority_class="high",
    image_pull_secrets=("registry",),
    labels={"team": "a"},
    annotations={"note": "b"},
)


@pytest.fixture(params=[Watcher(), FULL], ids=["default", "every option"])
def template(request):
    found = objects(jobset(failurePolicy={"maxRestarts": 1}), watcher=request.param)
    return found["Job/demo-restart-watcher"]["spec"]["template"]


@pytest.fixture
def pod(template):
    return template["spec"]


@pytest.fixture
def containers(pod):
    assert "initContainers" not in pod
    assert "ephemeralContainers" not in pod
    return pod["containers"]


def contexts(pod):
    return [pod.get("securityContext", {}), *(each.get("securityContext", {}) for each in pod["containers"])]


class TestBaseline:
    def test_host_process(self, pod):
        assert all("windowsOptions" not in each for each in contexts(pod))

    def test_host_namespaces(self, pod):
        assert not any(pod.get(field) for field in ("hostNetwork", "hostPID", "hostIPC"))

    def test_privileged_containers(self, containers):
        assert not any(each["securityContext"].get("privileged") for each in containers)

    def test_capabilities(self, containers):
        assert not any("add" in each["securityContext"]["capabilities"] for each in containers)

    def test_host_path_volumes(self, pod):
        assert not any("hostPath" in volume for volume in pod["volumes"])

    def test_host_ports(self, containers):
        assert not any("ports" in each for each in containers)

    def test_host_probes_and_lifecycle_hooks(self, containers):
        fields = {"livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}
        assert not any(fields & set(each) for each in containers)

    def test_apparmor(self, template):
        assert all("appArmorProfile" not in each for each in contexts(template["spec"]))
        annotations = template["metadata"]["annotations"]
        assert not any(key.startswith("container.apparmor.security.beta.kubernetes.io") for key in annotations)

    def test_selinux(self, pod):
        assert all("seLinuxOptions" not in each for each in contexts(pod))

    def test_proc_mount_type(self, containers):
        assert all(each["securityContext"].get("procMount", "Default") == "Default" for each in containers)

    def test_seccomp(self, pod):
        assert all(each.get("seccompProfile", {}).get("type") != "Unconfined" for each in contexts(pod))

    def test_sysctls(self, pod):
        assert "sysctls" not in pod["securityContext"]


class TestRestricted:
    def test_volume_types(self, pod):
        allowed = {
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
        }  # fmt: skip
        assert all(set(volume) - {"name"} <= allowed for volume in pod["volumes"])

    def test_privilege_escalation(self, containers):
        assert all(each["securityContext"]["allowPrivilegeEscalation"] is False for each in containers)

    def test_running_as_non_root(self, pod, containers):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert all(each["securityContext"].get("runAsNonRoot", True) for each in containers)

    def test_running_as_non_root_user(self, pod):
        assert pod["securityContext"]["runAsUser"] > 0
        assert all(each.get("runAsUser", 1) > 0 for each in contexts(pod))

    def test_seccomp(self, pod, containers):
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert all("seccompProfile" not in each["securityContext"] for each in containers)

    def test_capabilities(self, containers):
        assert all(each["securityContext"]["capabilities"] == {"drop": ["ALL"]} for each in containers)

    def test_beyond_the_profile_the_file_system_is_read_only(self, containers):
        assert all(each["securityContext"]["readOnlyRootFilesystem"] is True for each in containers)
