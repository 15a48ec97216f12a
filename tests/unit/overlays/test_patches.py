"""The entries of `patches`: where a patch stands, which objects it is for, and in which order."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from jobsetgen.diagnostics import Place
from jobsetgen.overlays.patches import patched
from jobsetgen.source.documents import Document, computed
from jobsetgen.source.loader import Loaded
from tests.patching import hints, patch

BASE = """\
apiVersion: batch/v1
kind: Job
metadata: {name: train, labels: {app: train, tier: gpu}}
spec: {backoffLimit: 1}
---
apiVersion: batch/v1
kind: Job
metadata: {name: eval, namespace: lab, annotations: {team: a}}
spec: {backoffLimit: 1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: train}
"""
SUSPEND = "patch: {spec: {suspend: true}}"


def suspended(entry: str) -> list[str]:
    """Return the names of the objects that an entry with a target suspends."""
    result = patch(BASE, f"patches:\n- {SUSPEND}\n  target: {entry}")
    return [each["metadata"]["name"] for each in result.data if each.get("spec", {}).get("suspend")]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("{kind: Job}", ["train", "eval"]),
        ("{kind: Jo}", []),
        ("{kind: J.*, name: tr.*n}", ["train"]),
        ("{kind: Job, name: rai}", []),
        ("{kind: Job, name: a|train|b}", ["train"]),
        ("{group: batch}", ["train", "eval"]),
        ("{group: batch, version: v1, name: eval}", ["eval"]),
        ("{kind: Job, version: v2}", []),
        ("{namespace: lab}", ["eval"]),
        ("{kind: Job, namespace: default}", ["train"]),
        ("{labelSelector: app=train}", ["train"]),
        ("{labelSelector: 'app=train,tier!=gpu'}", []),
        ("{kind: Job, labelSelector: '!app'}", ["eval"]),
        ("{annotationSelector: 'team in (a, b)'}", ["eval"]),
        ("{kind: Job, name: ''}", ["train", "eval"]),
    ],
)
def test_a_target_matches_whole_names_as_in_kustomize(target: str, names: list[str]):
    assert suspended(target) == names


def test_an_object_without_a_namespace_of_its_own_is_in_none():
    base = f"{BASE}---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: high}}\nvalue: 1\n"
    result = patch(base, "patches:\n- patch: {$patch: delete}\n  target: {namespace: default}")
    assert [each["metadata"]["name"] for each in result.data] == ["eval", "high"]


@pytest.mark.parametrize("quote", ["|", ">", "literal"])
def test_a_patch_may_be_text(quote: str):
    change = "{apiVersion: batch/v1, kind: Job, metadata: {name: train}, spec: {backoffLimit: 7}}"
    text = json.dumps(change) if quote == "literal" else f"{quote}\n    {change}"
    result = patch(BASE, f"patches:\n- patch: {text}\n")
    assert (result.messages, result.data[0]["spec"]) == ([], {"backoffLimit": 7})


@pytest.mark.parametrize("content", ["{spec: {}}", "[{op: add, path: /a, value: 1}]"])
def test_what_is_no_object_is_left_alone(content: str):
    result = patch("[a]\n---\nb\n---\n{c: 1}\n", f"patches: [{{target: {{}}, patch: {content}}}]")
    assert result.messages == []
    assert result.data[:2] == [["a"], "b"]


def test_patches_apply_in_their_order():
    patches = """\
    patches:
    - {target: {name: train, kind: Job}, patch: {spec: {backoffLimit: 2}}}
    - {target: {name: train, kind: Job}, patch: [{op: test, path: /spec/backoffLimit, value: 2}]}
    - {target: {name: train, kind: Job}, patch: [{op: replace, path: /spec/backoffLimit, value: 3}]}
    """
    result = patch(BASE, patches)
    assert (result.messages, result.data[0]["spec"]) == ([], {"backoffLimit": 3})


def test_a_file_may_have_several_patches_and_a_list_of_them():
    change = """\
    {apiVersion: batch/v1, kind: Job, metadata: {name: train}, spec: {backoffLimit: 8}}
    ---
    apiVersion: v1
    kind: List
    items:
    - {apiVersion: batch/v1, kind: Job, metadata: {name: eval}, spec: {backoffLimit: 9}}
    """
    result = patch(BASE, "patches: [{path: p.yaml}]", {"p.yaml": change})
    assert result.messages == []
    assert [each["spec"]["backoffLimit"] for each in result.data[:2]] == [8, 9]


def test_what_a_target_matches_is_found_after_the_patches_before():
    patches = """\
    patches:
    - {target: {name: train, kind: Job}, patch: {metadata: {labels: {new: a}}}}
    - {target: {labelSelector: new=a}, patch: {spec: {suspend: true}}}
    - {target: {kind: ConfigMap}, patch: {$patch: delete}}
    """
    result = patch(BASE, patches)
    assert result.messages == []
    assert [(each["kind"], each["spec"].get("suspend")) for each in result.data] == [("Job", True), ("Job", None)]


def test_with_a_target_the_name_and_the_kind_in_a_patch_do_not_count():
    change = "{apiVersion: v1, kind: Any, metadata: {name: any, namespace: any, labels: {a: b}}}"
    result = patch(BASE, f"patches: [{{target: {{name: eval}}, patch: {change}}}]")
    assert result.messages == []
    assert result.data[1]["metadata"] == {
        "name": "eval",
        "namespace": "lab",
        "annotations": {"team": "a"},
        "labels": {"a": "b"},
    }


def test_comments_in_a_patch_silence_warnings_on_its_lines():
    change = "spec: {suspend: true}  # jobsetgen: ignore[JSG501] not yet\n"
    result = patch(BASE, "patches: [{path: p.yaml, target: {kind: Job}}]", {"p.yaml": change})
    assert dict(result.changed.documents[0].ignores) == {("p.yaml", 1): {"JSG501"}}


def named(name: str, kind: str = "Job", namespace: str = "") -> str:
    return json.dumps(
        {
            "apiVersion": "batch/v1",
            "kind": kind,
            "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        }
    )


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        ("{}", "1:11 JSG712 the entry has no patch", "Set either 'path' or 'patch'."),
        ("{path: a, patch: {}}", "1:11 JSG712 the entry has both 'path' and 'patch'", "Set either 'path' or 'patch'."),
        ("a", "1:11 JSG712 an entry of 'patches' must be a mapping", ""),
        ("{patch: '', target: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: null, target: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: {}, target: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: [], target: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: '{}', target: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: {}}", "1:19 JSG712 the patch is empty", ""),
        ("{patch: []}", "1:19 JSG712 the patch is empty", ""),
        (
            "{patch: a, target: {}}",
            "1:19 JSG712 a patch must be a mapping, or a list of operations",
            "Set 'path' to read a file.",
        ),
        (
            "{patch: [{op: remove, path: /a}]}",
            "1:19 JSG712 a JSON patch does not say which object it is for",
            "Add a target to the entry of the patch.",
        ),
        (
            "{patch: {spec: {}}}",
            "1:19 JSG712 the patch does not say which object it is for: no apiVersion",
            "Add a target, or the apiVersion, kind and name of the object.",
        ),
        ("{patch: {spec: {}}, target: a}", "1:39 JSG712 the target must be a mapping", ""),
        (
            "{patch: {spec: {}}, target: {name: '(a'}}",
            "1:46 JSG712 invalid 'name': the group is not closed, at character 1",
            "",
        ),
        (
            "{patch: {spec: {}}, target: {labelSelector: 'a in'}}",
            "1:55 JSG712 invalid 'labelSelector': the selector ends before '('",
            "",
        ),
        (
            "{patch: {spec: {}}, target: {name: nothing}}",
            "1:39 JSG713 no object matches the target: name 'nothing'",
            "Use one of those in the input: eval and train.",
        ),
        (
            "{patch: {spec: {}}, target: {kind: Jobs}}",
            "1:39 JSG713 no object matches the target: kind 'Jobs'",
            "Did you mean 'Job'?",
        ),
        (f"{{patch: {named('trian')}}}", "1:82 JSG713 no object to patch: Job.batch 'trian'", "Did you mean 'train'?"),
        (
            f"{{patch: {named('train', 'Job', 'lab')}}}",
            "1:104 JSG713 no object to patch: Job.batch 'train' in the namespace 'lab'",
            "Leave the namespace out: the object has none.",
        ),
        (
            "{patch: {apiVersion: v1, kind: Job, metadata: {name: train}}}",
            "1:32 JSG713 no object to patch: Job 'train'",
            "Write the API group of the Job: batch.",
        ),
        (
            f"{{patch: {named('train')[:-1]}, $patch: delete}}}}, {{patch: {named('train')}}}",
            "1:181 JSG713 no object to patch: Job.batch 'train'",
            "A patch before this one removes the object.",
        ),
        (
            "{patch: {spec: {}}, target: {kind: Job, version: v2}}",
            "1:39 JSG713 no object matches the target: kind 'Job', version 'v2'",
            "Use one of those in the input: v1.",
        ),
        (
            "{patch: {spec: {}}, target: {kind: Job, namespace: lap}}",
            "1:39 JSG713 no object matches the target: kind 'Job', namespace 'lap'",
            "Use one of those in the input: default and lab.",
        ),
        (f"{{patch: {named('a', 'Jobb')}}}", "1:54 JSG713 no object to patch: Jobb.batch 'a'", "Did you mean 'Job'?"),
        (
            f"{{patch: {named('eval', 'Job', 'lap')}}}",
            "1:103 JSG713 no object to patch: Job.batch 'eval' in the namespace 'lap'",
            "Use one of those in the input: lab.",
        ),
        (
            "{patch: {spec: {}}, target: {}, taget: {}}",
            "1:43 JSG712 unknown field 'taget' of a patch",
            "Did you mean 'target'?",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_reported_at_its_place(entry: str, message: str, hint: str):
    result = patch(BASE, f"patches: [{entry}]", {"a": ""})
    assert (result.messages, hints(result)) == ([f"jobsetgen.yaml:{message}"], [hint])


def test_a_name_that_stands_for_objects_in_two_namespaces_is_ambiguous():
    job = "{{apiVersion: batch/v1, kind: Job, metadata: {{name: a, namespace: {}}}}}"
    base = "\n---\n".join(job.format(namespace) for namespace in ("b", "c"))
    assert patch(base, f"patches: [{{patch: {named('a')}}}]").messages == [
        "jobsetgen.yaml:1:82 JSG713 the patch names 2 objects: Job.batch 'a' in the namespaces 'b' and 'c'"
    ]
    assert patch(base, f"patches: [{{patch: {named('a', namespace='c')}}}]").messages == []


def test_a_mistake_in_a_block_scalar_is_reported_on_its_line():
    patches = """\
    patches:
    - target: {kind: Job}
      patch: |

        # A comment counts as a line.
        - op: replace
          path: /spec/nothing
          value: 1
    """
    assert patch(BASE, patches).messages == ["jobsetgen.yaml:7:13 JSG712 /spec/nothing: no such key (Job 'train')"]


def test_a_mistake_in_another_string_is_reported_at_the_string():
    patches = 'patches: [{target: {kind: Job}, patch: "spec: {\\n$a: 1}"}]'
    assert patch(BASE, patches).messages == ["jobsetgen.yaml:1:40 JSG712 unknown directive '$a'"]


def test_text_that_is_not_yaml_is_reported_on_its_line():
    patches = "patches:\n- patch: |\n    a: 1\n    b: [\n"
    [message] = patch(BASE, patches).messages
    assert message.startswith("jobsetgen.yaml:5:")
    assert "JSG002 invalid YAML" in message


def jobs(count: int, values: int) -> list[Document]:
    """Return Jobs with so many values each."""
    spec = {"values": list(range(values))}
    place = Place("base.yaml")
    return [Document(computed({**job_named(f"a-{number}"), "spec": spec}, place)) for number in range(count)]


def job_named(name: str) -> dict[str, Any]:
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}}


def project(entries: list[dict[str, Any]]) -> Document:
    return Document(computed({"patches": entries}, Place("jobsetgen.yaml")))


def unread(path: str, place: Place) -> Loaded:
    raise AssertionError(path)


def test_five_thousand_patches_of_three_hundred_objects_take_a_second():
    entries = [{"patch": {**job_named(f"a-{number % 300}"), "spec": {f"f{number}": 1}}} for number in range(5000)]

    begin = time.process_time()
    changed = patched(jobs(300, 100), project(entries), unread)

    assert changed.diagnostics == ()
    assert sum(len(document.data["spec"]) - 1 for document in changed.documents) == 5000
    assert time.process_time() - begin < 10


def test_patches_that_change_too_much_are_refused():
    entries = [{"target": {"name": "a.*"}, "patch": {"spec": {f"f{number}": 1}}} for number in range(100)]

    changed = patched(jobs(300, 1000), project(entries), unread)

    assert [each.message for each in changed.diagnostics] == ["the patches of the project change too many values"]


def test_a_pattern_cannot_take_exponentially_long():
    begin = time.process_time()
    result = patch(f"{{kind: {'a' * 250}}}", "patches: [{target: {kind: (a+)+b}, patch: {}}]")
    assert len(result.messages) == 1
    assert time.process_time() - begin < 5
