"""How one output is shown as its difference from another."""

from __future__ import annotations

import pytest

from tests.cases import FIXTURES
from tests.golden.differences import difference, line_difference, schema_difference
from tests.golden.places import place
from tests.outputs import built

JOB = """\
kind: Job
metadata:
  name: {name}
  annotations:
    force: enabled
spec:
  template:
    spec:
      containers:
      - name: a
        args:
        - {argument}
      - name: b
        args:
        - last
"""
SERVICE = "kind: Service\nmetadata:\n  name: demo\n"


def job(name: str, argument: str = "first") -> str:
    return JOB.format(name=name, argument=argument)


def output(*documents: str) -> str:
    return "---\n".join(documents)


def test_equal_outputs_have_no_difference():
    assert difference(output(job("a"), SERVICE), output(job("a"), SERVICE)) == ""


def test_objects_with_the_same_changes_share_them():
    before = output(job("a"), job("b"), job("c"))
    after = output(job("a", "second"), job("b"), job("c", "second"))
    assert difference(before, after) == (
        "Job/a\nJob/c\n@@ spec.template.spec.containers[0].args @@\n-        - first\n+        - second\n"
    )


def test_what_is_only_added_stands_behind_the_line_before_it():
    after = job("a").replace("    force: enabled\n", "    force: enabled\n    prune: disabled\n")
    assert difference(job("a"), after) == (
        "Job/a\n@@ metadata.annotations @@\n     force: enabled\n+    prune: disabled\n"
    )


def test_an_added_object_is_whole_and_says_what_it_follows():
    assert difference(job("a"), output(job("a"), SERVICE)) == (
        "added: Service/demo, after Job/a\n+kind: Service\n+metadata:\n+  name: demo\n"
    )


def test_an_added_object_that_another_fixture_shows_is_one_line():
    assert difference(job("a"), output(job("a"), "# Role/a: as in b\n")) == "added: Role/a, after Job/a, as in b\n"


def test_a_removed_object_is_its_name():
    assert difference(output(job("a"), SERVICE), job("a")) == "removed: Service/demo\n"


def test_another_order_is_shown():
    assert difference(output(job("a"), SERVICE), output(SERVICE, job("a"))) == ("in this order:\nService/demo\nJob/a\n")


def test_objects_of_one_name_are_numbered():
    after = output(SERVICE, SERVICE + "spec: {}\n")
    assert difference(output(SERVICE, SERVICE), after) == "Service/demo #2\n   name: demo\n+spec: {}\n"


def test_messages_have_no_place():
    assert line_difference("messages", "a.yaml:1:1: x\n  hint: y\n", "a.yaml:1:1: x\n") == "messages\n-  hint: y\n"
    assert line_difference("messages", "x\n", "x\n") == ""


def test_a_schema_is_shown_by_definition():
    before = '{\n  "$defs": {\n    "A": {\n      "type": "object"\n    },\n    "B": {\n      "type": "string"\n    }\n'
    after = before.replace('"B"', '"C"').replace("object", "integer")
    assert schema_difference(before, before) == ""
    assert schema_difference(before, after) == (
        'A\n-      "type": "object"\n+      "type": "integer"\n'
        '\nadded: C, after A\n+      "type": "string"\n+    }\n\nremoved: B\n'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  b:\n    HERE", "a.b"),
        ("a:\n- b: 1\n  c:\n  - 1\n- b: 2\n  c:\n  - HERE", "a[1].c"),
        ("a:\n- b:\n  - 1\n  - HERE", "a[0].b"),
        ("a:\n- b:\n  - c: 1\n    HERE: 1", "a[0].b[0]"),
        ("a: 1\nb:\n  c: 1\nHERE: 1", ""),
        ('data:\n  plan.json: |\n    {\n     "jobs": [\n      {\n       "a": 1\n      },\n      {\n       HERE', "data.plan.json.jobs[1]"),
    ],
)  # fmt: skip
def test_a_place_is_read_from_the_indentation(text, expected):
    assert place(text.splitlines(), len(text.splitlines()) - 1) == expected


@pytest.mark.parametrize("mode", ["argocd", "none"])
def test_a_change_of_any_line_changes_the_difference(mode):
    case = FIXTURES / "valid" / "minimal"
    base, lines = built(case, "any").output, built(case, mode).output.splitlines(keepends=True)
    outputs = {"".join(lines)}
    for number, line in enumerate(lines):
        before, after = lines[:number], lines[number + 1 :]
        outputs |= {
            "".join([*before, line.replace("\n", "x\n"), *after]),
            "".join([*before, line, line, *after]),
            "".join([*before, *after]),
        }
    assert len(outputs) > 2 * len(lines)
    assert len({difference(base, output) for output in outputs}) == len(outputs)
