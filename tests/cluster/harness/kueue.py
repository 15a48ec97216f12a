"""Kueue as a component, for Jobs, with the CRDs and the webhooks of its own release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.cluster.harness import binaries
from tests.cluster.harness.components import Component, answers
from tests.cluster.harness.processes import until

if TYPE_CHECKING:
    from tests.cluster.harness.client import Client
    from tests.cluster.harness.control_plane import ControlPlane

Json = dict[str, Any]
MODULE = "sigs.k8s.io/kueue"
QUEUE = "research"  # the name of the LocalQueue, the ClusterQueue and the flavor
_WEBHOOKS, _HEALTH = 9444, 8085
_GROUPS = ("batch", "kueue.x-k8s.io")  # whose webhooks are asked: the other frameworks are off
_JOBS = ("/mutate-batch-v1-job", "/validate-batch-v1-job")
# It reads the certificate of its metrics from a fixed path, also if it serves none: give it an /etc of its own.
_RUN = """
mount -t tmpfs tmpfs "$1" && cp -a /etc/. "$1" && mkdir -p "$1"/kueue/metrics/certs || exit 1
cp "$2"/tls.* "$1"/kueue/metrics/certs && mount --bind "$1" /etc || exit 1
shift 2 && exec "$@"
"""


def manager() -> Component:
    """Return the controller."""
    return Component(name="kueue", command=_command, is_healthy=_is_healthy, prepare=_prepare)


def add_queue(client: Client, namespace: str, cpus: int) -> None:
    """Let a namespace have a queue with a quota of its own."""
    flavor = {"name": QUEUE, "resources": [{"name": "cpu", "nominalQuota": str(cpus)}]}
    own = f"{QUEUE}-{namespace}"
    quota = {
        "namespaceSelector": {},
        "resourceGroups": [{"coveredResources": ["cpu"], "flavors": [flavor]}],
    }
    client.apply(_of("ResourceFlavor", {"name": QUEUE}, {}))
    client.apply(_of("ClusterQueue", {"name": own}, quota))
    client.apply(_of("LocalQueue", {"name": QUEUE, "namespace": namespace}, {"clusterQueue": own}))


def workload_of(client: Client, job: Json) -> Json:
    """Return the Workload that Kueue has made for a Job."""
    (found,) = client.list("workloads.kueue.x-k8s.io", labels=f"kueue.x-k8s.io/job-uid={job['metadata']['uid']}")
    return found


def _of(kind: str, metadata: Json, spec: Json) -> Json:
    return {"apiVersion": "kueue.x-k8s.io/v1beta2", "kind": kind, "metadata": metadata, "spec": spec}


def _command(plane: ControlPlane) -> list[str]:
    path, etc = plane.folder / "kueue.json", plane.folder / "kueue-etc"
    path.write_text(json.dumps(_configuration(plane)))
    etc.mkdir(exist_ok=True)
    program = [str(binaries.binary("kueue")), f"--config={path}", f"--kubeconfig={plane.kubeconfig()}"]
    return ["unshare", "--mount", "sh", "-c", _RUN, "sh", str(etc), str(plane.certificates.folder), *program]


def _configuration(plane: ControlPlane) -> Json:
    return {
        "apiVersion": "config.kueue.x-k8s.io/v1beta2",
        "kind": "Configuration",
        "namespace": "kueue-system",
        "leaderElection": {"leaderElect": False},
        "internalCertManagement": {"enable": False},
        "featureGates": {"VisibilityOnDemand": False},
        "webhook": {"host": "127.0.0.1", "port": _WEBHOOKS, "certDir": str(plane.certificates.folder)},
        "metrics": {"bindAddress": "0"},
        "health": {"healthProbeBindAddress": f"127.0.0.1:{_HEALTH}"},
        "clientConnection": {"qps": 1000, "burst": 2000},
        "integrations": {"frameworks": ["batch/job"]},
    }


def _prepare(plane: ControlPlane) -> None:
    """Install the CRDs and the webhooks."""
    plane.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kueue-system"}})
    config = binaries.module_folder("kueue", MODULE) / "config" / "components"
    for path in sorted((config / "crd" / "bases").glob("*.yaml")):
        for item in _read(path):
            plane.client.apply(item)
            until(lambda name=item["metadata"]["name"]: _is_established(plane, name), what=path.name)  # type: ignore[misc]
    authority = plane.certificates.base64("ca.crt")
    for item in _read(config / "webhook" / "manifests.yaml"):
        asked = [each for each in item["webhooks"] if each["rules"][0]["apiGroups"][0] in _GROUPS]
        name = {"name": f"kueue-{item['metadata']['name']}"}
        plane.client.apply({**item, "metadata": name, "webhooks": [_local(each, authority) for each in asked]})


def _local(webhook: Json, authority: str) -> Json:
    """Return a webhook that is called by an address."""
    url = f"https://127.0.0.1:{_WEBHOOKS}{webhook['clientConfig']['service']['path']}"
    return {**webhook, "clientConfig": {"url": url, "caBundle": authority}}


def _is_established(plane: ControlPlane, name: str) -> bool:
    status = plane.client.get("customresourcedefinitions", name).get("status", {})
    return any((each["type"], each["status"]) == ("Established", "True") for each in status.get("conditions") or ())


def _is_healthy(plane: ControlPlane) -> bool:
    ready = answers(plane, _HEALTH, "/readyz", tls=False)
    return ready and all(answers(plane, _WEBHOOKS, path, statuses=(200, 400, 405)) for path in _JOBS)


def _read(path: Path) -> Iterator[Json]:
    yield from (dict(item) for item in YAML(typ="safe").load_all(path) if item)
