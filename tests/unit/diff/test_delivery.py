"""Which objects that decide what Argo CD and Flux apply differ between two states of files."""

from __future__ import annotations

import json

import pytest

from jobsetgen.diff import delivery
from jobsetgen.diff.delivery import DeliveryChange, FileStates, delivery_changes
from jobsetgen.source.text import MAX_BYTES

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: train, namespace: argocd}
spec:
  destination: {namespace: research}
  source: {path: train, plugin: {parameters: [{name: images, array: ["train:1"]}]}}
"""
CHANGED = APPLICATION.replace("train:1", "train:2")
SOURCE = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: {}\nmetadata: {{name: train, namespace: flux-system}}\n"
TEMPLATE = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {{ .Values.name }}-{{ .Values.cluster }}\n"
)
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
ALIAS_BOMB = "a0: &a0 [argoproj.io/v1]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
LONG = b"# " + b"x" * MAX_BYTES

Named = tuple[str, str, str]
"""The operation, the object and the file of a change."""


def named(changes: tuple[DeliveryChange, ...]) -> list[Named]:
    return [
        (each.operation, f"{each.kind} {each.namespace}/{each.name}", f"{each.moved_from}>{each.file}".lstrip(">"))
        for each in changes
    ]


def between(old: str | bytes, new: str | bytes, file: str = "apps/train.yaml") -> list[Named]:
    """Return what differs between two states of one file."""
    states = [each.encode() if isinstance(each, str) else each for each in (old, new)]
    return named(delivery_changes([FileStates(file, *states)]))


TRAIN = "Application argocd/train"
SEEMING = "Application /"


class TestOneFile:
    @pytest.mark.parametrize(
        ("old", "new", "operation"),
        [(APPLICATION, CHANGED, "replace"), ("", APPLICATION, "add"), (APPLICATION, "", "remove")],
    )
    def test_an_object_is_changed_added_or_removed(self, old, new, operation):
        assert between(old, new) == [(operation, TRAIN, "apps/train.yaml")]

    @pytest.mark.parametrize(
        "text",
        [
            APPLICATION.replace("spec:", "# The run of this week.\nspec:"),
            APPLICATION.replace("{name: train, namespace: argocd}", '{"namespace": "argocd", "name": "train"}'),
            f"{CONFIG}---\n{APPLICATION}",
            APPLICATION.replace("\n", "\r\n"),
            APPLICATION.encode("utf-16"),
        ],
        ids=["comment", "style", "other document", "line breaks", "encoding"],
    )
    def test_the_same_object_does_not_count_however_it_is_written(self, text):
        assert between(APPLICATION, text) == between(text, APPLICATION) == []

    @pytest.mark.parametrize("kind", ["GitRepository", "OCIRepository", "Bucket"])
    def test_the_sources_of_flux_count(self, kind):
        text = SOURCE.format(kind)
        assert between(text, f"{text}spec: {{ref: {{branch: main}}}}\n") == [
            ("replace", f"{kind} flux-system/train", "apps/train.yaml")
        ]

    @pytest.mark.parametrize(
        ("api", "kind", "counts"),
        [
            ("argoproj.io/v1beta7", "Application", True),
            ("argoproj.io/v1alpha1", "ApplicationSet", True),
            ("kustomize.toolkit.fluxcd.io/v1", "Kustomization", True),
            ("argoproj.io/v1alpha1", "Rollout", False),
            ("argoproj.io/v1alpha1", "Kustomization", False),
            ("kustomize.config.k8s.io/v1beta1", "Kustomization", False),
            ("app.k8s.io/v1beta1", "Application", False),
            ("source.toolkit.fluxcd.io/v1", "HelmChart", False),
        ],
    )
    def test_a_kind_counts_in_its_group_only(self, api, kind, counts):
        text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: train}}\nspec: {{note: argoproj.io/v1 a}}\n"
        assert bool(between(text, text.replace(" a}", " b}"))) == counts

    def test_of_several_documents_only_those_that_differ_count(self):
        other = APPLICATION.replace("name: train,", "name: other,")
        assert between(f"{other}---\n{APPLICATION}", f"{CHANGED}---\n{other}") == [
            ("replace", TRAIN, "apps/train.yaml")
        ]

    def test_the_items_of_a_list_count(self):
        def in_list(text: str) -> str:
            items = "\n".join(f"  {line}" for line in text.splitlines())
            return f"apiVersion: v1\nkind: List\nitems:\n-{items[1:]}\n"

        assert between(in_list(APPLICATION), in_list(CHANGED)) == [("replace", TRAIN, "apps/train.yaml")]
        assert between(in_list(APPLICATION), APPLICATION) == []

    def test_json_counts_with_escaped_slashes_as_well(self):
        data = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "train"}}
        old, new = (json.dumps({**data, "spec": spec}).replace("/", "\\/") for spec in ({"a": 1}, {"a": True}))
        assert between(old, new, "a.json") == [("replace", "Application /train", "a.json")]

    def test_the_annotations_of_many_jobs_cost_no_parsing(self, monkeypatch):
        monkeypatch.setattr(delivery, "load", None)
        job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: kind-Application, annotations: {ANNOTATION: a}}\n"
        for name in ("argocd.argoproj.io/sync-options", "kustomize.toolkit.fluxcd.io/prune"):
            assert between(job.replace("ANNOTATION", name), "") == []

    @pytest.mark.parametrize(
        ("plain", "hidden"),
        [
            ("kind: Application", 'kind: "\\x41pplication"'),
            ("argoproj.io/v1alpha1", '"argoproj\\x2eio\\x2fv1alpha1"'),
            ("argoproj.io/v1alpha1", '"argoproj.\\\n  io/v1alpha1"'),
            ("kind: Application", "kind: !!str Application"),
            ("argoproj.io/v1alpha1", '"\\U00000061rgoproj.io\\/v1\\u0061lpha1"'),
        ],
    )
    def test_escapes_do_not_hide_an_object(self, plain, hidden):
        assert between(APPLICATION.replace(plain, hidden), CHANGED.replace(plain, hidden)) == [
            ("replace", TRAIN, "apps/train.yaml")
        ]

    @pytest.mark.parametrize(
        ("old", "new", "operation"),
        [
            (TEMPLATE, TEMPLATE.replace(".cluster", ".region"), "replace"),
            ("", TEMPLATE, "add"),
            (TEMPLATE, "", "remove"),
            (APPLICATION.encode() + b"# \xe9\n", CHANGED.encode() + b"# \xe9\n", "replace"),
            (f"{APPLICATION}# \x1b\n", f"{CHANGED}# \x1b\n", "replace"),
        ],
        ids=["changed", "added", "removed", "not UTF-8", "control character"],
    )
    def test_what_cannot_be_parsed_counts_if_it_seems_to_hold_one(self, old, new, operation):
        (change,) = between(old, new)
        assert change[0] == operation
        assert change[1] in (SEEMING, TRAIN)

    def test_what_cannot_be_parsed_counts_only_where_it_differs(self):
        assert between(f"{TEMPLATE}---\n{CONFIG}", f"{TEMPLATE}---\n{CONFIG}data: {{}}\n") == []
        unrelated = TEMPLATE.replace("kind: Application", "kind: Rollout")
        assert between(unrelated, unrelated.replace(".cluster", ".region")) == []

    def test_a_duplicate_key_hides_no_change(self):
        twice = APPLICATION + "  source: {path: other}\n"
        assert between(twice, twice.replace("train:1", "train:2")) == [("replace", TRAIN, "apps/train.yaml")]

    def test_a_file_that_is_too_large_counts_if_it_seems_to_hold_one(self):
        long = APPLICATION.encode() + LONG
        assert between(long, long) == [("replace", SEEMING, "apps/train.yaml")]
        assert between(b"", long) == [("add", SEEMING, "apps/train.yaml")]
        assert between(LONG, LONG + b"y") == []

    @pytest.mark.parametrize(
        "text",
        [
            "argoproj.io/v1",
            "- argoproj.io/v1alpha1",
            "apiVersion: argoproj.io/v1alpha1\nkind: [Application]\n",
            "apiVersion: {argoproj.io/v1alpha1: 1}\nkind: Application\n",
            "kind: List\nitems: [argoproj.io/v1, [], null]\n",
            ALIAS_BOMB,
            "[" * 200 + "argoproj.io/v1",
        ],
    )
    def test_other_data_does_not_count(self, text):
        assert between(text, f"{text} # changed") == between("", text) == []


class TestSeveralFiles:
    def changes(self, *files: tuple[str, str, str]) -> list[Named]:
        return named(delivery_changes(FileStates(name, old.encode(), new.encode()) for name, old, new in files))

    def test_a_file_that_is_renamed_in_its_folder_does_not_count(self):
        assert self.changes(("apps/a.yaml", APPLICATION, ""), ("apps/b.yaml", "", APPLICATION)) == []

    def test_one_that_moves_to_another_folder_does_as_another_parent_may_apply_it(self):
        assert self.changes(("prod/a.yaml", APPLICATION, ""), ("test/a.yaml", "", APPLICATION)) == [
            ("move", TRAIN, "prod/a.yaml>test/a.yaml")
        ]

    def test_a_renamed_file_with_a_change_is_one_change(self):
        assert self.changes(("apps/a.yaml", APPLICATION, ""), ("apps/b.yaml", "", CHANGED)) == [
            ("replace", TRAIN, "apps/b.yaml")
        ]

    def test_the_same_name_in_several_files_is_changed_where_it_stays(self):
        third = APPLICATION.replace("train:1", "train:3")
        assert self.changes(
            ("a/app.yaml", APPLICATION, CHANGED), ("b/app.yaml", APPLICATION, third), ("c/app.yaml", "", APPLICATION)
        ) == [("replace", TRAIN, "a/app.yaml"), ("replace", TRAIN, "b/app.yaml"), ("add", TRAIN, "c/app.yaml")]

    def test_templates_without_a_readable_name_are_not_taken_for_one_another(self):
        other = TEMPLATE.replace(".cluster", ".region")
        assert self.changes(("a/app.yaml", TEMPLATE, ""), ("b/app.yaml", "", other)) == [
            ("remove", SEEMING, "a/app.yaml"),
            ("add", SEEMING, "b/app.yaml"),
        ]
