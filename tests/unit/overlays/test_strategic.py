"""Strategic merge patches: what they make of an object, and what is reported at which line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.patching import hints, patch

BASE = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: demo
  finalizers: [example.com/a, example.com/b]
spec:
  suspend: true
  replicatedJobs:
  - name: driver
    replicas: 1
  - name: workers
    replicas: 2
    template:
      spec:
        parallelism: 4
        template:
          spec:
            containers:
            - name: main
              image: train:1
              env: [{name: A, value: "1"}, {name: B, value: "2"}, {name: C, value: "3"}]
            tolerations: [{key: a}]
            volumes: [{name: data, emptyDir: {}}]
"""


def patched_spec(text: str) -> Any:
    """Return the spec of the JobSet after a patch of its spec."""
    indented = "\n".join(f"      {line}" for line in text.splitlines())
    patches = f"patches:\n- target: {{kind: JobSet}}\n  patch: |\n    spec:\n{indented}\n"
    return patch(BASE, patches).only["spec"]


def pod(text: str) -> Any:
    """Return the pod's spec of the workers after a patch of it."""
    indented = "\n".join(f"          {line}" for line in text.splitlines())
    head = "replicatedJobs:\n- name: workers\n  template:\n    spec:\n      template:\n        spec:\n"
    workers = patched_spec(head + indented)["replicatedJobs"][1]
    return workers["template"]["spec"]["template"]["spec"]


def test_a_replicated_job_is_merged_where_it_stands():
    spec = patched_spec("replicatedJobs:\n- {name: evaluation, replicas: 3}\n- {name: workers, replicas: 8}")

    assert [(job["name"], job["replicas"]) for job in spec["replicatedJobs"]] == [
        ("driver", 1),
        ("workers", 8),
        ("evaluation", 3),
    ]
    assert spec["replicatedJobs"][1]["template"]["spec"]["parallelism"] == 4


def test_null_removes_a_field():
    assert "suspend" not in patched_spec("suspend: null")


def test_null_in_a_mapping_that_is_new_is_left_out():
    assert patched_spec("network: {subdomain: a, enableDNSHostnames: null}")["network"] == {"subdomain": "a"}


def test_an_item_is_deleted_by_its_key():
    spec = patched_spec("replicatedJobs: [{name: driver, $patch: delete}]")
    assert [job["name"] for job in spec["replicatedJobs"]] == ["workers"]


def test_a_list_is_replaced_by_an_item_of_its_own():
    spec = patched_spec("replicatedJobs: [{$patch: replace}, {name: only}]")
    assert spec["replicatedJobs"] == [{"name": "only"}]


def test_an_item_with_a_key_is_replaced_alone():
    spec = patched_spec("replicatedJobs: [{name: workers, $patch: replace, replicas: 1}]")
    assert spec["replicatedJobs"] == [{"name": "driver", "replicas": 1}, {"name": "workers", "replicas": 1}]


def test_a_mapping_is_replaced_or_deleted():
    assert patched_spec("{$patch: replace, suspend: false}") == {"suspend": False}
    assert pod("volumes: [{name: data, emptyDir: {$patch: delete}, configMap: {name: a}}]")["volumes"] == [
        {"name": "data", "configMap": {"name": "a"}}
    ]


def test_a_list_without_keys_is_replaced():
    assert pod("tolerations: [{key: b}]")["tolerations"] == [{"key": "b"}]
    assert pod("tolerations: [{$patch: replace}, {key: b}]")["tolerations"] == [{"key": "b"}]


def test_new_items_of_a_pod_come_first_as_in_kustomize():
    env = pod("containers: [{name: main, env: [{name: D, value: '4'}, {name: B, value: '5'}]}]")["containers"][0]["env"]
    assert [(each["name"], each["value"]) for each in env] == [("D", "4"), ("B", "5"), ("A", "1"), ("C", "3")]


def test_an_order_is_that_of_kubectl():
    text = """\
containers:
- name: main
  env: [{name: D, value: "4"}]
  $setElementOrder/env: [{name: C}, {name: D}, {name: A}]"""
    env = pod(text)["containers"][0]["env"]
    assert [each["name"] for each in env] == ["B", "C", "D", "A"]


def test_an_order_without_items_of_the_patch_sorts_those_of_the_base():
    text = "containers:\n- name: main\n  $setElementOrder/env: [{name: C}, {name: B}, {name: A}]"
    assert [each["name"] for each in pod(text)["containers"][0]["env"]] == ["C", "B", "A"]


def test_retained_keys_are_the_only_ones_that_stay():
    volumes = pod("volumes: [{name: data, configMap: {name: a}, $retainKeys: [name, configMap]}]")["volumes"]
    assert volumes == [{"name": "data", "configMap": {"name": "a"}}]


def test_a_protocol_may_be_left_out():
    ports = "ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP, name: udp}]"
    change = f"containers: [{{name: new, {ports}}}]"
    assert len(pod(change)["containers"][0]["ports"]) == 2
    result = patch(
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80, name: a}]}}",
        "patches: [{target: {}, patch: {spec: {ports: [{port: 80, protocol: TCP, targetPort: 1}]}}}]",
    )
    assert result.only["spec"]["ports"] == [{"port": 80, "name": "a", "protocol": "TCP", "targetPort": 1}]


@pytest.mark.parametrize(
    ("change", "finalizers"),
    [
        ("finalizers: [example.com/c, example.com/b]", ["example.com/c", "example.com/b", "example.com/a"]),
        ("$deleteFromPrimitiveList/finalizers: [example.com/a]", ["example.com/b"]),
        ("$setElementOrder/finalizers: [example.com/b, example.com/a]", ["example.com/b", "example.com/a"]),
    ],
)
def test_finalizers_are_merged_by_their_values(change: str, finalizers: list[str]):
    patches = f"patches: [{{target: {{}}, patch: {{metadata: {{{change}}}}}}}]"
    assert patch(BASE, patches).only["metadata"]["finalizers"] == finalizers


def test_of_an_unknown_kind_every_list_is_replaced():
    base = "{apiVersion: example.com/v1, kind: Job, metadata: {name: a}, spec: {containers: [{name: a}]}}"
    patches = "patches: [{target: {}, patch: {spec: {containers: [{name: b}], $ref: a}}}]"
    assert patch(base, patches).only["spec"] == {"containers": [{"name": "b"}], "$ref": "a"}


def test_an_object_can_be_deleted():
    patches = """\
    patches:
    - patch: {apiVersion: jobset.x-k8s.io/v1alpha2, kind: JobSet, metadata: {name: demo}, $patch: delete}
    """
    result = patch(BASE, patches)
    assert (result.data, result.messages) == ([], [])


def test_values_keep_their_places():
    patches = "patches:\n- path: a.yaml\n  target: {kind: JobSet}\n"
    change = "spec:\n  replicatedJobs:\n  - name: workers\n    replicas: 8\n"

    [document] = patch(BASE, patches, {"a.yaml": change}).changed.documents

    assert document.place(("spec", "replicatedJobs", 1, "replicas"))[:3] == ("a.yaml", 4, 15)
    assert document.place(("spec", "replicatedJobs", 1, "replicas"), on_key=True)[:3] == ("a.yaml", 4, 5)
    assert document.place(("spec", "replicatedJobs", 0, "replicas"))[:3] == ("base.yaml", 10, 15)


def test_neither_the_object_nor_the_patch_is_modified():
    patches = "patches: [{target: {}, patch: {spec: {replicatedJobs: [{name: workers, replicas: 8}]}}}]"
    assert patch(BASE, patches).only != patch(BASE, "patches: []").only


def problems(change: str) -> list[str]:
    """Return what is wrong with a patch of the spec, which begins on line 1 of its file."""
    result = patch(BASE, "patches: [{path: p.yaml, target: {kind: JobSet}}]", {"p.yaml": change})
    assert result.data == patch(BASE, "patches: []").data
    return result.messages


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ("spec: {$pacth: delete}", ["p.yaml:1:8 JSG712 unknown directive '$pacth'"]),
        (
            "spec: {$patch: remove}",
            ["p.yaml:1:16 JSG712 '$patch' is 'remove', but must be delete, merge or replace"],
        ),
        (
            "spec: {$patch: [delete]}",
            ["p.yaml:1:16 JSG712 '$patch' is a value of another type, but must be delete, merge or replace"],
        ),
        ("spec:\n  replicatedJobs:\n  - replicas: 1", ["p.yaml:3:5 JSG712 the item lacks its merge key 'name'"]),
        (
            "spec:\n  replicatedJobs: [a]",
            ["p.yaml:2:20 JSG712 an item of a list that is merged by name must be a mapping"],
        ),
        (
            "spec:\n  replicatedJobs:\n  - name: a\n  - name: a",
            ["p.yaml:4:5 JSG712 the patch has two items with name 'a' (the first on line 3)"],
        ),
        (
            "spec: {failurePolicy: {rules: [{$patch: delete, action: FailJobSet}]}}",
            [
                "p.yaml:1:33 JSG712 '$patch' in the list 'rules', whose items have no merge key:"
                " the patch replaces it as a whole"
            ],
        ),
        (
            "spec: {$setElementOrder/rules: []}",
            ["p.yaml:1:8 JSG712 the list 'rules' is not merged, so '$setElementOrder/rules' has no effect"],
        ),
        (
            "spec:\n  $setElementOrder/replicatedJobs: [{name: a}]\n  replicatedJobs: [{name: b}]",
            ["p.yaml:3:20 JSG712 the item with name 'b' is not in '$setElementOrder/replicatedJobs'"],
        ),
        (
            "spec: {$setElementOrder/replicatedJobs: a}",
            ["p.yaml:1:41 JSG712 '$setElementOrder/replicatedJobs' must be a list"],
        ),
        (
            "metadata: {$deleteFromPrimitiveList/finalizers: a}",
            ["p.yaml:1:49 JSG712 '$deleteFromPrimitiveList/finalizers' must be a list of values"],
        ),
        (
            "metadata: {$deleteFromPrimitiveList/finalizers: [[a]]}",
            ["p.yaml:1:50 JSG712 '$deleteFromPrimitiveList/finalizers' must be a list of strings or numbers"],
        ),
        ("spec: {$retainKeys: a}", ["p.yaml:1:21 JSG712 '$retainKeys' must be a list of keys"]),
        (
            "spec: {$retainKeys: [network], suspend: false}",
            ["p.yaml:1:32 JSG712 the patch sets 'suspend', which its '$retainKeys' does not name"],
        ),
        (
            "spec: {$a: 1, replicatedJobs: [{}]}",
            ["p.yaml:1:8 JSG712 unknown directive '$a'", "p.yaml:1:32 JSG712 the item lacks its merge key 'name'"],
        ),
    ],
)
def test_what_is_wrong_with_a_patch_is_reported_at_its_line(change: str, messages: list[str]):
    assert problems(change) == messages


def test_a_key_that_the_base_has_twice_cannot_be_patched():
    base = "apiVersion: jobset.x-k8s.io/v1alpha2\nkind: JobSet\nmetadata: {name: a}\nspec:\n  replicatedJobs:\n  - {name: b}\n  - {name: b}\n"
    change = "spec: {replicatedJobs: [{name: b, replicas: 1}]}"
    result = patch(base, "patches: [{path: p.yaml, target: {}}]", {"p.yaml": change})
    assert result.messages == [
        "p.yaml:1:25 JSG712 the list to patch has two items with name 'b': at base.yaml:6 and at base.yaml:7"
    ]
    # Other items can.
    change = "spec: {replicatedJobs: [{name: c}]}"
    assert patch(base, "patches: [{path: p.yaml, target: {}}]", {"p.yaml": change}).messages == []


def test_a_mistake_is_reported_once_for_many_objects():
    base = "\n---\n".join(BASE.replace("demo", f"demo-{number}") for number in range(3))
    result = patch(base, "patches: [{patch: {spec: {$pacth: a}}, target: {kind: JobSet}}]")
    assert len(result.messages) == 1
    assert hints(result) == ["Did you mean '$patch'?"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("spec: all", "1:7 JSG712 'spec' is a single value, but a mapping in the object (base.yaml:7)"),
        (
            "spec: {replicatedJobs: {name: driver}}",
            "1:24 JSG712 'replicatedJobs' is a mapping, but a list in the object",
        ),
        ("spec: {suspend: [true]}", "1:17 JSG712 'suspend' is a list, but a single value in the object (base.yaml:7)"),
        ("metadata: {labels: {a: {b: c}}}", ""),
        ("metadata: {finalizers: null}", ""),
        ("spec: {suspend: {$patch: replace, a: b}}", ""),
    ],
)
def test_a_field_keeps_its_shape_unless_it_is_replaced_on_purpose(change: str, message: str):
    result = patch(BASE, "patches: [{path: p.yaml, target: {kind: JobSet}}]", {"p.yaml": change})
    assert all(each.startswith(f"p.yaml:{message}") for each in result.messages)
    assert len(result.messages) == bool(message)
