"""An output folder, read again: what its kustomization lists is what is applied."""

from __future__ import annotations

import pytest

from jobsetgen.output import rendered
from jobsetgen.output.layout import HEADER, files
from jobsetgen.output.rendered import is_rendered, rendered_texts
from jobsetgen.pipeline import compile
from jobsetgen.project.files import Memory
from jobsetgen.source.text import Source
from jobsetgen.stop import StopError
from tests.acceptance.projects import TRAIN

LIST = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- b.yaml\n- a/c.yaml\n"


def folder(kustomization: str | bytes) -> Memory:
    text = kustomization.encode() if isinstance(kustomization, str) else kustomization
    return Memory({"kustomization.yaml": text, "a/c.yaml": b"c\n", "b.yaml": b"b\n", "d.yaml": b"d\n"})


def test_what_a_build_writes_is_read_again_without_a_parser(monkeypatch):
    result = compile([Source(name="train.yaml", content=TRAIN.encode())])
    written = dict(files(result))
    monkeypatch.delattr(rendered, "load")
    read = dict(rendered_texts(Memory({name: text.encode() for name, text in written.items()})))
    assert list(read.items()) == [(name, text) for name, text in written.items() if name != "kustomization.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + LIST,
        HEADER + LIST.replace("\n", "\r\n"),
        HEADER + LIST.replace("- b", "# first\n- b"),
        HEADER + LIST.replace("- b.yaml", '- "b.yaml"'),
        HEADER + LIST.replace("\n- ", "\n  - "),
        HEADER + LIST.partition("resources")[0] + "resources: [b.yaml, a/c.yaml]\n",
        HEADER + LIST + "patches: []\n",
        HEADER + LIST.rstrip("\n"),
    ],
)
def test_the_files_are_those_that_are_listed_however_they_are(text):
    assert list(rendered_texts(folder(text))) == [("b.yaml", "b\n"), ("a/c.yaml", "c\n")]


@pytest.mark.parametrize("text", ["", "a\n", "- a\n", LIST.partition("resources")[0], "resources: d.yaml\n"])
def test_without_a_list_there_are_no_files(text):
    assert list(rendered_texts(folder(HEADER + text))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("resources: [gone.yaml]\n", "kustomization.yaml lists gone.yaml, which is not a file in the folder"),
        ("resources: [a]\n", "kustomization.yaml lists a, which is not a file in the folder"),
        ("resources: [../b.yaml]\n", "kustomization.yaml lists ../b.yaml, which is not a file in the folder"),
        ("resources: [https://example.com/x]\n",
         "kustomization.yaml lists https://example.com/x, which is not a file in the folder"),
        ("resources: [\n", "cannot read kustomization.yaml: "),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_error_of_the_input(text, message):
    with pytest.raises(StopError) as stop:
        list(rendered_texts(folder(HEADER + text)))
    assert (stop.value.cause, stop.value.message[: len(message)]) == ("input", message)
    assert stop.value.file == "kustomization.yaml"


def test_a_listed_file_is_text():
    read = Memory({"kustomization.yaml": (HEADER + "resources: [a.yaml]\n").encode(), "a.yaml": b"\xff"})
    with pytest.raises(StopError, match=r"^cannot read a\.yaml: byte 0xff is not UTF-8$") as stop:
        list(rendered_texts(read))
    assert (stop.value.cause, stop.value.file) == ("input", "a.yaml")


@pytest.mark.parametrize(
    ("text", "is_ours"),
    [
        (HEADER, True),
        (HEADER + LIST, True),
        ((HEADER + LIST).replace("\n", "\r\n"), True),
        (HEADER.strip(), True),
        (LIST, False),
        ("", False),
        (f"\n{HEADER}", False),
        (HEADER.strip() + " Not.\n", False),
    ],
)
def test_the_first_line_tells_whose_a_folder_is(text, is_ours):
    assert is_rendered(folder(text)) is is_ours
    assert not is_rendered(Memory({"a.yaml": HEADER.encode()}))
