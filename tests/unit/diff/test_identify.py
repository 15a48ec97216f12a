"""What an operand is: a project, specs or rendered manifests."""

from __future__ import annotations

import pytest

from jobsetgen.diff.identify import is_generated, kind_of_documents, kind_of_folder
from jobsetgen.output.layout import HEADER
from tests.cases import FIXTURES
from tests.unit.diff.rendering import SET, fixture, rendered_files, trained

SPEC = SET % {"workers": 3, "restarts": 3}
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
MANAGED = SPEC.replace("spec:\n", "spec:\n  managedBy: example.com/other\n", 1)


def test_a_project_file_makes_a_project():
    assert kind_of_folder(["jobsetgen.yaml", "kustomization.yaml"], HEADER) == "project"


@pytest.mark.parametrize("head", [HEADER, HEADER.replace("\n", "\r\n"), HEADER + "kind: Kustomization\n"])
def test_a_kustomization_of_ours_makes_a_rendered_folder(head: str):
    assert kind_of_folder(["kustomization.yaml", "a.yaml"], head) == "rendered"


@pytest.mark.parametrize("head", ["", "resources: []\n", f"\n{HEADER}", HEADER.rstrip() + "x\n"])
def test_a_foreign_kustomization_leaves_it_to_the_manifests(head: str):
    assert kind_of_folder(["kustomization.yaml", "a.yaml"], head) is None


def test_a_folder_without_either_leaves_it_to_the_manifests():
    assert kind_of_folder(["a.yaml"], "") is None


RENDERED = trained().text()


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([SPEC], "specs"),
        ([SPEC.replace("kind: JobSet", 'kind: "JobSet"')], "specs"),
        ([SPEC.replace("kind: JobSet", "kind: !!str JobSet")], "specs"),
        (["apiVersion: v1\nkind: List\nitems:\n- " + SPEC.strip().replace("\n", "\n  ")], "specs"),
        ([SPEC.replace("v1alpha2", "v1alpha1")], "specs"),
        ([RENDERED], "rendered"),
        ([RENDERED, SPEC], "specs"),
        ([SPEC, RENDERED], "specs"),
        ([RENDERED, MANAGED], "rendered"),
        ([MANAGED], "specs"),
        ([CONFIG], "specs"),
        ([HEADER + CONFIG], "rendered"),
        ([], "specs"),
        (["{"], "specs"),
        (["kind: JobSet\n", "\ud800 kind: JobSet"], "specs"),
    ],
)
def test_the_documents_decide(texts: list[str], expected: str):
    assert kind_of_documents((f"{number}.yaml", text) for number, text in enumerate(texts)) == expected


def test_every_object_of_a_set_but_its_service_is_told_by_its_labels():
    texts = rendered_files(trained())
    told = {name: kind_of_documents([("stdin", text.removeprefix(HEADER))]) for name, text in texts.items()}
    assert {name for name, kind in told.items() if kind == "specs"} == {"train/service.train.yaml"}


def test_a_preview_alone_is_rendered():
    texts = rendered_files(trained(jobs="watcher"))
    previews = [(name, text.removeprefix(HEADER)) for name, text in texts.items() if name.endswith(".preview")]
    assert kind_of_documents(previews) == "rendered"


def test_a_set_that_another_controller_manages_does_not_make_rendered_manifests_specs():
    text = fixture(FIXTURES / "valid" / "managed-by").text()
    assert "kind: JobSet" in text
    assert kind_of_documents([("stdin", text), ("more", RENDERED)]) == "rendered"


def test_a_file_is_generated_by_its_first_line():
    assert is_generated(f"\ufeff{HEADER}")
    assert not is_generated("")
    assert not is_generated(CONFIG)
