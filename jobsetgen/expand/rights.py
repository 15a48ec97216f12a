"""What the restart-watcher may do: only what it does, and by name wherever RBAC takes names."""

from __future__ import annotations

from jobsetgen.expand.objects import Object
from jobsetgen.naming import plan_name, state_name

_RBAC = "rbac.authorization.k8s.io"


def service_account(metadata: Object) -> Object:
    """Return the watcher's account. Only its own pod, which asks for it, gets a token of it."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata,
        "automountServiceAccountToken": False,
    }


def role(metadata: Object, plan: Object) -> Object:
    """Return the rights that the watcher needs for what is in its plan."""
    jobset = plan["jobset"]
    rules = [
        # RBAC takes no names for what is created, listed or watched; and Jobs of an older
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
    """Return what gives the account of that name the role of that name.

    Where no namespace is known the account is that of the binding's own, which is what a missing
    one means.
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
