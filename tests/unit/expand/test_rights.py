"""What the watcher may do: by name where RBAC takes names, and nothing that its plan does not ask for."""

from __future__ import annotations

import pytest

from tests.unit.expand.builds import jobset, objects, replicated_job

ORDERED = jobset(
    replicated_job("driver", 1), replicated_job("workers", dependsOn=[{"name": "driver", "status": "Ready"}])
)
CLAIMS = [
    {"templates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}
]  # fmt: skip
MOUNTING = {
    "containers": [
        {
            "name": "main",
            "image": "registry.example.com/train:1.0",
            "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        }
    ]
}
BASE = {
    ("batch", "jobs", ()): {"get", "list", "watch", "create", "patch", "delete"},
    ("", "pods", ()): {"list"},
    ("", "configmaps", ("demo-restart-plan",)): {"get", "watch"},
    ("", "configmaps", ("demo-restart-state",)): {"get", "update"},
    ("", "events", ()): {"create"},
}


def rights(document, **options):
    """Return the verbs of a Role, by group, resource and names."""
    rules = objects(document, **options)["Role/demo-restart-watcher"]["rules"]
    return {
        (group, resource, tuple(rule.get("resourceNames", ()))): set(rule["verbs"])
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


@pytest.mark.parametrize("owner", ["git", "watcher"])
def test_what_every_watcher_may_do(owner):
    assert rights(jobset(), jobs=owner) == BASE


def test_with_gates_it_may_take_them_off():
    assert rights(ORDERED) == {**BASE, ("", "pods", ()): {"list", "watch", "patch"}}


def test_without_gates_it_may_not_touch_pods():
    assert rights(ORDERED, jobs="watcher") == BASE


def test_without_a_tool_it_puts_the_service_and_the_claims_back():
    document = jobset(replicated_job(pod=MOUNTING), volumeClaimPolicies=CLAIMS)
    assert rights(document, gitops="none") == {
        **BASE,
        ("", "services", ("demo",)): {"get"},
        ("", "services", ()): {"create"},
        ("", "persistentvolumeclaims", ("data-demo",)): {"get"},
        ("", "persistentvolumeclaims", ()): {"create"},
    }


def test_a_service_of_somebody_else_is_none_of_its_business():
    selector = {"jobset.sigs.k8s.io/jobset-name": "demo"}
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "demo", "namespace": "training"},
        "spec": {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": selector},
    }
    text = [jobset(), service]
    rules = objects(*text, gitops="none")["Role/demo-restart-watcher"]["rules"]
    assert not any("services" in rule["resources"] for rule in rules)


def test_no_rule_is_of_everything():
    for rule in objects(ORDERED, gitops="none")["Role/demo-restart-watcher"]["rules"]:
        assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]]


def test_the_binding_gives_the_role_to_the_account():
    binding = objects(jobset())["RoleBinding/demo-restart-watcher"]
    assert binding["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "Role",
        "name": "demo-restart-watcher",
    }
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "demo-restart-watcher", "namespace": "training"}]


def test_the_account_is_of_the_bindings_own_namespace_where_none_is_known():
    document = {**jobset(), "metadata": {"name": "demo"}}
    binding = objects(document)["RoleBinding/demo-restart-watcher"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "demo-restart-watcher"}]


def test_only_the_watchers_pod_gets_a_token():
    found = objects(jobset())
    assert found["ServiceAccount/demo-restart-watcher"]["automountServiceAccountToken"] is False
    pod = found["Job/demo-restart-watcher"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is True
    assert pod["serviceAccountName"] == "demo-restart-watcher"
