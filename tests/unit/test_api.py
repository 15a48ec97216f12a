"""The package from Python: objects, text and diagnostics, and nothing printed."""

from __future__ import annotations

import pytest

import jobsetgen
from jobsetgen import Memory, Settings, Source, compile, compile_project
from jobsetgen.source.loader import load
from tests.cases import FIXTURES

MULTISLICE = (FIXTURES / "valid" / "multislice" / "jobset.yaml").read_bytes()


def test_objects_and_text_are_the_same(capsys):
    result = compile([Source(name="jobset.yaml", content=MULTISLICE)], Settings(namespace="training"))
    assert result.ok
    objects = list(result.objects())
    watcher = ["ServiceAccount", "Role", "RoleBinding", "ConfigMap", "ConfigMap", "ConfigMap"]
    assert [item["kind"] for item in objects] == [*watcher, "Service", *["Job"] * 5]
    assert [document.data for document in load("text", result.text().encode()).documents] == objects
    assert capsys.readouterr() == ("", "")


def test_objects_that_pass_through_are_among_them():
    beside = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    result = compile([Source(name="a.yaml", content=beside), Source(name="jobset.yaml", content=MULTISLICE)])
    assert next(result.objects())["kind"] == "ConfigMap"


def test_with_an_error_there_is_nothing_but_diagnostics():
    result = compile([Source(name="jobset.yaml", content=MULTISLICE.replace(b"replicas", b"replica"))])
    assert not result.ok
    assert (list(result.objects()), result.text()) == ([], "")
    assert [item.code for item in result.diagnostics if item.is_error] == ["JSG101"]


def test_the_input_is_not_changed():
    sources = [Source(name="jobset.yaml", content=MULTISLICE)]
    assert compile(sources).text() == compile(sources).text()


def test_public_names():
    assert all(getattr(jobsetgen, name) for name in jobsetgen.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = jobsetgen.nothing


PROJECT = b"apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nnamespace: training\njobs: watcher\n"


def test_a_project_is_compiled_as_the_command_line_does(cli, tmp_path):
    files = {"jobsetgen.yaml": PROJECT, "jobset.yaml": MULTISLICE}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert compile_project(Memory(files)).text() == cli("build", folder=tmp_path).out


def test_options_win_over_the_project():
    files = Memory({"jobsetgen.yaml": PROJECT, "jobset.yaml": MULTISLICE})
    result = compile_project(files, {"namespace": "own", "jobs": "git"})
    assert {item["metadata"]["namespace"] for item in result.objects()} == {"own"}
    assert result.settings.jobs == "git"


def test_options_are_checked_as_a_project_file_is():
    result = compile_project(Memory({"jobset.yaml": MULTISLICE}), {"jobs": "gti", "replica": []})
    assert [(item.code, item.file) for item in result.diagnostics] == [("JSG101", "options"), ("JSG103", "options")]
    assert list(result.objects()) == []


def test_settings_of_a_program_are_checked_as_those_of_a_person_are():
    result = compile([Source(name="jobset.yaml", content=MULTISLICE)], Settings(update_policy="OnRestart"))
    assert [(item.code, item.file) for item in result.diagnostics if item.is_error] == [("JSG706", "settings")]


TEMPLATED = {
    "jobsetgen.yaml": b"apiVersion: jobsetgen.io/v1alpha1\nkind: JobSetGenerator\nvalues: {a: 1, b: 2}\n"
    b"resources: [config.yaml.j2]\n",
    "config.yaml.j2": b'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {all: "{{ a }}-{{ b }}"}\n',
}


def test_values_are_laid_over_those_of_the_project():
    assert [item["data"]["all"] for item in compile_project(Memory(TEMPLATED)).objects()] == ["1-2"]
    result = compile_project(Memory(TEMPLATED), values={"b": "x"})
    assert [item["data"]["all"] for item in result.objects()] == ["1-x"]


def test_values_that_are_not_data_are_an_error():
    result = compile_project(Memory(TEMPLATED), values={"b": object()})
    assert [(item.code, item.file) for item in result.diagnostics] == [("JSG102", "values")]
    assert list(result.objects()) == []


def test_values_need_a_project():
    with pytest.raises(jobsetgen.StopError, match="values require a project"):
        compile_project(Memory({"jobset.yaml": MULTISLICE}), values={"a": 1})
