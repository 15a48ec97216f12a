"""The watcher's RBAC objects: minimal permissions, by resource name wherever RBAC allows it."""

from __future__ import annotations

from jobsetgen.expand.objects import Object
from jobsetgen.naming import plan_name, state_name

_RBAC = "rbac.authorization.k8s.io"


def service_account(metadata: Object) -> Object:
    """Return the watcher's ServiceAccount. Only its own pod mounts a token, explicitly."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }


def role(metadata: Object, plan: Object) -> Object:
    """Return the Role with the permissions that the watcher needs for its plan."""
    jobset = plan["jobset"]
    rules = [
        # RBAC does not support names for create, list and watch, and Jobs of an older
        # generation have other names.
        _rule("batch", "jobs", ["get", "list", "watch", "create", "patch", "delete"]),
        _rule("", "pods", ["list", *(["watch", "patch"] if _has_gates(plan) else [])]),
        _rule("", "configmaps", ["get", "watch"], [plan_name(jobset)]),
        _rule("", "configmaps", ["get", "update"], [state_name(jobset)]),
        _rule("", "events", ["create"]),
    ]
    services = [plan["service"]] if plan["service"] else []
    claims = [claim["object"] for claim in plan["claims"]]
    for resource, items in (("services", services), ("persistentvolumeclaims", claims)):
        if items:
            rules.append(_rule("", resource, ["get"], [item["metadata"]["name"] for item in items]))
            rules.append(_rule("", resource, ["create"]))
    return {"apiVersion": f"{_RBAC}/v1", "kind": "Role", "metadata": metadata, "rules": rules}


def role_binding(metadata: Object) -> Object:
    """Return the RoleBinding between the ServiceAccount and the Role with the same name.

    If no namespace is known, the subject has none either, which means the namespace of the
    binding.
    """
    name = metadata["name"]
    namespace = {"namespace": metadata["namespace"]} if "namespace" in metadata else {}
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, **namespace}],
    }


def _has_gates(plan: Object) -> bool:
    return any(each["gated"] for each in plan["replicatedJobs"])


def _rule(group: str, resource: str, verbs: list[str], names: list[str] | None = None) -> Object:
    rule: Object = {"apiGroups": [group], "resources": [resource], "verbs": verbs}
    return {**rule, "resourceNames": names} if names else rule
