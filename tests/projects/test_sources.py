"""Where `explain --sources` says that the fields of projects come from."""

from __future__ import annotations

import json

import pytest

from jobsetgen.pipeline import compile_inputs
from jobsetgen.review import sources_report
from jobsetgen.review.causes import steps_of
from jobsetgen.review.sources import sources
from tests.projects.archives import archives, read_archive

EXPLAINED = archives("sources")
VALID = archives("valid")


@pytest.mark.parametrize("path", EXPLAINED, ids=lambda path: path.stem)
def test_each_changed_field_is_told_with_where_it_comes_from(path):
    archive = read_archive(path)
    result = compile_inputs(archive.read())
    assert result.ok
    assert sources_report.as_text(sources(result)) == archive.expected


@pytest.mark.parametrize("path", [*EXPLAINED, *VALID], ids=lambda path: path.stem)
def test_replaying_the_changes_of_an_object_gives_the_object(path):
    for document in read_archive(path).read().documents:
        root = document.first or document.root
        for step in steps_of(document):
            for after, _ in step.replay(root):
                root = after
        assert root.data == document.data


def test_no_value_of_a_secret_is_written():
    path = next(each for each in EXPLAINED if each.stem == "values")
    found = {each.kind: each for each in sources(compile_inputs(read_archive(path).read()))}
    fields = sources_report.as_data(found["Secret"])["fields"]
    assert [field["path"] for field in fields] == [
        "stringData.more",
        "stringData.other",
        "stringData.token",
    ]
    assert all(field["hidden"] for field in fields)
    assert not any(field["value"] or field["was"] for field in fields)


def test_the_data_for_programs_has_the_change_and_both_places():
    path = next(each for each in EXPLAINED if each.stem == "patches")
    [found] = sources(compile_inputs(read_archive(path).read()))
    data = sources_report.as_data(found, "prod")
    assert {key: data[key] for key in ("project", "kind", "namespace", "name")} == {
        "project": "prod",
        "kind": "JobSet",
        "namespace": None,
        "name": "train",
    }
    fields = {field["path"]: field for field in data["fields"]}
    assert fields["spec.suspend"] == {
        "path": "spec.suspend",
        "change": "removed",
        "value": None,
        "hidden": False,
        "from": [{"file": "prod/more.yaml", "line": 6, "column": 3}],
        "was": True,
        "at": {"file": "base/jobset.yaml", "line": 8, "column": 12},
        "wasFrom": [],
        "overrides": None,
    }
    assert fields["spec.replicatedJobs[workers].replicas"]["change"] == "changed"


def overlay(folder):
    """Write a fixture's project to a folder, and return the project's folder."""
    path = next(each for each in EXPLAINED if each.stem == "two_levels")
    for name, text in read_archive(path).files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / ".git").mkdir()
    return folder / "prod"


def test_explain_lists_sources_below_the_facts_only_if_asked(cli, tmp_path):
    overlay(tmp_path)
    plain = cli("explain", "prod", folder=tmp_path)
    asked = cli("explain", "--sources", "prod", folder=tmp_path)
    assert (plain.status, asked.status) == (0, 0)
    assert asked.out.startswith(f"{plain.out}\nSources of JobSet train\n")
    origins = "overrides 4 at gpu/jobsetgen.yaml:13:19; was 2 at base/jobset.yaml:11:15"
    assert f"from prod/jobsetgen.yaml:12:35; {origins}\n" in asked.out


def test_explain_as_json_has_sources_only_if_asked(cli, tmp_path):
    overlay(tmp_path)
    plain = json.loads(cli("explain", "--format", "json", "prod", folder=tmp_path).out)
    asked = json.loads(cli("explain", "--format", "json", "--sources", "prod", folder=tmp_path).out)
    [found] = asked.pop("sources")
    assert asked == plain
    assert (found["project"], found["kind"], found["name"]) == ("prod", "JobSet", "train")
    labels = [field for field in found["fields"] if field["path"].startswith("metadata.labels.")]
    assert [field["from"][0]["file"] for field in labels] == [
        "gpu/jobsetgen.yaml",
        "prod/jobsetgen.yaml",
    ]
    replicas = {field["path"]: field for field in found["fields"]}["spec.replicatedJobs[workers].replicas"]
    assert replicas["overrides"] == {
        "value": 4,
        "at": {"file": "gpu/jobsetgen.yaml", "line": 13, "column": 19},
    }


def test_what_a_template_was_filled_with_before_a_patch_has_both_places():
    path = next(each for each in EXPLAINED if each.stem == "template_below_overlays")
    [found] = sources(compile_inputs(read_archive(path).read()))
    fields = {field["path"]: field for field in sources_report.as_data(found)["fields"]}
    replicas = fields["spec.replicatedJobs[workers].replicas"]
    assert (replicas["was"], replicas["at"]["file"]) == (2, "base/jobset.yaml.j2")
    assert replicas["wasFrom"] == [{"file": "base/jobsetgen.yaml", "line": 4, "column": 27}]
