"""The admission policy of deploy/, for some namespaces of a plane: others of the plane's tests do not meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ruamel.yaml import YAML

from tests.cases import ROOT
from tests.cluster.harness.client import ApiError
from tests.cluster.harness.control_plane import ControlPlane
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.processes import until

Json = dict[str, Any]
POLICY = (ROOT / "deploy" / "admission-policy.yaml").read_text()
ACCOUNT = "probe-restart-watcher"
_LABEL = "tests.jobsetgen.io/policy"


class BoundPolicy:
    """The policy, bound to some namespaces."""

    def __init__(self, plane: ControlPlane, name: str) -> None:
        self.plane, self.name = plane, name

    def new_namespace(self) -> str:
        """Make a namespace in which the policy holds; return its name."""
        namespace = self.plane.new_namespace(self.name)
        self.hold_in(namespace)
        return namespace

    def hold_in(self, namespace: str) -> None:
        """Let the policy hold in a namespace from now on."""
        self.plane.client.patch("namespaces", namespace, {"metadata": {"labels": {_LABEL: self.name}}})
        client = self.plane.within(namespace)
        bind(client, ACCOUNT, [{"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create"]}])
        prober = self.plane.client_for(self.plane.token_for(namespace, ACCOUNT), namespace)
        until(lambda: _is_denied(prober), what="the policy holds")


@contextmanager
def bound_policy(plane: ControlPlane, name: str, changes: Iterable[tuple[str, str]] = ()) -> Iterator[BoundPolicy]:
    """Have the policy, with changes to its text, under another name for the length of a block."""
    policy, binding = YAML(typ="safe").load_all(changed(POLICY, changes))
    policy["metadata"]["name"] = binding["metadata"]["name"] = binding["spec"]["policyName"] = name
    binding["spec"]["matchResources"] = {"namespaceSelector": {"matchLabels": {_LABEL: name}}}
    for item in (policy, binding):
        plane.client.create(item, strict=True)
    try:
        yield BoundPolicy(plane, name)
    finally:
        plane.client.delete("validatingadmissionpolicybindings", name)
        plane.client.delete("validatingadmissionpolicies", name)


def bind(client: Any, account: str, rules: list[Json]) -> None:
    """Make a ServiceAccount with the rights of some rules in a client's namespace."""
    meta = {"name": account}
    group = "rbac.authorization.k8s.io"
    role = {"apiGroup": group, "kind": "Role", "name": account}
    subject = {"kind": "ServiceAccount", "name": account, "namespace": client.namespace}
    client.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta})
    client.create({"apiVersion": f"{group}/v1", "kind": "Role", "metadata": meta, "rules": rules})
    binding = {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": meta}
    client.create({**binding, "roleRef": role, "subjects": [subject]})


def _is_denied(client: Any) -> bool:
    """Whether the policy answers."""
    container = {"name": "main", "image": "registry.example.com/train:1"}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "probe"}, "spec": {"template": template}}
    try:
        client.create(job, dry_run=True)
    except ApiError as error:
        return "only objects of its own set" in error.message
    return False
