"""What all projects of a compile may use together."""

from __future__ import annotations

from jobsetgen.pipeline import compile_inputs
from jobsetgen.project.files import Memory
from jobsetgen.project.limits import MOST_BYTES, MOST_OBJECTS, MOST_PROJECTS, MOST_VALUES, Usage
from jobsetgen.project.reading import read_project

_HEAD = "apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\n"


def test_a_limit_is_reported_once_and_only_when_it_is_exceeded():
    usage = Usage()
    assert [usage.add_project() for _ in range(MOST_PROJECTS)] == [""] * MOST_PROJECTS
    assert not usage.is_exceeded
    assert usage.add_project() == "more than 1,000 projects in one compile"
    assert usage.is_exceeded
    assert usage.add_project() == ""


def test_bytes_objects_and_values_are_counted():
    assert Usage().add_bytes(MOST_BYTES) == ""
    assert "have more than 200,000 bytes" in Usage().add_bytes(MOST_BYTES + 1)
    assert Usage().add_objects([1] * MOST_OBJECTS) == ""
    assert "change more than 10,000 objects" in Usage().add_objects([1] * (MOST_OBJECTS + 1))
    assert "or 200,000 values" in Usage().add_objects([MOST_VALUES, 1])


def test_a_project_file_that_is_too_long_is_not_parsed():
    text = f"{_HEAD}values: {{a: {'x' * MOST_BYTES}}}\n]"
    found = compile_inputs(read_project(Memory({"jobsetgen.yaml": text.encode()}))).diagnostics
    assert [(item.code, item.file, item.line) for item in found] == [("JSG006", "jobsetgen.yaml", 1)]


def test_a_base_of_several_projects_is_counted_once_by_its_bytes():
    long = f"{_HEAD}resources: [a.yaml]\n# {'x' * (MOST_BYTES // 2)}\n"
    contents = {"base/jobsetgen.yaml": long, "base/a.yaml": ""}
    for name in "abc":
        contents[f"{name}/jobsetgen.yaml"] = f"{_HEAD}resources: [../base]\n"
    contents["jobsetgen.yaml"] = f"{_HEAD}resources: [a, b, c]\n"
    read = read_project(Memory({name: text.encode() for name, text in contents.items()}))
    assert [item for item in read.diagnostics if item.code == "JSG006"] == []


def test_a_project_without_changes_may_be_as_long_as_before():
    domains = ", ".join(f"rack-{number:06}" for number in range(20_000))
    text = f"{_HEAD}placement: {{strategy: domains, domains: {{example.com/rack: [{domains}]}}}}\n"
    assert len(text) > MOST_BYTES
    assert read_project(Memory({"jobsetgen.yaml": text.encode()})).diagnostics == ()
    wrong = read_project(Memory({"jobsetgen.yaml": f"{text}labels: {{a: b}}\n".encode()})).diagnostics
    assert [each.code for each in wrong] == ["JSG006"]
