"""What a restart keeps of what others have changed in a Job, and what it takes from the plan."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import pytest

from jobsetgen.runtime.watcher.carried import Carried

Json = dict[str, Any]
PODS = "spec.template.spec"
MAIN = {"name": "main", "image": "train:1"}
HOST = {"name": "data", "hostPath": {"path": "/data"}}
CLAIM = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
TOKEN = {"serviceAccountToken": {"path": "token"}}
LABELS = {"configMap": {"name": "labels"}}


class Case(NamedTuple):
    """Specs of pods: the plan's, that of a live Job, and what is kept of it; None: all of it."""

    planned: Json
    live: Json
    kept: Json | None = None
    left_out: tuple[str, ...] = ()
    more: tuple[str, ...] = ()


def pods(**fields: Any) -> Json:
    """Return the spec of pods with one container."""
    return {"containers": [MAIN], **fields}


def main(**fields: Any) -> Json:
    """Return the spec of pods whose one container has more fields."""
    return pods(containers=[{**MAIN, **fields}])


def using(volume: Json | None, **fields: Any) -> Json:
    """Return the spec of pods whose container mounts a volume, if there is one."""
    if volume is None:
        return pods(volumes=[], containers=[{**MAIN, "volumeMounts": [], **fields}])
    mounts = [{"name": volume["name"], "mountPath": "/mnt"}]
    return pods(volumes=[volume], containers=[{**MAIN, "volumeMounts": mounts, **fields}])


def ports(*items: Json) -> Json:
    return main(ports=list(items))


def projected(*sources: Json) -> Json:
    return {"name": "data", "projected": {"sources": list(sources)}}


NODE_PORT = {"containerPort": 80, "hostPort": 80}
SIDECAR = {"name": "proxy", "image": "proxy:1"}
CASES = {
    "image": Case(main(), main(image="train:2")),
    "environment": Case(main(), main(env=[{"name": "A", "value": "1"}])),
    "resources": Case(main(), main(resources={"limits": {"cpu": "1"}})),
    "command": Case(main(command=["a"]), main(command=["b"])),
    "nodeSelector": Case(pods(), pods(nodeSelector={"zone": "a"})),
    "tolerations are gone": Case(pods(tolerations=[{"key": "a"}]), pods()),
    "imagePullSecrets": Case(pods(), pods(imagePullSecrets=[{"name": "a"}])),
    "account": Case(
        pods(serviceAccountName="train"),
        pods(serviceAccountName="admin"),
        pods(serviceAccountName="train"),
        (f'{PODS}.serviceAccountName ("admin")',),
    ),
    "account where the plan has none": Case(
        pods(), pods(serviceAccount="admin"), pods(), (f'{PODS}.serviceAccount ("admin")',)
    ),
    "account that is gone": Case(
        pods(serviceAccountName="train"),
        pods(),
        pods(serviceAccountName="train"),
        (f"{PODS}.serviceAccountName (absent)",),
    ),
    "account by an option": Case(
        pods(serviceAccountName="train", serviceAccount="train"),
        pods(serviceAccountName="admin", serviceAccount="admin"),
        more=("serviceAccountName",),
    ),
    "token": Case(
        pods(automountServiceAccountToken=False),
        pods(automountServiceAccountToken=True),
        pods(automountServiceAccountToken=False),
        (f"{PODS}.automountServiceAccountToken (true)",),
    ),
    "securityContext of pods": Case(
        pods(securityContext={}),
        pods(securityContext={"runAsUser": 0}),
        pods(securityContext={}),
        (f'{PODS}.securityContext ({{"runAsUser":0}})',),
    ),
    "securityContext of a container": Case(
        main(),
        main(securityContext={"privileged": True}),
        main(),
        (f'{PODS}.containers[main].securityContext ({{"privileged":true}})',),
    ),
    "securityContext of a container that is gone": Case(
        main(securityContext={"privileged": False}),
        main(),
        main(securityContext={"privileged": False}),
        (f"{PODS}.containers[main].securityContext (absent)",),
    ),
    "namespaces of the node": Case(
        pods(),
        pods(hostNetwork=True, hostPID=True, hostIPC=True),
        pods(),
        (f"{PODS}.hostNetwork (true)", f"{PODS}.hostPID (true)", f"{PODS}.hostIPC (true)"),
    ),
    "node by its name": Case(pods(), pods(nodeName="n"), pods(), (f'{PODS}.nodeName ("n")',)),
    "field of a later Kubernetes": Case(pods(), pods(magic=[1]), pods(), (f"{PODS}.magic ([1])",)),
    "field of a later Kubernetes in a container": Case(
        main(), main(magic=1), main(), (f"{PODS}.containers[main].magic (1)",)
    ),
    "value that is long": Case(pods(), pods(magic="x" * 99), pods(), (f'{PODS}.magic ("{"x" * 39})',)),
    # Volumes.
    "claim": Case(pods(), using(CLAIM)),
    "path of the node": Case(
        using(None),
        using(HOST),
        using(None),
        (f'{PODS}.volumes[data].hostPath ({{"path":"/data"}})',),
    ),
    "path of the node as a device": Case(
        using(None, volumeDevices=[]),
        using(HOST, volumeDevices=[]),
        using(None, volumeDevices=[]),
        (f'{PODS}.volumes[data].hostPath ({{"path":"/data"}})',),
    ),
    "device of the plan whose volume is gone": Case(
        {**using(None, volumeDevices=[{"name": "data", "devicePath": "/dev/data"}]), "volumes": [CLAIM]},
        using(None),
        {**using(None, volumeDevices=[{"name": "data", "devicePath": "/dev/data"}]), "volumes": [CLAIM]},
        (f"{PODS}.containers[main].volumeDevices (absent)",),
    ),
    "path of the node in a new sidecar": Case(
        pods(),
        pods(volumes=[HOST], containers=[MAIN, {**SIDECAR, "volumeMounts": [{"name": "data"}]}]),
        pods(volumes=[], containers=[MAIN, {**SIDECAR, "volumeMounts": []}]),
        (f'{PODS}.volumes[data].hostPath ({{"path":"/data"}})',),
    ),
    "path of the node that the plan has": Case(using(HOST), using(HOST)),
    "path of the node that is a claim now": Case(using(HOST), using(CLAIM)),
    "path of the node where the plan has a claim": Case(
        using(CLAIM),
        using(HOST),
        using(CLAIM),
        (f'{PODS}.volumes[data].hostPath ({{"path":"/data"}})',),
    ),
    "another path of the node": Case(
        using(HOST),
        using({"name": "data", "hostPath": {"path": "/"}}),
        using(HOST),
        (f'{PODS}.volumes[data].hostPath ({{"path":"/"}})',),
    ),
    "path of the node by an option": Case(pods(), using(HOST), more=("hostPath",)),
    "projected": Case(using(projected(LABELS)), using(projected(LABELS, LABELS))),
    "projected with a token": Case(
        using(projected(LABELS)),
        using(projected(LABELS, TOKEN)),
        using(projected(LABELS)),
        (f'{PODS}.volumes[data].serviceAccountToken ({{"path":"token"}})',),
    ),
    "projected with the plan's token": Case(using(projected(TOKEN)), using(projected(TOKEN))),
    # Ports.
    "port": Case(ports(), ports({"containerPort": 80, "protocol": "TCP"})),
    "port of the node": Case(
        ports(), ports(NODE_PORT), ports({"containerPort": 80}), (f"{PODS}.containers[main].ports.hostPort (80)",)
    ),
    "port of the node that the plan has": Case(ports(NODE_PORT), ports(NODE_PORT)),
    # Containers.
    "sidecar": Case(pods(), pods(containers=[MAIN, SIDECAR])),
    "sidecar with a securityContext": Case(
        pods(),
        pods(containers=[MAIN, {**SIDECAR, "securityContext": {"privileged": True}}]),
        pods(containers=[MAIN, SIDECAR]),
        (f'{PODS}.containers[proxy].securityContext ({{"privileged":true}})',),
    ),
    "sidecar that starts first": Case(
        pods(),
        pods(initContainers=[{**SIDECAR, "restartPolicy": "Always"}]),
    ),
    "initContainer with a securityContext": Case(
        pods(),
        pods(initContainers=[{**SIDECAR, "securityContext": {}}]),
        pods(initContainers=[SIDECAR]),
        (f"{PODS}.initContainers[proxy].securityContext ({{}})",),
    ),
    "containers are gone": Case(pods(initContainers=[SIDECAR]), pods()),
    "ephemeralContainers": Case(pods(), pods(ephemeralContainers=[SIDECAR]), pods(), (f"{PODS}.ephemeralContainers",)),
    "all that options can add": Case(
        pods(),
        pods(hostNetwork=True, securityContext={"runAsUser": 0}, containers=[{**MAIN, "securityContext": {}}]),
        more=("hostNetwork", "securityContext"),
    ),
}


def job(spec: Json, **fields: Any) -> Json:
    """Return the spec of a Job."""
    return {"template": {"metadata": {}, "spec": spec}, **fields}


@pytest.mark.parametrize("name", CASES)
def test_a_restart_keeps_the_fields_of_a_list_and_takes_others_from_the_plan(name):
    case = CASES[name]
    planned, live = copy.deepcopy(job(case.planned)), copy.deepcopy(job(case.live))
    carried = Carried(case.more)
    kept = carried.spec(planned, live)
    assert kept["template"]["spec"] == (case.live if case.kept is None else case.kept)
    assert [found[: len(said)] for found, said in zip(carried.left_out, case.left_out, strict=True)] == [*case.left_out]
    assert (planned, live) == (job(case.planned), job(case.live))  # neither is changed


@pytest.mark.parametrize("name", CASES)
def test_what_is_kept_is_kept_again(name):
    """A Job that a restart has made is compared with the plan again."""
    case = CASES[name]
    kept = Carried(case.more).spec(job(case.planned), job(case.live))
    carried = Carried(case.more)
    assert carried.spec(job(case.planned), kept) == kept
    assert carried.left_out == []


def test_labels_and_fields_of_the_job_are_kept_and_who_manages_it_is_not():
    planned = job(pods(), parallelism=1)
    live = job(pods(), parallelism=2, backoffLimit=3)
    live["template"]["metadata"] = {"labels": {"team": "a"}}
    carried = Carried([])
    assert carried.spec(planned, {**live, "managedBy": "example.com/other"}) == live
    assert carried.left_out == ['spec.managedBy ("example.com/other")']


PROFILE = "container.apparmor.security.beta.kubernetes.io/main"
NOTES = "spec.template.metadata.annotations"


@pytest.mark.parametrize(
    ("planned", "live", "kept", "left_out"),
    [
        ({}, {PROFILE: "unconfined"}, {}, [f'{NOTES}.{PROFILE} ("unconfined")']),
        ({PROFILE: "runtime/default"}, {}, {PROFILE: "runtime/default"}, [f"{NOTES}.{PROFILE} (absent)"]),
        ({PROFILE: "unconfined"}, {PROFILE: "unconfined"}, {PROFILE: "unconfined"}, []),
    ],
)
def test_an_annotation_of_security_is_the_plans(planned, live, kept, left_out):
    others = {"example.com/note": "theirs"}
    specs = [job(pods()) for _ in range(2)]
    for spec, notes in zip(specs, (planned, {**live, **others}), strict=True):
        spec["template"]["metadata"] = {"annotations": notes}
    carried = Carried([])
    assert carried.spec(*specs)["template"]["metadata"]["annotations"] == {**kept, **others}
    assert carried.left_out == left_out
    assert Carried(["securityContext"]).spec(*specs) == specs[1]
