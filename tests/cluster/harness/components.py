"""What a control plane is made of: for each program, how it is started and how it is seen to be well.

A component is a value, so that another (a GitOps tool, a kubelet) is one more module that makes some.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.cluster.harness import binaries
from tests.cluster.harness.client import ApiError

if TYPE_CHECKING:
    from tests.cluster.harness.control_plane import ControlPlane

# Fixed, since every plane has a network of its own.
ETCD, PEERS, API, CONTROLLERS, SCHEDULER = 2379, 2380, 6443, 10257, 10259
_FAST = ("--kube-api-qps=1000", "--kube-api-burst=2000", "--leader-elect=false")


def _nothing(plane: ControlPlane) -> None:
    """Prepare nothing."""


def _no_environment(plane: ControlPlane) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Component:
    """A program of the cluster. What is started together is first prepared, then launched, then waited for."""

    name: str
    command: Callable[[ControlPlane], list[str]]
    is_healthy: Callable[[ControlPlane], bool]
    prepare: Callable[[ControlPlane], None] = _nothing
    environment: Callable[[ControlPlane], Mapping[str, str]] = _no_environment


def etcd() -> Component:
    """Return the store. It may lose what it holds with the machine, and is so much the faster."""

    def command(plane: ControlPlane) -> list[str]:
        clients, peers = f"http://127.0.0.1:{ETCD}", f"http://127.0.0.1:{PEERS}"
        return [
            str(binaries.binary("etcd")),
            f"--data-dir={plane.folder / 'etcd'}",
            "--unsafe-no-fsync",
            f"--listen-client-urls={clients}",
            f"--advertise-client-urls={clients}",
            f"--listen-peer-urls={peers}",
            f"--initial-advertise-peer-urls={peers}",
            f"--initial-cluster=default={peers}",
        ]

    return Component(name="etcd", command=command, is_healthy=lambda plane: answers(plane, ETCD, "/health", tls=False))


def api_server(*, has_accounts: bool = True) -> Component:
    """Return the API server, without its limits of requests at once: a test wants what it asks for.

    Without `has_accounts` it admits pods whose ServiceAccount no controller has made.
    """

    def command(plane: ControlPlane) -> list[str]:
        certificates = plane.certificates
        key, public = certificates.path("service-account.key"), certificates.path("service-account.pub")
        accounts = () if has_accounts else ("--disable-admission-plugins=ServiceAccount",)
        return [
            str(binaries.binary("kube", "kube-apiserver")),
            f"--etcd-servers=http://127.0.0.1:{ETCD}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",  # or it looks for a default route, and ends
            f"--secure-port={API}",
            "--endpoint-reconciler-type=none",
            "--authorization-mode=RBAC",
            f"--client-ca-file={certificates.path('ca.crt')}",
            f"--tls-cert-file={certificates.path('server.crt')}",
            f"--tls-private-key-file={certificates.path('server.key')}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={public}",
            f"--service-account-signing-key-file={key}",
            "--service-cluster-ip-range=10.96.0.0/16",
            "--allow-privileged",
            "--enable-priority-and-fairness=false",
            "--max-requests-inflight=0",
            "--max-mutating-requests-inflight=0",
            *accounts,
        ]

    return Component(name="kube-apiserver", command=command, is_healthy=_is_ready)


def controller_manager(controllers: str = "*") -> Component:
    """Return the controllers that a selection names, such as "*,-job-controller"."""

    def command(plane: ControlPlane) -> list[str]:
        certificates = plane.certificates
        return [
            str(binaries.binary("kube", "kube-controller-manager")),
            f"--kubeconfig={plane.kubeconfig()}",
            f"--controllers={controllers}",
            f"--secure-port={CONTROLLERS}",
            *_served(plane),
            "--use-service-account-credentials=true",
            f"--root-ca-file={certificates.path('ca.crt')}",
            f"--service-account-private-key-file={certificates.path('service-account.key')}",
            "--concurrent-job-syncs=20",
            *_FAST,
        ]

    return Component(
        name="kube-controller-manager",
        command=command,
        is_healthy=lambda plane: answers(plane, CONTROLLERS, "/healthz"),
    )


def scheduler() -> Component:
    """Return the scheduler."""

    def command(plane: ControlPlane) -> list[str]:
        program = str(binaries.binary("kube", "kube-scheduler"))
        return [program, f"--kubeconfig={plane.kubeconfig()}", f"--secure-port={SCHEDULER}", *_served(plane), *_FAST]

    return Component(
        name="kube-scheduler", command=command, is_healthy=lambda plane: answers(plane, SCHEDULER, "/healthz")
    )


def answers(plane: ControlPlane, port: int, path: str, *, tls: bool = True, statuses: tuple[int, ...] = (200,)) -> bool:
    """Whether a component answers with one of the statuses on a port of its network."""
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=_context(plane))
        if tls
        else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    )
    try:
        with plane.network.entered():
            connection.connect()
        connection.request("GET", path)
        return connection.getresponse().status in statuses
    except http.client.HTTPException:
        return False
    finally:
        connection.close()


def _context(plane: ControlPlane) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(plane.certificates.path("ca.crt")))


def _served(plane: ControlPlane) -> list[str]:
    """Serve by our certificate; one signed by itself nobody could check."""
    server = plane.certificates.path
    return [
        "--bind-address=127.0.0.1",
        f"--tls-cert-file={server('server.crt')}",
        f"--tls-private-key-file={server('server.key')}",
    ]


def _is_ready(plane: ControlPlane) -> bool:
    try:
        plane.client.request("GET", "/readyz")
    except ApiError:
        return False
    # The roles that RBAC begins with come a moment later than readiness does.
    return plane.client.find("clusterroles", "cluster-admin") is not None
