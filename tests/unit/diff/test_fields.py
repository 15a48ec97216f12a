"""What is a change of an object, and what is none."""

from __future__ import annotations

import pytest

from jobsetgen.diff.changes import FieldChange
from jobsetgen.diff.fields import field_changes
from jobsetgen.expand.objects import INDEX, NAME, Slot
from tests.unit.diff.objects import POD, claim, custom, data, job, rows, service

MAIN = f"{POD}.containers[main]"


def pod(text: str):
    return job(pod=text)


def container(text: str):
    return job(container=text)


SAME = [
    # Another order of a map, null and absent
    (custom("{a: 1, b: 2}"), custom("{b: 2, a: 1}")),
    (custom("{a: 1, b: null}"), custom("{a: 1}")),
    (custom("{list: [{a: null}]}"), custom("{list: [{}]}")),
    (pod("nodeSelector: {a: b, c: d}"), pod("nodeSelector: {c: d, a: b}")),
    # Quantities, where a field is one
    (container("resources: {limits: {memory: 1Gi, cpu: '1'}}"), container("resources: {limits: {memory: 1024Mi, cpu: 1}}")),
    (container("resources: {requests: {cpu: 0.5}}"), container("resources: {requests: {cpu: 500m}}")),
    (pod("volumes: [{name: a, emptyDir: {sizeLimit: 1Gi}}]"), pod("volumes: [{name: a, emptyDir: {sizeLimit: 1024Mi}}]")),
    (pod("resources: {limits: {cpu: 2000m}}"), pod("resources: {limits: {cpu: 2}}")),
    (pod("overhead: {cpu: 100m}"), pod("overhead: {cpu: 0.1}")),
    (claim("resources: {requests: {storage: 1Ti}}"), claim("resources: {requests: {storage: 1024Gi}}")),
    # Empty, where the API server does not tell it from absent
    (pod("{hostNetwork: false, imagePullSecrets: [], nodeSelector: {}, subdomain: ''}"), pod("{}")),
    (container("{args: [], resources: {}, stdin: false, workingDir: ''}"), container("{}")),
    (container("resources: {limits: {}, requests: null}"), container("{}")),
    (container("env: [{name: A, value: ''}]"), container("env: [{name: A}]")),
    (container("volumeMounts: [{name: a, mountPath: /a, readOnly: false}]"), container("volumeMounts: [{name: a, mountPath: /a}]")),
    (container("securityContext: {capabilities: {add: []}}"), container("securityContext: {capabilities: {}}")),
    # The order of lists whose order means nothing
    (pod("volumes: [{name: a}, {name: b}]"), pod("volumes: [{name: b}, {name: a}]")),
    (pod("containers: [{name: a}, {name: b}]"), pod("containers: [{name: b}, {name: a}]")),
    (container("volumeMounts: [{mountPath: /a}, {mountPath: /b}]"), container("volumeMounts: [{mountPath: /b}, {mountPath: /a}]")),
    (container("ports: [{containerPort: 1}, {containerPort: 2}]"), container("ports: [{containerPort: 2}, {containerPort: 1}]")),
    (service("ports: [{port: 1}, {port: 2}]"), service("ports: [{port: 2}, {port: 1}]")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SAME, ids=lambda each: str(each.get("spec")))
def test_no_change(old, new):
    assert rows(old, new) == []
    assert rows(new, old) == []


CHANGES = [
    # Values
    (custom("a: 1"), custom("a: 2"), [("spec.a", "replace", 1, 2)]),
    (custom("a: 1"), custom("b: 1"), [("spec.a", "remove", 1, None), ("spec.b", "add", None, 1)]),
    (custom("a: 1"), custom("a: true"), [("spec.a", "replace", 1, True)]),
    (custom("a: 1.5"), custom("a: 1.50001"), [("spec.a", "replace", 1.5, 1.50001)]),
    (custom("a: '1'"), custom("a: 1"), [("spec.a", "replace", "1", 1)]),
    (custom("a: {b: 1}"), custom("a: [b]"), [("spec.a", "replace", {"b": 1}, ["b"])]),
    (custom("a: {b: {c: 1}}"), custom("a: {b: {c: 2}}"), [("spec.a.b.c", "replace", 1, 2)]),
    # A kind that nobody knows may tell all of these apart
    (custom("a: 1Gi"), custom("a: 1024Mi"), [("spec.a", "replace", "1Gi", "1024Mi")]),
    (custom("a: []"), custom("{}"), [("spec.a", "remove", [], None)]),
    (custom("a: ''"), custom("{}"), [("spec.a", "remove", "", None)]),
    (custom("terminationGracePeriodSeconds: 30"), custom("{}"), [("spec.terminationGracePeriodSeconds", "remove", 30, None)]),
    # A pointer that is false or empty is not absent
    (pod("{}"), pod("automountServiceAccountToken: false"), [(f"{POD}.automountServiceAccountToken", "add", None, False)]),
    (pod("{}"), pod("affinity: {}"), [(f"{POD}.affinity", "add", None, {})]),
    # Not a quantity: a variable, a label, a string that only looks like one
    (container("env: [{name: A, value: 1Gi}]"), container("env: [{name: A, value: 1024Mi}]"), [(f"{MAIN}.env[A].value", "replace", "1Gi", "1024Mi")]),
    (pod("nodeSelector: {a: '1'}"), pod("nodeSelector: {a: '1.0'}"), [(f"{POD}.nodeSelector.a", "replace", "1", "1.0")]),
    (container("resources: {limits: {cpu: 1}}"), container("resources: {limits: {cpu: 1001m}}"), [(f"{MAIN}.resources.limits.cpu", "replace", 1, "1001m")]),
    (container("resources: {limits: {cpu: a}}"), container("resources: {limits: {cpu: b}}"), [(f"{MAIN}.resources.limits.cpu", "replace", "a", "b")]),
    # Items by their key
    (container("image: a:1"), container("image: a:2"), [(f"{MAIN}.image", "replace", "a:1", "a:2")]),
    (container("env: [{name: A, value: x}]"), container("env: [{name: B, value: x}, {name: A, value: z}]"), [(f"{MAIN}.env[B]", "add", None, {"name": "B", "value": "x"}), (f"{MAIN}.env[A].value", "replace", "x", "z")]),
    (pod("volumes: [{name: a}, {name: b}]"), pod("volumes: [{name: b}]"), [(f"{POD}.volumes[a]", "remove", {"name": "a"}, None)]),
    (container("volumeMounts: [{mountPath: /a, name: x}]"), container("volumeMounts: [{mountPath: /a, name: z}]"), [(f'{MAIN}.volumeMounts["/a"].name', "replace", "x", "z")]),
    (container("ports: [{containerPort: 1, name: a}, {containerPort: 1, protocol: UDP}]"), container("ports: [{containerPort: 1, protocol: TCP, name: b}, {containerPort: 1, protocol: UDP, name: c}]"), [(f"{MAIN}.ports[1].name", "replace", "a", "b"), (f'{MAIN}.ports["1/UDP"].name', "add", None, "c")]),
    (service("ports: [{port: 1, nodePort: 2}]"), service("ports: [{port: 1, nodePort: 3}]"), [("spec.ports[1].nodePort", "replace", 2, 3)]),
    (custom("template: {containers: [{name: a, image: x}]}"), custom("template: {containers: [{name: b}, {name: a, image: z}]}"), [("spec.template.containers[b]", "add", None, {"name": "b"}), ("spec.template.containers[a].image", "replace", "x", "z")]),
    # Without a key for each: by position
    (container("env: [{name: A, value: x}, {name: A, value: z}]"), container("env: [{name: A, value: x}, {name: A, value: v}]"), [(f"{MAIN}.env[1].value", "replace", "z", "v")]),
    (container("env: [{value: x}]"), container("env: [{value: z}]"), [(f"{MAIN}.env[0].value", "replace", "x", "z")]),
    (container("args: [a, b, c]"), container("args: [b, c, d]"), [(f"{MAIN}.args[0]", "remove", "a", None), (f"{MAIN}.args[2]", "add", None, "d")]),
    (container("args: [a, b]"), container("args: [b, a]"), [(f"{MAIN}.args[0]", "remove", "a", None), (f"{MAIN}.args[1]", "add", None, "a")]),
    (pod("tolerations: [{key: a}, {key: b}]"), pod("tolerations: [{key: x}, {key: b, effect: NoExecute}]"), [(f"{POD}.tolerations[0].key", "replace", "a", "x"), (f"{POD}.tolerations[1].effect", "add", None, "NoExecute")]),
    (job("podFailurePolicy: {rules: [{action: Ignore}, {action: FailJob}]}"), job("podFailurePolicy: {rules: [{action: Count}, {action: Ignore}, {action: FailJob}]}"), [("spec.podFailurePolicy.rules[0]", "add", None, {"action": "Count"})]),
    # Equal but for defaults is equal
    (pod("topologySpreadConstraints: [{maxSkew: 1}, {maxSkew: 2}]"), pod("topologySpreadConstraints: [{maxSkew: 2, labelSelector: null}]"), [(f"{POD}.topologySpreadConstraints[0]", "remove", {"maxSkew": 1}, None)]),
    (pod("containers: [{name: a, ports: [{containerPort: 1}, {containerPort: 2}]}]"), pod("containers: [{name: a, image: x}, {name: a, ports: [{containerPort: 2}, {containerPort: 1}]}]"), [(f"{POD}.containers[0]", "add", None, {"name": "a", "image": "x"})]),
    # Moves, where the order counts
    (container("env: [{name: A}, {name: B}, {name: C}]"), container("env: [{name: C}, {name: A}, {name: B}]"), [(f"{MAIN}.env[C]", "move", 2, 0)]),
    (container("env: [{name: A}, {name: B}]"), container("env: [{name: X}, {name: A}, {name: B}]"), [(f"{MAIN}.env[X]", "add", None, {"name": "X"})]),
    (pod("initContainers: [{name: a}, {name: b}]"), pod("initContainers: [{name: b}, {name: a, image: x}]"), [(f"{POD}.initContainers[a].image", "add", None, "x"), (f"{POD}.initContainers[a]", "move", 0, 1)]),
    (custom("volumes: [{name: a}, {name: b}]"), custom("volumes: [{name: b}, {name: a}]"), [("spec.volumes[a]", "move", 0, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changes"), CHANGES, ids=str)
def test_changes(old, new, changes):
    assert rows(old, new) == changes


def test_a_slot_is_not_its_text():
    old, new = job(), job()
    old["metadata"]["name"] = NAME
    new["metadata"]["name"] = str(NAME)
    assert rows(old, new) == [("metadata.name", "replace", "job name", "job name")]
    assert isinstance(field_changes(old, new)[0].old, Slot)
    new["metadata"]["name"] = INDEX
    assert rows(old, new) == [("metadata.name", "replace", "job name", "job index")]
    new["metadata"]["name"] = NAME
    assert rows(old, new) == []


def test_the_objects_of_a_list_have_their_own_types():
    items = "[{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {%s}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: c}}]"
    old = data("{apiVersion: v1, kind: List, items: " + items % "type: ClusterIP" + "}")
    new = data("{apiVersion: v1, kind: List, items: " + items % "" + "}")
    assert rows(old, new) == []
    new["items"][1]["data"] = {"a": "b"}
    assert rows(old, new) == [('items["ConfigMap/c/b"].data', "add", None, {"a": "b"})]


def test_objects_of_different_api_versions_have_no_defaults_in_common():
    old, new = service("type: ClusterIP"), service("{}")
    new["apiVersion"] = "v2"
    assert rows(old, new) == [
        ("apiVersion", "replace", "v1", "v2"),
        ("spec.type", "remove", "ClusterIP", None),
    ]


def test_a_script_is_compared_by_line():
    (change,) = field_changes(container(r'args: ["a\nb\n"]'), container(r'args: ["a\nc\n"]'))
    assert change == FieldChange(
        path=("spec", "template", "spec", "containers", "main", "args", 0),
        operation="replace",
        old="a\nb\n",
        new="a\nc\n",
        text=("@@ -1,2 +1,2 @@", " a", "-b", "+c"),
    )


def test_a_slot_is_no_text_to_compare_by_line():
    old, new = job(), job()
    old["metadata"]["name"] = NAME
    new["metadata"]["name"] = "a\nb\n"
    assert [each.text for each in field_changes(old, new)] == [()]
