"""A real control plane on one machine, for tests: etcd, the API server, and what else a test asks for.

    with control_plane(folder, jobset=True, controllers="*,-job-controller") as plane:
        plane.client.create(jobset)

Everything runs in a network of its own, with its files and logs in the folder, and ends with the block.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster.harness import components
from tests.cluster.harness import jobset as jobsets
from tests.cluster.harness import kwok as kwoks
from tests.cluster.harness.certificates import Certificates
from tests.cluster.harness.client import Client, Server, kubeconfig
from tests.cluster.harness.components import Component
from tests.cluster.harness.processes import Network, Process, until

Json = dict[str, Any]
HOST = "127.0.0.1"
NO_JOBS = "*,-job-controller"  # for tests that set the status of Jobs by hand, as JobSet's own do


class ControlPlane:
    """The running cluster. `client` is its admin; `seconds` says what each component took to be well.

    `flags` are further ones by component, such as feature gates; they override what the component has by itself.
    """

    def __init__(self, folder: Path, network: Network, flags: Mapping[str, Sequence[str]] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.network, self.flags = folder, network, flags or {}
        self.certificates = Certificates(folder / "certificates")
        self.server = Server(network, HOST, components.API, self.certificates.path("ca.crt"))
        self.client = self._admin()
        self.processes: dict[str, Process] = {}
        self.seconds: dict[str, float] = {}
        self._components: dict[str, Component] = {}
        self._clients = [self.client]
        self._numbers = itertools.count()

    # Components

    def start(self, *parts: Component) -> None:
        """Start components side by side, and wait until all are well."""
        for part in parts:
            part.prepare(self)
        begin = time.monotonic()
        for part in parts:
            self._components[part.name] = part
            command = [*part.command(self), *self.flags.get(part.name, ())]
            self.spawn(part.name, command, environment=part.environment(self))
        for part in parts:
            self.processes[part.name].wait_until(lambda part=part: part.is_healthy(self))  # type: ignore[misc]
            self.seconds[part.name] = time.monotonic() - begin

    def stop(self, name: str) -> None:
        """End one component or process."""
        self.processes.pop(name).end()

    def restart(self, name: str) -> None:
        """Start a component again that runs, or ran."""
        if name in self.processes:
            self.stop(name)
        self.start(self._components[name])

    def spawn(
        self, name: str, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None
    ) -> Process:
        """Start a process inside the network; its output goes to `<name>.log` and it ends with the plane."""
        whole = {"PATH": os.environ["PATH"], "HOME": str(self.folder), **(environment or {})}
        process = Process(name, self.network.command(command), self.log(name), whole)
        self.processes[name] = process
        return process

    def log(self, name: str) -> Path:
        """Return the file with the output of a component or process."""
        return self.folder / f"{name}.log"

    def end(self) -> None:
        """End all processes, the newest first, whatever becomes of one."""
        for client in self._clients:
            client.close()
        while self.processes:
            name = next(reversed(self.processes))
            self.stop(name)

    # What runs beside it

    def run(
        self, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside the network to its end, kubectl for instance, which is the admin."""
        whole = {**os.environ, "KUBECONFIG": str(self.kubeconfig()), "HOME": str(self.folder), **(environment or {})}
        return subprocess.run(
            self.network.command(command), env=whole, input=stdin, capture_output=True, text=True, check=False
        )

    def kubeconfig(self, path: Path | None = None, namespace: str = "default") -> Path:
        """Write the admin's kubeconfig, and return where it is."""
        path = path or self.folder / "kubeconfig"
        content = json.dumps(kubeconfig(self.server, self.certificates.folder, namespace))
        if not path.exists() or path.read_text() != content:
            path.write_text(content)
        return path

    # Users and namespaces

    def within(self, namespace: str) -> Client:
        """Return the admin's client for a namespace."""
        return self._kept(self._admin(namespace))

    def client_for(self, token: str, namespace: str = "default") -> Client:
        """Return a client that is whom the token says."""
        return self._kept(Client(self.server, namespace=namespace, token=token))

    def token_for(self, namespace: str, service_account: str, seconds: int = 3600) -> str:
        """Return a token of a ServiceAccount, as the kubelet asks for one."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{service_account}/token"
        body = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": seconds},
        }
        return str(self.client.request("POST", path, body)["status"]["token"])

    def credentials(self, folder: Path, namespace: str, service_account: str) -> dict[str, str]:
        """Write what the kubelet mounts into a pod (token, ca.crt, namespace), and return what it puts into its env."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "token").write_text(self.token_for(namespace, service_account))
        (folder / "ca.crt").write_bytes(self.certificates.path("ca.crt").read_bytes())
        (folder / "namespace").write_text(namespace)
        return {"KUBERNETES_SERVICE_HOST": HOST, "KUBERNETES_SERVICE_PORT": str(components.API)}

    def new_namespace(self, prefix: str = "test") -> str:
        """Make a namespace that no other test uses, and return its name once pods can be made in it."""
        name = f"{prefix}-{next(self._numbers)}"
        self.client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        if "kube-controller-manager" in self.processes:
            until(lambda: self.client.find("serviceaccounts", "default", namespace=name) is not None, what=name)
        return name

    def _admin(self, namespace: str = "default") -> Client:
        files = self.certificates.path("admin.crt"), self.certificates.path("admin.key")
        return Client(self.server, namespace=namespace, certificate=files)

    def _kept(self, client: Client) -> Client:
        # A plane lives as long as all tests. Each test has clients of its own, which would keep thousands of files open.
        for each in self._clients:
            each.close_idle()
        self._clients.append(client)
        return client


@contextmanager
def control_plane(
    folder: Path,
    *,
    jobset: bool = False,
    kwok: bool = False,
    scheduler: bool = False,
    controllers: bool | str = True,
    flags: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[ControlPlane]:
    """Run a control plane for the length of a block.

    `controllers` is True for all of Kubernetes' own, False for none, or a selection for --controllers, such as NO_JOBS;
    `flags` are further ones by component, {"kube-scheduler": ["--feature-gates=..."]}.
    """
    with Network().made() as network:
        plane = ControlPlane(folder, network, flags)
        try:
            plane.start(components.etcd())
            plane.start(components.api_server(has_accounts=bool(controllers)))
            plane.start(*_chosen(jobset=jobset, kwok=kwok, scheduler=scheduler, controllers=controllers))
            yield plane
        finally:
            plane.end()


def _chosen(*, jobset: bool, kwok: bool, scheduler: bool, controllers: bool | str) -> Iterator[Component]:
    if controllers:
        yield components.controller_manager("*" if controllers is True else controllers)
    if scheduler:
        yield components.scheduler()
    if jobset:
        yield jobsets.manager()
    if kwok:
        yield kwoks.kwok()
