"""A kustomization of an output folder that somebody edits: what kustomize makes of it is unknown, and that is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobsetgen.diff.as_json import as_json
from jobsetgen.diff.as_markdown import as_markdown
from jobsetgen.diff.as_text import as_text
from jobsetgen.diff.changes import Comparison
from jobsetgen.diff.comparison import compare
from jobsetgen.output.transformers import Transformer
from tests.cases import FIXTURES
from tests.unit.diff.rendering import folded, rendered_files, trained

pytestmark = pytest.mark.usefixtures("short_program")

PREFIX = {"namePrefix": Transformer('["a-", {}]', is_whole=True)}
OTHER_PREFIX = {"namePrefix": Transformer('["b-", {}]', is_whole=True)}
COMPONENTS = {"components": Transformer('[["../a"], {}]', is_whole=False)}
PAIR = FIXTURES / "pairs" / "rendered-transformers"


def comparison(before, after, image: str = "train:1") -> Comparison:
    """Return the comparison of two equal folders, or of two images, with these transformers."""
    texts = rendered_files(trained())
    others = {name: text.replace("train:1", image) for name, text in texts.items()}
    old, new = folded(texts), folded(others)
    return compare(replace(old, transformers=(before,)), replace(new, transformers=(after,)))


CHANGES = {
    "namePrefix (added)": ({}, PREFIX),
    "namePrefix (removed)": (PREFIX, {}),
    "namePrefix (changed)": (PREFIX, OTHER_PREFIX),
    "components (what it refers to was not read)": (COMPONENTS, COMPONENTS),
}


@pytest.mark.parametrize("field", CHANGES)
def test_what_kustomize_changes_on_one_side_is_unknown(field):
    found = comparison(*CHANGES[field])
    assert (found.verdict, found.kustomized, found.sets) == ("unknown", (field,), ())
    text = as_text([found], width=1_000, color=False)
    markdown = as_markdown([found], command="jobsetgen diff")
    for printed in (text, markdown):
        assert "kustomize changes what is applied, by " in printed
        assert "unknown" in printed
        assert "No change" not in printed
        assert "approve" not in printed
    assert field in text
    assert f"by {field} in kustomization.yaml" in as_json([found], "unknown")


def test_what_kustomize_changes_on_both_sides_alike_is_a_note():
    found = comparison(PREFIX, PREFIX)
    assert (found.verdict, found.kustomized) == ("none", ())
    (note,) = found.notes
    assert note.startswith("namePrefix in kustomization.yaml is the same on both sides: ")


def test_what_the_manifests_alone_do_is_said_without_advice():
    found = comparison({}, PREFIX, image="train:2")
    assert [each.verdict for each in found.sets] == ["recreates"]
    text = as_text([found], width=1_000, color=False)
    assert "By the manifests alone: Recreates 1 set (" in text
    assert "Data deleted" not in text
    assert "pprove" not in text


def test_a_folder_without_a_kustomization_has_none():
    texts = rendered_files(trained())
    assert compare(folded(texts), folded(texts)).verdict == "none"


@pytest.mark.parametrize(("flags", "status"), [((), 0), (("--exit-code",), 4), (("--fail-on", "unknown"), 4)])
def test_the_command_reads_the_kustomization(cli, flags, status):
    run = cli("diff", "old", "new", *flags, folder=PAIR)
    assert run.status == status
    assert "by labels (added) and namePrefix (added) in kustomization.yaml" in " ".join(run.out.split())


def test_a_check_says_that_what_it_would_regenerate_is_unknown(cli, tmp_path):
    spec = FIXTURES / "pairs" / "backoff-limit" / "old.yaml"
    output = tmp_path / "rendered"
    assert cli("build", "-o", str(output), str(spec)).status == 0
    kustomization = output / "kustomization.yaml"
    kustomization.write_text(f"{kustomization.read_text()}namePrefix: second-\n")
    run = cli("check", "-o", str(output), str(spec))
    assert run.status == 1
    fact = "kustomize changes what is applied, by namePrefix (removed) in kustomization.yaml"
    assert f"{fact}; which objects that renames, replaces or deletes is unknown" in run.err
