"""What is said of objects that decide what Argo CD and Flux apply, in every format, whatever their names are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from jobsetgen.diff.as_json import as_json
from jobsetgen.diff.as_markdown import as_markdown
from jobsetgen.diff.as_text import as_text
from jobsetgen.diff.delivery import DeliveryChange
from jobsetgen.diff.delivery_words import not_compared
from jobsetgen.diff.words import Medium
from tests.cases import ROOT
from tests.unit.diff.builders import comparison, image_change, removal
from tests.unit.diff.hostile import TEXTS
from tests.unit.diff.markdown import leaks, skeleton
from tests.unit.diff.test_as_text import CODE, lines_in_danger
from tests.unit.diff.test_markup import ANY_TEXT

PLAIN = Medium(name=str, prose=str, strong=str)


def change(name: str = "train", operation="replace", kind: str = "Application", **values) -> DeliveryChange:
    given = {"namespace": "argocd", "file": "apps/train.yaml", **values}
    return DeliveryChange(kind=kind, name=name, operation=operation, **given)


class TestWords:
    @pytest.mark.parametrize(
        ("changes", "text"),
        [
            (
                [change()],
                "Not compared: Application argocd/train in apps/train.yaml changed. It decides what Argo CD applies:"
                " its parameters, destination and path can change, recreate or delete sets.",
            ),
            (
                [change(operation="add", kind="Kustomization", namespace="")],
                "Not compared: Kustomization train in apps/train.yaml was added. It decides what Flux applies:"
                " its source, path and patches can change, recreate or delete sets.",
            ),
            (
                [change(operation="remove", kind="Bucket"), change("other", operation="remove", kind="GitRepository")],
                "Not compared: Bucket argocd/train in apps/train.yaml was removed; GitRepository argocd/other in"
                " apps/train.yaml was removed. They decide what Flux applies: their address and revision can change,"
                " recreate or delete sets.",
            ),
            (
                [change(operation="move", moved_from="a/b.yaml"), change(kind="Kustomization")],
                "Not compared: Application argocd/train moved from a/b.yaml to apps/train.yaml; Kustomization"
                " argocd/train in apps/train.yaml changed. They decide what Argo CD and Flux apply, and can change,"
                " recreate or delete sets.",
            ),
            (
                [change(file=f"{name}.yaml") for name in "abcd"],
                "Not compared: Application argocd/train in a.yaml, b.yaml and 2 more files changed. It decides what"
                " Argo CD applies: its parameters, destination and path can change, recreate or delete sets.",
            ),
            (
                [change("", namespace="")],
                "Not compared: Application in apps/train.yaml changed. It decides what Argo CD applies: its"
                " parameters, destination and path can change, recreate or delete sets.",
            ),
        ],
    )
    def test_each_object_is_named_once_with_what_it_decides(self, changes, text):
        assert not_compared(changes, PLAIN) == text

    def test_of_many_objects_some_are_named(self):
        text = not_compared([change(f"train-{index}") for index in range(1_007)], PLAIN)
        assert text.count("argocd/train-") == 5
        assert "; and 1,002 more objects. They decide" in text


class TestFormats:
    def test_nothing_is_promised(self):
        found = [comparison()]
        text = as_text(found, width=1_000, color=False, deliveries=[change()])
        comment = as_markdown(found, command="jobsetgen diff", deliveries=[change()])
        for printed in (text, comment):
            assert "By the manifests alone: No change to 2 sets." in printed
            for word in ("none.", "pprove", "Safe"):
                assert word not in printed
        assert text.startswith("Not compared: Application argocd/train in apps/train.yaml changed. ")
        start = "<!-- jobsetgen diff -->\n**Not compared: Application `argocd/train` in `apps/train.yaml` changed. "
        assert comment.startswith(start)

    def test_what_was_compared_is_shown(self):
        found = [comparison(image_change(), removal(claims=["data"]))]
        text = as_text(found, width=1_000, color=False, deliveries=[change()])
        alone = as_text(found, width=1_000, color=False)
        headline, *rest = alone.splitlines()
        shown = text.splitlines()
        assert shown[1] == f"By the manifests alone: {headline}"
        advice = "Approve only if this data may be lost."
        assert shown[2:] == [line for line in rest if line != advice]
        assert "Data deleted: claim research/data." in shown

    def test_json_is_by_its_schema_and_says_nothing_of_no_object(self):
        schema = json.loads((ROOT / "schemas" / "diff-v1.json").read_text())
        changes = [change(), change("", operation="move", moved_from="a\x1b.yaml")]
        document = json.loads(as_json([comparison()], "unknown", deliveries=changes))
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
        first = document["notCompared"][0]
        assert first.pop("sentence") == not_compared([change()], PLAIN)
        assert first == {
            "kind": "Application",
            "namespace": "argocd",
            "name": "train",
            "file": "apps/train.yaml",
            "movedFrom": None,
            "op": "replace",
        }
        assert "notCompared" not in json.loads(as_json([comparison()], "none"))


def hostile_changes(text: str) -> list[DeliveryChange]:
    """Return changes with a text wherever untrusted text can be."""
    return [
        change(text, namespace=text, file=text),
        change(text, namespace=text, file=f"{text} 2"),
        change(text, operation="move", namespace=text, file=text, moved_from=text),
    ]


SKELETON = skeleton(as_markdown([comparison()], command="a", deliveries=hostile_changes("a")))


def check_texts(text: str) -> None:
    changes = hostile_changes(text)
    comment = as_markdown([comparison()], command="a", deliveries=changes)
    assert leaks(comment) == []
    assert skeleton(comment) == SKELETON
    for color in (False, True):
        printed = as_text([comparison()], width=80, color=color, deliveries=changes)
        assert lines_in_danger(CODE.sub("", printed)) == []
    assert as_json([comparison()], "unknown", deliveries=changes).isascii()


@pytest.mark.parametrize("name", TEXTS)
def test_no_name_becomes_markup_or_a_code_of_the_terminal(name):
    check_texts(TEXTS[name])


@given(ANY_TEXT)
def test_no_text_at_all_becomes_any(text):
    check_texts(text)


@pytest.mark.parametrize("most", [1_000, 8_000, 65_000])
def test_a_comment_is_never_longer_than_it_may_be(most):
    changes = [change("x" * 250, file=f"{'y' * 250}{index}") for index in range(100)]
    assert len(as_markdown([comparison()] * 4, command="a", max_chars=most, deliveries=changes)) <= most
