"""JSG401: objects that are here twice, those of a set's watcher among them."""

from __future__ import annotations

import pytest

from jobsetgen.options.watcher import Watcher
from tests.unit.rules.sets import job, jobset, said, together

RESTARTED = jobset(job("name: workers, replicas: 2"))
RIGHTS = ["ServiceAccount", "Role", "RoleBinding"]


def beside(kind: str, name: str) -> str:
    groups = {"Role": "rbac.authorization.k8s.io/v1", "RoleBinding": "rbac.authorization.k8s.io/v1", "Job": "batch/v1"}
    spec = "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'b:1'}]}}}\n"
    role = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}\n"
    rest = {"Job": spec, "RoleBinding": role}.get(kind, "")
    return f"apiVersion: {groups.get(kind, 'v1')}\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}"


@pytest.mark.parametrize("kind", [*RIGHTS, "Job"])
def test_the_watchers_own(kind):
    text = together(RESTARTED, beside(kind, "demo-restart-watcher"))
    message = f"the restart-watcher of JobSet demo has a {kind} of the name demo-restart-watcher, too"
    assert said("JSG401", text) == [f"11:18: {message}"]


@pytest.mark.parametrize("name", ["demo-restart-plan", "demo-restart-state"])
def test_its_config_maps(name):
    text = together(RESTARTED, beside("ConfigMap", name))
    assert said("JSG401", text) == [
        f"11:18: the restart-watcher of JobSet demo has a ConfigMap of the name {name}, too"
    ]


@pytest.mark.parametrize("kind", RIGHTS)
def test_with_an_existing_account_its_rights_are_somebody_elses(kind):
    text = together(RESTARTED, beside(kind, "demo-restart-watcher"))
    assert said("JSG401", text, watcher=Watcher(service_account="demo-restart-watcher")) == []


def test_a_set_without_a_watcher_has_none_of_them():
    assert said("JSG401", together(jobset(), beside("ConfigMap", "demo-restart-plan"))) == []


def test_another_namespace_is_another_object():
    text = together(
        jobset(job("name: workers, replicas: 2"), metadata="name: demo, namespace: a"),
        beside("ConfigMap", "demo-restart-plan"),
    )
    assert said("JSG401", text, namespace="b") == []
