"""A real node as components: containerd, the kubelet, a bridge for pods, and DNS for them.

KWOK serves thousands of pods that do nothing; this one node runs what pods really do. It wants what a kubelet wants of a
machine: root, control groups, and Debian's containerd, runc and CNI plugins.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.cluster.harness import binaries
from tests.cluster.harness.components import Component, answers
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.images import python_files, write_image
from tests.cluster.harness.processes import until

Json = dict[str, Any]
NODE = "real"
GATEWAY, POD_NETWORK, SERVICE = "10.244.0.1", "10.244.0.0/20", "10.96.0.1"
HEALTH, DNS_HEALTH = 10248, 8195
PAUSE, PYTHON = "registry.example.com/pause:1", "registry.example.com/python:3.11"
PLUGINS = Path("/usr/lib/cni")
# The API server where pods can reach it; its certificate has the addresses.
FLAGS = {"kube-apiserver": ["--bind-address=0.0.0.0"]}
_PREFIX = "jsg-"
_SHIM_SOCKETS = Path("/run/containerd/s")
# What a kubelet sets for the whole machine.
_SETTINGS = [
    f"/proc/sys/{name}"
    for name in (
        "vm/overcommit_memory",
        "vm/panic_on_oom",
        "kernel/panic",
        "kernel/panic_on_oops",
        "kernel/keys/root_maxkeys",
        "kernel/keys/root_maxbytes",
    )
]
_NEEDED = ("containerd", "ctr", "runc", "iptables", "ldd")


def why_not() -> str | None:
    """Return in one sentence why no real node can run here, or None."""
    missing = [each for each in _NEEDED if shutil.which(each) is None]
    if missing or not (PLUGINS / "bridge").exists():
        return f"a real node needs {', '.join(missing) or 'the CNI plugins in /usr/lib/cni'}"
    if not os.access("/sys/fs/cgroup", os.W_OK) or not Path("/sys/fs/cgroup/memory").exists():
        return "a real node needs control groups that it may write"
    if any(each.read_text() for each in Path("/sys/fs/cgroup/memory").glob("kubepods/**/cgroup.procs")):
        return "this machine is a node already: a second kubelet would end the pods of the first"
    return None


class RealNode:
    """The node of a plane, with its files in a folder whose name is short: the paths of sockets must be."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self.plane, self.folder = plane, folder
        self.socket = folder / "containerd.sock"

    def start(self) -> None:
        """Start it all, and wait for the node to be ready."""
        self._connect()
        self._write()
        self.plane.start(Component(name="containerd", command=self._containerd, is_healthy=lambda _: self._answers()))
        self._load_images()
        self.plane.start(
            Component(name="coredns", command=self._coredns, is_healthy=_serves_names),
            Component(name="kubelet", command=self._kubelet, is_healthy=self._is_ready),
        )

    def end(self) -> None:
        """End what runs on it."""
        for name in ("kubelet", "coredns", "containerd"):
            if name in self.plane.processes:
                self.plane.stop(name)

    def kill(self, pod: str, namespace: str, command: str) -> None:
        """Kill the process of a pod whose command line has a word, from outside, as the kernel does it."""
        uid = self.plane.client.get("pods", pod, namespace=namespace)["metadata"]["uid"]
        pids = [pid for pid in _processes() if uid in _text(pid, "cgroup") and command in _text(pid, "cmdline")]
        assert pids, f"no process of {pod} has {command}"
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    # Network

    def _connect(self) -> None:
        self._inside("ip", "link", "add", "cni0", "type", "bridge")
        self._inside("ip", "address", "add", f"{GATEWAY}/20", "dev", "cni0")
        self._inside("ip", "link", "set", "cni0", "up")
        self._inside("ip", "route", "add", "default", "via", GATEWAY, "dev", "cni0")
        self._inside("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        # In the place of kube-proxy.
        matched = ["-d", SERVICE, "-p", "tcp", "--dport", "443"]
        target = ["-j", "DNAT", "--to-destination", f"{GATEWAY}:6443"]
        self._inside("iptables", "-t", "nat", "-A", "PREROUTING", *matched, *target)

    def _inside(self, *command: str) -> None:
        done = subprocess.run(self.plane.network.command(command), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"

    # Files

    def _write(self) -> None:
        (self.folder / "cni").mkdir()
        (self.folder / "cni" / "pods.conflist").write_text(json.dumps(self._pod_network()))
        (self.folder / "containerd.toml").write_text(self._containerd_settings())
        (self.folder / "resolv.conf").write_text(f"nameserver {GATEWAY}\n")
        (self.folder / "kubelet.json").write_text(json.dumps(self._kubelet_settings()))
        (self.folder / "Corefile").write_text(_names(self.plane.kubeconfig()))

    def _pod_network(self) -> Json:
        ranges = [[{"subnet": POD_NETWORK, "gateway": GATEWAY}]]
        addresses = {
            "type": "host-local",
            "ranges": ranges,
            "routes": [{"dst": "0.0.0.0/0"}],
            "dataDir": str(self.folder / "addresses"),
        }
        bridge = {"type": "bridge", "bridge": "cni0", "isGateway": True, "ipMasq": False, "ipam": addresses}
        return {"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge]}

    def _containerd_settings(self) -> str:
        cri = 'plugins."io.containerd.grpc.v1.cri"'
        return f"""
version = 2
root = "{self.folder / "root"}"
state = "{self.folder / "state"}"
[grpc]
address = "{self.socket}"
[{cri}]
sandbox_image = "{PAUSE}"
restrict_oom_score_adj = true
stream_server_address = "127.0.0.1"
netns_mounts_under_state_dir = true
[{cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[{cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
[{cri}.cni]
bin_dir = "{PLUGINS}"
conf_dir = "{self.folder / "cni"}"
"""

    def _kubelet_settings(self) -> Json:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": "127.0.0.1",
            "authentication": {"x509": {"clientCAFile": str(self.plane.certificates.path("ca.crt"))}},
            "cgroupDriver": "cgroupfs",
            "clusterDNS": [GATEWAY],
            "clusterDomain": "cluster.local",
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "enforceNodeAllocatable": [],
            "evictionHard": {"nodefs.available": "0%", "imagefs.available": "0%"},
            "failCgroupV1": False,
            "failSwapOn": False,
            "healthzPort": HEALTH,
            "podLogsDir": str(self.folder / "logs"),
            "resolvConf": str(self.folder / "resolv.conf"),
            "syncFrequency": "10s",
            "volumePluginDir": str(self.folder / "volume-plugins"),
        }

    # Commands

    def _containerd(self, plane: ControlPlane) -> list[str]:
        return ["containerd", f"--config={self.folder / 'containerd.toml'}"]

    def _kubelet(self, plane: ControlPlane) -> list[str]:
        return [
            str(binaries.binary("kube", "kubelet")),
            f"--config={self.folder / 'kubelet.json'}",
            f"--kubeconfig={plane.kubeconfig()}",
            f"--root-dir={self.folder / 'kubelet'}",
            f"--cert-dir={self.folder / 'kubelet'}",
            f"--hostname-override={NODE}",
            f"--node-ip={GATEWAY}",
        ]

    def _coredns(self, plane: ControlPlane) -> list[str]:
        return [str(binaries.binary("coredns")), f"-conf={self.folder / 'Corefile'}"]

    def _is_ready(self, plane: ControlPlane) -> bool:
        node = plane.client.find("nodes", NODE) if answers(plane, HEALTH, "/healthz", tls=False) else None
        conditions = ((node or {}).get("status") or {}).get("conditions") or ()
        return ("Ready", "True") in [(each["type"], each["status"]) for each in conditions]

    # Images and containers

    def _answers(self) -> bool:
        return self.socket.exists() and self._ctr("version").returncode == 0

    def _load_images(self) -> None:
        self._load_image(PAUSE, {"/pause": binaries.binary("pause")}, "/pause")
        links = {"/usr/bin/python3": str(Path(sys.executable).resolve())}
        self._load_image(PYTHON, python_files(), "/usr/bin/python3", links)

    def _load_image(
        self, name: str, files: Mapping[str, Path], entrypoint: str, links: Mapping[str, str] | None = None
    ) -> None:
        path = self.folder / "image.tar"
        write_image(path, name, files, entrypoint=entrypoint, links=links)
        done = self._ctr("images", "import", str(path))
        assert done.returncode == 0, done.stderr
        path.unlink()

    def _ctr(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["ctr", "--address", str(self.socket), "--namespace", "k8s.io", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _names(kubeconfig: Path) -> str:
    return f"""
.:53 {{
    bind {GATEWAY}
    errors
    health 127.0.0.1:{DNS_HEALTH}
    kubernetes cluster.local {{
        kubeconfig {kubeconfig} test
    }}
}}
"""


def _serves_names(plane: ControlPlane) -> bool:
    return answers(plane, DNS_HEALTH, "/health", tls=False)


def _processes() -> Iterator[int]:
    yield from (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())


def _text(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except OSError:
        return ""  # it has ended meanwhile


@contextmanager
def real_node(plane: ControlPlane) -> Iterator[RealNode]:
    """Let a plane have a real node for the length of a block; leave the machine as it was."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    node = RealNode(plane, folder)
    settings = {path: path.read_text() for path in map(Path, _SETTINGS) if path.exists()}
    sockets = set(_SHIM_SOCKETS.glob("*"))
    try:
        node.start()
        yield node
    finally:
        try:
            node.end()
        finally:
            _remove(folder)
            for path in set(_SHIM_SOCKETS.glob("*")) - sockets:
                path.unlink(missing_ok=True)
            for path, text in settings.items():
                path.write_text(text)


def _sweep() -> None:
    """Remove what test runs that were killed have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not Path(f"/proc/{folder.name.removeprefix(_PREFIX).partition('-')[0]}").exists():
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a node's containers and files. Containers outlive a kubelet, and their shims outlive containerd."""
    until(lambda: not _ended(folder), what=f"the end of the containers of {folder}")
    places = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in sorted((each for each in places if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", place], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


def _ended(folder: Path) -> set[int]:
    """End each shim, which names the node's socket, and what descends from it; return which there were."""
    parents = {pid: _parent(pid) for pid in _processes()}
    ended = {pid for pid in parents if "containerd-shim" in (text := _text(pid, "cmdline")) and f"{folder}/" in text}
    while more := {pid for pid, parent in parents.items() if parent in ended} - ended:
        ended |= more
    for pid in ended:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return ended


def _parent(pid: int) -> int:
    fields = _text(pid, "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0
